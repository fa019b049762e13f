/**
 * Applies the records of consumer groups: the only way in which their state changes.
 */
import { copyOf } from "../classic/bytes.ts";
import type { KeyOf, ValueOf } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { type AssignmentWithEpochs, assignmentFrom, NO_PARTITIONS } from "./assignment.ts";
import { ConsumerGroup } from "./group.ts";
import { type ConsumerGroupMember, MemberState, newMember } from "./member.ts";
import type { ConsumerGroupRecord } from "./records.ts";

/** Of a group, or a member, that is on its way out. */
const NO_EPOCH = -1;

type Value<T extends ConsumerGroupRecord["type"]> = ValueOf<T> | null;

/** Applies one record. A record about what isn't there any more does nothing. */
export function replayConsumerGroupRecord(shard: GroupShard, record: ConsumerGroupRecord): void {
  switch (record.type) {
    case "ConsumerGroupMetadata":
      replayGroupEpoch(shard, record.key, record.value);
      break;
    case "ConsumerGroupPartitionMetadata":
      withGroup(shard, record.key.groupId, record.value !== null, (group) => {
        group.hasSubscriptionMetadataRecord = record.value !== null;
      });
      break;
    case "ConsumerGroupMemberMetadata":
      replayMember(shard, record.key, record.value);
      break;
    case "ConsumerGroupTargetAssignmentMetadata":
      withGroup(shard, record.key.groupId, record.value !== null, (group) => {
        group.assignmentEpoch = record.value?.assignmentEpoch ?? NO_EPOCH;
        group.assignmentTimestampMs = Number(record.value?.assignmentTimestamp ?? 0n);
      });
      break;
    case "ConsumerGroupTargetAssignmentMember":
      withGroup(shard, record.key.groupId, record.value !== null, (group) => {
        const { memberId } = record.key;
        if (record.value === null) group.targetAssignment.delete(memberId);
        else group.targetAssignment.set(memberId, assignmentFrom(record.value.topicPartitions));
      });
      break;
    case "ConsumerGroupCurrentMemberAssignment":
      replayCurrentAssignment(shard, record.key, record.value);
      break;
    case "ConsumerGroupRegularExpression":
      replayRegularExpression(shard, record.key, record.value);
      break;
  }
}

/** Runs `change` on the group, which is made where a record says that it is there. */
function withGroup(
  shard: GroupShard,
  groupId: string,
  create: boolean,
  change: (group: ConsumerGroup) => void,
): void {
  const found = shard.groups.get(groupId);
  if (found?.type === "consumer") {
    change(found);
    return;
  }
  if (!create) return;
  // Committed offsets alone make a classic group without members: it gives way.
  if (found !== undefined && !(found.isEmpty && found.protocolType === "")) {
    shard.environment.logger.error(
      `The group ${groupId} becomes a consumer group though the log has a classic one of that name.`,
    );
  }
  const group = new ConsumerGroup(groupId);
  shard.groups.set(groupId, group);
  change(group);
}

function replayGroupEpoch(
  shard: GroupShard,
  { groupId }: KeyOf<"ConsumerGroupMetadata">,
  value: Value<"ConsumerGroupMetadata">,
): void {
  withGroup(shard, groupId, value !== null, (group) => {
    if (value === null) shard.groups.delete(groupId);
    else {
      group.groupEpoch = value.epoch;
      group.metadataHash = value.metadataHash;
    }
  });
}

function replayMember(
  shard: GroupShard,
  { groupId, memberId }: KeyOf<"ConsumerGroupMemberMetadata">,
  value: Value<"ConsumerGroupMemberMetadata">,
): void {
  withGroup(shard, groupId, value !== null, (group) => {
    if (value === null) group.deleteMember(memberId);
    else setMember(shard, group, subscribed(group.members.get(memberId) ?? newMember(memberId), value));
  });
}

