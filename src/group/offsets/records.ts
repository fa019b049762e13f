/**
 * The records of committed offsets, and what replaying them leads to.
 */
import type { RecordPlace, TransactionResult } from "../../coordinator/state-machine.ts";
import { NO_PRODUCER_ID } from "../../records/batch-header.ts";
import { ClassicGroup } from "../classic/group.ts";
import type { GroupRecord, GroupRecordOf, ValueOf } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import type { CommittedOffset } from "./committed-offset.ts";

/** The record that commits an offset. */
export function offsetCommit(
  groupId: string,
  topic: string,
  partition: number,
  value: ValueOf<"OffsetCommit">,
): GroupRecord {
  return { type: "OffsetCommit", key: { group: groupId, topic, partition }, value };
}

/** The record that deletes a committed offset. */
export function offsetTombstone(groupId: string, topic: string, partition: number): GroupRecord {
  return { type: "OffsetCommit", key: { group: groupId, topic, partition }, value: null };
}

/** Tombstones for all that a group has committed, in open transactions too. */
export function offsetTombstones(shard: GroupShard, groupId: string): GroupRecord[] {
  const tombstones: GroupRecord[] = [];
  const committed = shard.offsets.ofGroup(groupId);
  for (const [topic, partitions] of committed) {
    for (const partition of partitions.keys()) tombstones.push(offsetTombstone(groupId, topic, partition));
  }
  for (const store of shard.pendingOffsets.stores()) {
    for (const [topic, partitions] of store.ofGroup(groupId)) {
      for (const partition of partitions.keys()) {
        if (committed.get(topic)?.has(partition)) continue;
        tombstones.push(offsetTombstone(groupId, topic, partition));
      }
    }
  }
  return tombstones;
}

/** Applies a commit or its tombstone. A commit for a group that nobody knows makes one that has only offsets. */
export function replayOffsetCommit(
  shard: GroupShard,
  { key, value }: GroupRecordOf<"OffsetCommit">,
  { offset: recordOffset, producerId }: RecordPlace,
): void {
  const { group, topic, partition } = key;
  if (value === null) {
    shard.offsets.delete(group, topic, partition);
    shard.pendingOffsets.delete(group, topic, partition);
    return;
  }
  if (!shard.groups.has(group)) shard.groups.set(group, new ClassicGroup(group));
  const committed = committedOffset(value, recordOffset);
  if (producerId === NO_PRODUCER_ID) shard.offsets.set(group, topic, partition, committed);
  else shard.pendingOffsets.set(producerId, group, topic, partition, committed);
}

/** Makes what a producer committed in its transaction count, or forgets it. */
export function replayOffsetsOfTransaction(
  shard: GroupShard,
  producerId: bigint,
  result: TransactionResult,
): void {
  const store = shard.pendingOffsets.take(producerId);
  if (store === undefined || result === "abort") return;
  for (const groupId of store.groupIds()) {
    for (const [topic, partitions] of store.ofGroup(groupId)) {
      for (const [partition, offset] of partitions) {
        // A commit outside of the transaction, written later, may have overtaken it.
        const other = shard.offsets.get(groupId, topic, partition);
        if (other !== undefined && other.recordOffset > offset.recordOffset) continue;
        shard.offsets.set(groupId, topic, partition, offset);
      }
    }
  }
}

function committedOffset(value: ValueOf<"OffsetCommit">, recordOffset: number): CommittedOffset {
  return {
    offset: value.offset,
    leaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    commitTimestampMs: Number(value.commitTimestamp),
    expireTimestampMs: Number(value.expireTimestamp),
    topicId: value.topicId,
    recordOffset,
  };
}
