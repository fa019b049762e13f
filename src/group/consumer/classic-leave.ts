/**
 * LeaveGroup in a consumer group: takes members of either protocol out, themselves or by an administrator.
 */
import type { Outcome } from "../../coordinator/outcome.ts";
import { ErrorCode, KafkaError } from "../../protocol/errors.ts";
import type { LeaveGroupRequest, LeaveGroupResponse } from "../../protocol/messages/leave-group.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { Change } from "./change.ts";
import { fenceMembers } from "./fence.ts";
import type { ConsumerGroup } from "./group.ts";
import type { ConsumerGroupMember } from "./member.ts";
import { checkNotFenced, knownStaticMember } from "./member-checks.ts";
import { existingMember } from "./offset-checks.ts";

type LeaveGroup = Decoded<typeof LeaveGroupRequest>;
type Leaving = LeaveGroup["members"][number];

/**
 * Removes the request's `members`, each with its error in the reply: UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID. A static
 * member may be named by its instance id alone.
 */
export function leaveConsumerGroup(
  shard: GroupShard,
  group: ConsumerGroup,
  request: LeaveGroup,
  nowMs: number,
): Outcome<GroupRecord, Encodable<typeof LeaveGroupResponse>> {
  const gone = new Set<ConsumerGroupMember>();
  const members = request.members.map((leaving) => {
    const { memberId, groupInstanceId } = leaving;
    const member = find(group, leaving);
    if (member instanceof KafkaError) return { memberId, groupInstanceId, errorCode: member.code };
    gone.add(member);
    shard.environment.logger.info(
      `Group ${group.groupId}: ${member.memberId} has left (${leaving.reason ?? "not provided"}).`,
    );
    return { memberId, groupInstanceId, errorCode: ErrorCode.NONE };
  });
  const change = new Change(shard, nowMs);
  fenceMembers(change, group, [...gone]);
  return change.outcome({ errorCode: ErrorCode.NONE, members });
}

function find(
  group: ConsumerGroup,
  { memberId, groupInstanceId }: Leaving,
): ConsumerGroupMember | KafkaError {
  try {
    if (groupInstanceId === null) return existingMember(group, memberId);
    const member = knownStaticMember(group, groupInstanceId);
    if (memberId !== "") checkNotFenced(member, memberId, groupInstanceId);
    return member;
  } catch (error) {
    if (error instanceof KafkaError) return error;
    throw error;
  }
}
