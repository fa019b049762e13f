/**
 * Makes a target assignment for a group's epoch: what each member is to have.
 */
import type { Uuid } from "../../protocol/uuid.ts";
import type { TopicsView } from "../environment.ts";
import { type Assignment, NO_PARTITIONS, sameAssignment } from "./assignment.ts";
import type { MemberSpec } from "./assignors/assignor.ts";
import type { Change } from "./change.ts";
import type { ConsumerGroup } from "./group.ts";
import type { GroupEpoch } from "./group-epoch.ts";
import type { ConsumerGroupMember } from "./member.ts";
import { preferredAssignorAfter } from "./preferred-assignor.ts";
import { targetAssignmentEpochRecord, targetAssignmentRecord } from "./records.ts";

export interface TargetAssignment {
  readonly epoch: number;
  /** What the member that asks is to have. */
  readonly assignment: Assignment;
}

/**
 * The target assignment for `member`, which is about to take the place of what it was: a new one where the group's epoch
 * is ahead of the last one and enough time has passed since (`consumer.assignment.interval.ms`), else the last one.
 */
export function targetAssignment(
  change: Change,
  group: ConsumerGroup,
  previous: ConsumerGroupMember,
  member: ConsumerGroupMember,
  groupEpoch: GroupEpoch,
): TargetAssignment {
  if (group.assignmentEpoch >= groupEpoch.epoch || !isDue(change, group)) {
    return { epoch: group.assignmentEpoch, assignment: group.targetOf(member) };
  }
  const { environment } = change.shard;
  const assignor = preferredAssignorAfter(group, previous, member, environment.config);
  const members = specs(group, member, environment.topics);
  const assignments = assignor.assign({
    members,
    homogeneous: groupEpoch.isHomogeneous(),
    partitionCount: (topicId) => environment.topics.byId(topicId)?.partitionCount ?? 0,
  });
  for (const [memberId, { last }] of members) {
    const assignment = assignments.get(memberId) ?? NO_PARTITIONS;
    if (last !== undefined && sameAssignment(last, assignment)) continue;
    change.write(targetAssignmentRecord(group.groupId, memberId, assignment));
  }
  change.write(targetAssignmentEpochRecord(group.groupId, groupEpoch.epoch, change.nowMs));
  return { epoch: groupEpoch.epoch, assignment: assignments.get(member.memberId) ?? NO_PARTITIONS };
}

function isDue({ shard, nowMs }: Change, { groupId, assignmentTimestampMs }: ConsumerGroup): boolean {
  const { assignmentIntervalMs } = shard.environment.consumerGroupConfig(groupId);
  return (
    assignmentTimestampMs === 0 ||
    assignmentIntervalMs === 0 ||
    nowMs >= assignmentTimestampMs + assignmentIntervalMs
  );
}

interface Spec extends MemberSpec {
  /** What it was to have so far; undefined for one that wasn't there. */
  readonly last: Assignment | undefined;
}

/** The members as they will be; one that has taken a static member's place has its target too. */
function specs(group: ConsumerGroup, member: ConsumerGroupMember, topics: TopicsView): Map<string, Spec> {
  const specs = new Map<string, Spec>();
  for (const other of group.members.values()) specs.set(other.memberId, spec(group, other, topics));
  const replaced = group.staticMember(member.instanceId)?.memberId;
  if (replaced !== undefined && replaced !== member.memberId) specs.delete(replaced);
  specs.set(member.memberId, spec(group, member, topics));
  return specs;
}

function spec(group: ConsumerGroup, member: ConsumerGroupMember, topics: TopicsView): Spec {
  const subscribedTopicIds = new Set<Uuid>();
  for (const name of group.subscriptions.topicNamesOf(member)) {
    const topic = topics.byName(name);
    if (topic !== undefined) subscribedTopicIds.add(topic.id);
  }
  const { instanceId, memberId } = member;
  const owner = group.staticMember(instanceId)?.memberId ?? memberId;
  const last = group.targetAssignment.get(owner);
  return { instanceId, subscribedTopicIds, assignment: last ?? NO_PARTITIONS, last };
}
