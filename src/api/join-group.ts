/**
 * JoinGroup (11). Joins a classic group, and waits for the others. Versions: 1 separates the rebalance timeout from the
 * session's; 4 requires a member id, handed out at the first join (KIP-394); 5 adds static members (KIP-345); 6 is
 * flexible; 7 names the protocol type in the answer; 8 brings a reason (KIP-800); 9 may let the leader skip the
 * assignment (KIP-814).
 */
import { JoinGroupRequest, JoinGroupResponse } from "../protocol/messages/join-group.ts";
import type { Encodable } from "../protocol/schema.ts";
import { api } from "./api.ts";
import { requesterOf } from "./requester.ts";

type Response = Encodable<typeof JoinGroupResponse>;

const FIRST_VERSION_WITH_NO_PROTOCOL = 7;

export const joinGroup = api(JoinGroupRequest, JoinGroupResponse, {
  handle(request, context) {
    const reply = context.broker.groups.joinGroup(request, requesterOf(context));
    return reply instanceof Promise
      ? reply.then((later) => inVersion(context.apiVersion, later))
      : inVersion(context.apiVersion, reply);
  },
  fail: (_request, { code }, { apiVersion }) =>
    inVersion(apiVersion, {
      errorCode: code,
      generationId: -1,
      protocolName: null,
      leader: "",
      memberId: "",
      members: [],
    }),
});

/** "No protocol" is null from version 7 on, and empty before. */
function inVersion(apiVersion: number, response: Response): Response {
  const { protocolName } = response;
  if (apiVersion < FIRST_VERSION_WITH_NO_PROTOCOL) return { ...response, protocolName: protocolName ?? "" };
  return protocolName === "" ? { ...response, protocolName: null } : response;
}
