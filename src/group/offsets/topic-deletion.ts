/**
 * Deletes the offsets of topics that have been deleted.
 */
import type { Outcome } from "../../coordinator/outcome.ts";
import { type Uuid, ZERO_UUID } from "../../protocol/uuid.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import type { OffsetStore } from "./offset-store.ts";
import { offsetTombstone } from "./records.ts";

export interface DeletedTopic {
  readonly name: string;
  readonly id: Uuid;
}

/** Tombstones for all groups' offsets of the topics; those of a new topic with the same name stay. */
export function deleteOffsetsOfTopics(
  shard: GroupShard,
  topics: readonly DeletedTopic[],
): Outcome<GroupRecord, void> {
  const records: GroupRecord[] = [];
  collect(shard.offsets, topics, records);
  for (const store of shard.pendingOffsets.stores()) collect(store, topics, records);
  return { records, divisible: true, reply: undefined };
}

function collect(store: OffsetStore, topics: readonly DeletedTopic[], records: GroupRecord[]): void {
  for (const groupId of store.groupIds()) {
    const offsets = store.ofGroup(groupId);
    for (const { name, id } of topics) {
      for (const [partition, { topicId }] of offsets.get(name) ?? []) {
        if (topicId !== ZERO_UUID && topicId !== id) continue;
        records.push(offsetTombstone(groupId, name, partition));
      }
    }
  }
}
