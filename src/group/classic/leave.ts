/**
 * LeaveGroup: takes members out of a classic group, themselves or by an administrator; the others rebalance.
 */
import type { Outcome } from "../../coordinator/outcome.ts";
import { ErrorCode, KafkaError } from "../../protocol/errors.ts";
import type { LeaveGroupRequest, LeaveGroupResponse } from "../../protocol/messages/leave-group.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { dismiss } from "./dismiss.ts";
import type { ClassicGroup } from "./group.ts";
import { clientReason } from "./joining.ts";
import { rebalanceOrCompleteJoin } from "./rebalance.ts";
import { NOTHING } from "./step.ts";
import { checkMember } from "./validate-member.ts";

type LeaveGroup = Decoded<typeof LeaveGroupRequest>;
type Leaving = LeaveGroup["members"][number];
export type LeaveGroupReply = Encodable<typeof LeaveGroupResponse>;

/**
 * Removes the request's `members` (in all versions: the API puts a lone `memberId` there). Each has its error in the reply, UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID. A static member may be
 * named by its instance id alone (memberId ""): so administrators remove it.
 *
 * @throws KafkaError COORDINATOR_NOT_AVAILABLE
 */
export function leaveGroup(
  shard: GroupShard,
  group: ClassicGroup,
  request: LeaveGroup,
  nowMs: number,
): Outcome<GroupRecord, LeaveGroupReply> {
  if (group.state === "Dead")
    throw new KafkaError("COORDINATOR_NOT_AVAILABLE", "The group is being unloaded.");
  const members = request.members.map((leaving) => {
    const { memberId, groupInstanceId } = leaving;
    return { memberId, groupInstanceId, errorCode: leave(shard, group, leaving) };
  });
  const gone = members.filter(({ errorCode }) => errorCode === ErrorCode.NONE);
  const step =
    gone.length === 0 || group.isEmpty
      ? NOTHING
      : rebalanceOrCompleteJoin(shard, group, `${gone.length} members have left`, nowMs);
  return { ...step, reply: { errorCode: ErrorCode.NONE, members } };
}

function leave(shard: GroupShard, group: ClassicGroup, leaving: Leaving): ErrorCode {
  const memberId = idOf(group, leaving);
  if (memberId instanceof KafkaError) return memberId.code;
  const reason = clientReason(leaving.reason);
  shard.environment.logger.info(`Group ${group.groupId}: ${memberId} has left (${reason}).`);
  dismiss(shard, group, memberId);
  return ErrorCode.NONE;
}

function idOf(group: ClassicGroup, { memberId, groupInstanceId }: Leaving): string | KafkaError {
  if (group.pendingJoins.has(memberId)) return memberId;
  const named =
    memberId === "" && groupInstanceId !== null ? group.members.idOfInstance(groupInstanceId) : memberId;
  try {
    return checkMember(group, named ?? "", groupInstanceId).memberId;
  } catch (error) {
    if (error instanceof KafkaError) return error;
    throw error;
  }
}