function subscribed(
  member: ConsumerGroupMember,
  value: ValueOf<"ConsumerGroupMemberMetadata">,
): ConsumerGroupMember {
  const classic = value.classicMemberMetadata;
  return {
    ...member,
    instanceId: value.instanceId,
    rackId: value.rackId,
    clientId: value.clientId,
    clientHost: value.clientHost,
    subscribedTopicNames: new Set(value.subscribedTopicNames),
    subscribedTopicRegex: value.subscribedTopicRegex,
    rebalanceTimeoutMs: value.rebalanceTimeoutMs,
    serverAssignorName: value.serverAssignor,
    classicMemberMetadata:
      classic === null
        ? null
        : {
            sessionTimeoutMs: classic.sessionTimeoutMs,
            supportedProtocols: classic.supportedProtocols.map(({ name, metadata }) => ({
              name,
              metadata: copyOf(metadata),
            })),
          },
  };
}

function replayCurrentAssignment(
  shard: GroupShard,
  { groupId, memberId }: KeyOf<"ConsumerGroupCurrentMemberAssignment">,
  value: Value<"ConsumerGroupCurrentMemberAssignment">,
): void {
  withGroup(shard, groupId, value !== null, (group) => {
    const member = group.members.get(memberId);
    if (value !== null) setMember(shard, group, progressed(member ?? newMember(memberId), value));
    else if (member !== undefined) {
      group.setMember({
        ...member,
        memberEpoch: NO_EPOCH,
        previousMemberEpoch: NO_EPOCH,
        assignedPartitions: NO_PARTITIONS,
        partitionsPendingRevocation: NO_PARTITIONS,
      });
    }
  });
}

function progressed(
  member: ConsumerGroupMember,
  value: ValueOf<"ConsumerGroupCurrentMemberAssignment">,
): ConsumerGroupMember {
  const known = Object.values(MemberState).find((state) => state === value.state);
  return {
    ...member,
    memberEpoch: value.memberEpoch,
    previousMemberEpoch: value.previousMemberEpoch,
    state: known ?? MemberState.UNKNOWN,
    assignedPartitions: epochsFrom(value.assignedPartitions, value.memberEpoch),
    partitionsPendingRevocation: epochsFrom(value.partitionsPendingRevocation, value.memberEpoch),
  };
}

/** Records of Kafka before 4.3 have no epoch for each partition: the member's stands for it. */
function epochsFrom(
  list: ValueOf<"ConsumerGroupCurrentMemberAssignment">["assignedPartitions"],
  memberEpoch: number,
): AssignmentWithEpochs {
  const otherwise = Math.max(memberEpoch, 0);
  return new Map(
    list.map(({ topicId, partitions, assignmentEpochs }) => {
      const epochs = assignmentEpochs?.length === partitions.length ? assignmentEpochs : [];
      return [
        topicId,
        new Map(partitions.map((partition, index) => [partition, epochs[index] ?? otherwise])),
      ];
    }),
  );
}

function setMember(shard: GroupShard, group: ConsumerGroup, member: ConsumerGroupMember): void {
  const conflict = group.setMember(member);
  if (conflict === undefined) return;
  const { topicId, partition, epoch, heldAtEpoch } = conflict;
  shard.environment.logger.error(
    `Group ${group.groupId}: member ${member.memberId} has partition ${partition} of topic ${topicId} at epoch ${epoch} ` +
      `though another has it at epoch ${heldAtEpoch}.`,
  );
}

function replayRegularExpression(
  shard: GroupShard,
  { groupId, regularExpression }: KeyOf<"ConsumerGroupRegularExpression">,
  value: Value<"ConsumerGroupRegularExpression">,
): void {
  withGroup(shard, groupId, value !== null, ({ subscriptions }) => {
    if (value === null) subscriptions.forget(regularExpression);
    else {
      subscriptions.resolve(regularExpression, {
        topics: new Set(value.topics),
        version: value.version,
        timestampMs: Number(value.timestamp),
      });
    }
  });
}
