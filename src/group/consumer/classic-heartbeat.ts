/**
 * Heartbeat of a member of the classic protocol in a consumer group: keeps its session alive, and tells it to join again
 * when there is a step for it to take.
 */
import { answer, type Outcome } from "../../coordinator/outcome.ts";
import { ErrorCode } from "../../protocol/errors.ts";
import type { HeartbeatRequest, HeartbeatResponse } from "../../protocol/messages/heartbeat.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { epochsOf } from "./assignment.ts";
import { checkClassicMember } from "./classic-checks.ts";
import type { ConsumerGroup } from "./group.ts";
import { type ConsumerGroupMember, MemberState } from "./member.ts";
import { awaitJoin, renewSession } from "./timers.ts";

/** @throws KafkaError UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION */
export function heartbeatConsumerGroup(
  shard: GroupShard,
  group: ConsumerGroup,
  request: Decoded<typeof HeartbeatRequest>,
): Outcome<GroupRecord, Encodable<typeof HeartbeatResponse>> {
  const member = checkClassicMember(group, request);
  const { groupId } = group;
  renewSession(shard, groupId, member.memberId, member.classicMemberMetadata.sessionTimeoutMs);
  if (!hasStepToTake(group, member)) return answer({ errorCode: ErrorCode.NONE });
  awaitJoin(shard, groupId, member);
  return answer({ errorCode: ErrorCode.REBALANCE_IN_PROGRESS });
}

function hasStepToTake(group: ConsumerGroup, member: ConsumerGroupMember): boolean {
  if (member.memberEpoch < group.assignmentEpoch) return true;
  if (member.state === MemberState.UNREVOKED_PARTITIONS) return true;
  return member.state === MemberState.UNRELEASED_PARTITIONS && !isWaitingForOthers(group, member);
}

/** Whether somebody still has what the member is to have. */
function isWaitingForOthers(group: ConsumerGroup, member: ConsumerGroupMember): boolean {
  for (const [topicId, partitions] of group.targetAssignment.get(member.memberId) ?? []) {
    const assigned = epochsOf(member.assignedPartitions, topicId);
    for (const partition of partitions) {
      if (!assigned.has(partition) && group.isOwned(topicId, partition)) return true;
    }
  }
  return false;
}
