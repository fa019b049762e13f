/**
 * The end of every request that a member sends: it is brought a step nearer to its target assignment, and what that
 * changes is written.
 */
import type { TopicPartitions } from "./assignment.ts";
import type { Change } from "./change.ts";
import type { ConsumerGroup } from "./group.ts";
import { type ConsumerGroupMember, isReconciledTo, MemberState, sameProgress } from "./member.ts";
import { usesClassicProtocol } from "./offset-checks.ts";
import { reconcile } from "./reconcile.ts";
import { currentAssignmentRecord } from "./records.ts";
import type { TargetAssignment } from "./target-assignment.ts";
import { awaitRevocation, cancelRevocation } from "./timers.ts";

/** @throws KafkaError FENCED_MEMBER_EPOCH */
export function progress(
  change: Change,
  group: ConsumerGroup,
  member: ConsumerGroupMember,
  target: TargetAssignment,
  subscriptionChanged: boolean,
  ownedPartitions: readonly TopicPartitions[] | null,
): ConsumerGroupMember {
  if (!subscriptionChanged && isReconciledTo(member, target.epoch)) return member;
  const { shard } = change;
  const { groupId } = group;
  const updated = reconcile(member, {
    targetEpoch: target.epoch,
    target: target.assignment,
    subscriptionChanged,
    subscribedTopicNames: group.subscriptions.topicNamesOf(member),
    topics: shard.environment.topics,
    isOwned: (topicId, partition) => group.isOwned(topicId, partition),
    ownedPartitions,
  });
  if (sameProgress(member, updated)) return updated;
  change.write(currentAssignmentRecord(groupId, updated));
  // A member of the classic protocol has its own time limits, for joining and syncing.
  if (usesClassicProtocol(updated)) return updated;
  change.afterwards(() => {
    if (updated.state === MemberState.UNREVOKED_PARTITIONS) awaitRevocation(shard, groupId, updated);
    else cancelRevocation(shard, groupId, updated.memberId);
  });
  return updated;
}
