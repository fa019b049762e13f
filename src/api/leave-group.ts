/**
 * LeaveGroup (13). Takes members out of a classic group. Versions: 3 takes several, so that administrators can remove
 * static members (KIP-345); 4 is flexible; 5 brings a reason (KIP-800).
 */
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import { LeaveGroupRequest, LeaveGroupResponse } from "../protocol/messages/leave-group.ts";
import type { Encodable } from "../protocol/schema.ts";
import { api } from "./api.ts";

type Response = Encodable<typeof LeaveGroupResponse>;

const FIRST_VERSION_WITH_MEMBERS = 3;

export const leaveGroup = api(LeaveGroupRequest, LeaveGroupResponse, {
  handle(request, { broker, apiVersion }) {
    if (request.groupId === "") throw new KafkaError("INVALID_GROUP_ID", "A group id is empty.");
    if (apiVersion >= FIRST_VERSION_WITH_MEMBERS) return broker.groups.leaveGroup(request);
    const members = [{ memberId: request.memberId, groupInstanceId: null, reason: null }];
    const reply = broker.groups.leaveGroup({ ...request, members });
    return reply instanceof Promise ? reply.then(ofOneMember) : ofOneMember(reply);
  },
  fail: (_request, { code }) => ({ errorCode: code, members: [] }),
});

/** Before version 3 one member leaves, and what becomes of it is what becomes of the request. */
function ofOneMember({ errorCode, members = [] }: Response): Response {
  return { errorCode: errorCode === ErrorCode.NONE ? (members[0]?.errorCode ?? errorCode) : errorCode };
}
