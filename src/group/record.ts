/**
 * The records of `__consumer_offsets` that this coordinator knows: a type, a key, and a value or null (a tombstone).
 */
import * as records from "../protocol/coordinator-records/index.ts";
import type { Decoded } from "../protocol/schema.ts";

/** Key and value of each type, and the value's version as Kafka 4.4.0 writes it. */
export const recordDefinitions = {
  OffsetCommit: { key: records.OffsetCommitKey, value: records.OffsetCommitValue },
  GroupMetadata: { key: records.GroupMetadataKey, value: records.GroupMetadataValue },
  ConsumerGroupMetadata: {
    key: records.ConsumerGroupMetadataKey,
    value: records.ConsumerGroupMetadataValue,
  },
  ConsumerGroupPartitionMetadata: {
    key: records.ConsumerGroupPartitionMetadataKey,
    value: records.ConsumerGroupPartitionMetadataValue,
  },
  ConsumerGroupMemberMetadata: {
    key: records.ConsumerGroupMemberMetadataKey,
    value: records.ConsumerGroupMemberMetadataValue,
  },
  ConsumerGroupTargetAssignmentMetadata: {
    key: records.ConsumerGroupTargetAssignmentMetadataKey,
    value: records.ConsumerGroupTargetAssignmentMetadataValue,
  },
  ConsumerGroupTargetAssignmentMember: {
    key: records.ConsumerGroupTargetAssignmentMemberKey,
    value: records.ConsumerGroupTargetAssignmentMemberValue,
  },
  ConsumerGroupCurrentMemberAssignment: {
    key: records.ConsumerGroupCurrentMemberAssignmentKey,
    value: records.ConsumerGroupCurrentMemberAssignmentValue,
  },
  ConsumerGroupRegularExpression: {
    key: records.ConsumerGroupRegularExpressionKey,
    value: records.ConsumerGroupRegularExpressionValue,
  },
} as const;

type Definitions = typeof recordDefinitions;
export type GroupRecordType = keyof Definitions;
export type KeyOf<T extends GroupRecordType> = Decoded<Definitions[T]["key"]>;
export type ValueOf<T extends GroupRecordType> = Decoded<Definitions[T]["value"]>;

/** A record of one type. All fields are given, as a reader would find them, because it is replayed as it is. */
export interface GroupRecordOf<T extends GroupRecordType> {
  readonly type: T;
  readonly key: KeyOf<T>;
  /** Null deletes what the key stands for. */
  readonly value: ValueOf<T> | null;
}

/** A record of `__consumer_offsets`; `type` tells which. */
export type GroupRecord = { [T in GroupRecordType]: GroupRecordOf<T> }[GroupRecordType];
