/**
 * The records of a consumer group, as Kafka 4.4.0 writes them.
 */
import type { GroupRecord, GroupRecordOf } from "../record.ts";
import { type Assignment, type AssignmentWithEpochs, topicPartitionsOf } from "./assignment.ts";
import type { ConsumerGroupMember } from "./member.ts";
import type { ResolvedRegularExpression } from "./subscriptions.ts";

/** A record that only a consumer group has. */
export type ConsumerGroupRecord = Exclude<GroupRecord, { type: "OffsetCommit" | "GroupMetadata" }>;

/** What a member says of itself. */
export function memberRecord(
  groupId: string,
  member: ConsumerGroupMember,
): GroupRecordOf<"ConsumerGroupMemberMetadata"> {
  const classic = member.classicMemberMetadata;
  return {
    type: "ConsumerGroupMemberMetadata",
    key: { groupId, memberId: member.memberId },
    value: {
      instanceId: member.instanceId,
      rackId: member.rackId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopicNames: [...member.subscribedTopicNames].sort(),
      subscribedTopicRegex: member.subscribedTopicRegex,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      serverAssignor: member.serverAssignorName,
      classicMemberMetadata:
        classic === null ? null : { ...classic, supportedProtocols: [...classic.supportedProtocols] },
    },
  };
}

/** What a member has got. */
export function currentAssignmentRecord(
  groupId: string,
  member: ConsumerGroupMember,
): GroupRecordOf<"ConsumerGroupCurrentMemberAssignment"> {
  return {
    type: "ConsumerGroupCurrentMemberAssignment",
    key: { groupId, memberId: member.memberId },
    value: {
      memberEpoch: member.memberEpoch,
      previousMemberEpoch: member.previousMemberEpoch,
      state: member.state,
      assignedPartitions: withAssignmentEpochs(member.assignedPartitions),
      partitionsPendingRevocation: withAssignmentEpochs(member.partitionsPendingRevocation),
    },
  };
}

/** What a member is to have. */
export function targetAssignmentRecord(
  groupId: string,
  memberId: string,
  assignment: Assignment,
): GroupRecordOf<"ConsumerGroupTargetAssignmentMember"> {
  return {
    type: "ConsumerGroupTargetAssignmentMember",
    key: { groupId, memberId },
    value: { topicPartitions: topicPartitionsOf(assignment) },
  };
}

/** The epoch of the target assignment, and when it was made (0 for one that came about by itself). */
export function targetAssignmentEpochRecord(
  groupId: string,
  assignmentEpoch: number,
  timestampMs: number,
): GroupRecordOf<"ConsumerGroupTargetAssignmentMetadata"> {
  return {
    type: "ConsumerGroupTargetAssignmentMetadata",
    key: { groupId },
    value: { assignmentEpoch, assignmentTimestamp: BigInt(timestampMs) },
  };
}

/** The group's epoch, with a hash of the topics it counts on. */
export function groupEpochRecord(
  groupId: string,
  epoch: number,
  metadataHash: bigint,
): GroupRecordOf<"ConsumerGroupMetadata"> {
  return { type: "ConsumerGroupMetadata", key: { groupId }, value: { epoch, metadataHash } };
}

export function regularExpressionRecord(
  groupId: string,
  regularExpression: string,
  { topics, version, timestampMs }: ResolvedRegularExpression,
): GroupRecordOf<"ConsumerGroupRegularExpression"> {
  return {
    type: "ConsumerGroupRegularExpression",
    key: { groupId, regularExpression },
    value: { topics: [...topics].sort(), version, timestamp: BigInt(timestampMs) },
  };
}

export function regularExpressionTombstone(groupId: string, regularExpression: string): ConsumerGroupRecord {
  return { type: "ConsumerGroupRegularExpression", key: { groupId, regularExpression }, value: null };
}

/** The subscription metadata of groups from before Kafka 4.1 is no longer written, only deleted. */
export function subscriptionMetadataTombstone(groupId: string): ConsumerGroupRecord {
  return { type: "ConsumerGroupPartitionMetadata", key: { groupId }, value: null };
}

/** What deletes a member. The order matters: a member goes last. */
export function memberTombstones(groupId: string, memberId: string): ConsumerGroupRecord[] {
  return [
    currentAssignmentTombstone(groupId, memberId),
    targetAssignmentTombstone(groupId, memberId),
    memberTombstone(groupId, memberId),
  ];
}

/** What deletes a group with these members and resolved regular expressions. */
export function groupTombstones(
  groupId: string,
  memberIds: readonly string[],
  regexes: Iterable<string>,
): ConsumerGroupRecord[] {
  return [
    ...memberIds.map((memberId) => currentAssignmentTombstone(groupId, memberId)),
    ...memberIds.map((memberId) => targetAssignmentTombstone(groupId, memberId)),
    { type: "ConsumerGroupTargetAssignmentMetadata", key: { groupId }, value: null },
    ...memberIds.map((memberId) => memberTombstone(groupId, memberId)),
    ...[...regexes].map((regex) => regularExpressionTombstone(groupId, regex)),
    subscriptionMetadataTombstone(groupId),
    { type: "ConsumerGroupMetadata", key: { groupId }, value: null },
  ];
}

function currentAssignmentTombstone(groupId: string, memberId: string): ConsumerGroupRecord {
  return { type: "ConsumerGroupCurrentMemberAssignment", key: { groupId, memberId }, value: null };
}

function targetAssignmentTombstone(groupId: string, memberId: string): ConsumerGroupRecord {
  return { type: "ConsumerGroupTargetAssignmentMember", key: { groupId, memberId }, value: null };
}

function memberTombstone(groupId: string, memberId: string): ConsumerGroupRecord {
  return { type: "ConsumerGroupMemberMetadata", key: { groupId, memberId }, value: null };
}

function withAssignmentEpochs(assignment: AssignmentWithEpochs) {
  return [...assignment].map(([topicId, epochs]) => ({
    topicId,
    partitions: [...epochs.keys()],
    assignmentEpochs: [...epochs.values()],
  }));
}
