/**
 * OffsetDelete: deletes offsets of topics that the group isn't subscribed to (KIP-496).
 */
import type { Outcome } from "../../coordinator/outcome.ts";
import { ErrorCode, KafkaError } from "../../protocol/errors.ts";
import type { OffsetDeleteRequest, OffsetDeleteResponse } from "../../protocol/messages/offset-delete.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { offsetTombstone } from "./records.ts";

/**
 * Deletes offsets; the partitions asked for exist.
 *
 * @throws KafkaError GROUP_ID_NOT_FOUND, or NON_EMPTY_GROUP where it can't be told what a group subscribes to
 */
export function deleteOffsets(
  shard: GroupShard,
  request: Decoded<typeof OffsetDeleteRequest>,
): Outcome<GroupRecord, Encodable<typeof OffsetDeleteResponse>> {
  const { groupId } = request;
  const group = shard.groups.get(groupId);
  if (group === undefined) throw new KafkaError("GROUP_ID_NOT_FOUND", `Group ${groupId} not found.`);
  group.validateOffsetDelete();
  const records: GroupRecord[] = [];
  const topics = request.topics.map(({ name, partitions }) => {
    const errorCode = group.isSubscribedToTopic(name) ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE;
    for (const { partitionIndex } of partitions) {
      if (errorCode !== ErrorCode.NONE || !hasOffset(shard, groupId, name, partitionIndex)) continue;
      records.push(offsetTombstone(groupId, name, partitionIndex));
    }
    return { name, partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })) };
  });
  return { records, reply: { errorCode: ErrorCode.NONE, throttleTimeMs: 0, topics } };
}

function hasOffset(shard: GroupShard, groupId: string, topic: string, partition: number): boolean {
  return (
    shard.offsets.get(groupId, topic, partition) !== undefined ||
    shard.pendingOffsets.has(groupId, topic, partition)
  );
}
