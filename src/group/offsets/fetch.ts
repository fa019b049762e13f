/**
 * OffsetFetch: what a group has committed.
 */
import { ErrorCode } from "../../protocol/errors.ts";
import type { OffsetFetchRequest, OffsetFetchResponse } from "../../protocol/messages/offset-fetch.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";
import { type Uuid, ZERO_UUID } from "../../protocol/uuid.ts";
import type { GroupShard } from "../shard.ts";
import type { CommittedOffset } from "./committed-offset.ts";
import type { OffsetsByTopic } from "./offset-store.ts";

/** What is asked about one group; names of topics are filled in, ids as far as the request has them. */
export type FetchedGroup = Decoded<typeof OffsetFetchRequest>["groups"][number];
/** The answer about one group. */
export type GroupOffsets = NonNullable<Encodable<typeof OffsetFetchResponse>["groups"]>[number];
type PartitionOffset = GroupOffsets["topics"][number]["partitions"][number];

const noOffsets: OffsetsByTopic = new Map();

/**
 * A group's offsets: of the topics asked for, or of all where `topics` is null.
 *
 * @param requireStable whether offsets that an open transaction is about to replace are refused (KIP-447)
 * @throws KafkaError UNKNOWN_MEMBER_ID or STALE_MEMBER_EPOCH for a member of a consumer group that isn't up to date
 */
export function fetchOffsets(shard: GroupShard, request: FetchedGroup, requireStable: boolean): GroupOffsets {
  const { groupId, memberId, memberEpoch } = request;
  const group = shard.groups.get(groupId);
  group?.validateOffsetFetch(memberId, memberEpoch);
  const offsets = group === undefined ? noOffsets : shard.offsets.ofGroup(groupId);
  const isUnstable = (topic: string, partition: number) =>
    requireStable && shard.pendingOffsets.has(groupId, topic, partition);
  const topics =
    request.topics === null
      ? allTopics(offsets, isUnstable)
      : request.topics.map(({ topicId, name, partitionIndexes }) => ({
          topicId,
          name,
          partitions: partitionIndexes.map((partition) => {
            if (isUnstable(name, partition)) return unstable(partition);
            return answer(partition, ofTopic(offsets.get(name)?.get(partition), topicId));
          }),
        }));
  return { groupId, topics, errorCode: ErrorCode.NONE };
}

function allTopics(
  offsets: OffsetsByTopic,
  isUnstable: (topic: string, partition: number) => boolean,
): GroupOffsets["topics"] {
  return [...offsets].map(([name, partitions]) => ({
    topicId: ZERO_UUID,
    name,
    partitions: [...partitions].map(([partition, offset]) =>
      isUnstable(name, partition) ? unstable(partition) : answer(partition, offset),
    ),
  }));
}

/** The offset, unless it was committed for another topic that had the same name. */
function ofTopic(offset: CommittedOffset | undefined, topicId: Uuid): CommittedOffset | undefined {
  if (offset === undefined || offset.topicId === ZERO_UUID || topicId === ZERO_UUID) return offset;
  return offset.topicId === topicId ? offset : undefined;
}

function answer(partitionIndex: number, committed: CommittedOffset | undefined): PartitionOffset {
  if (committed === undefined) return noOffset(partitionIndex, ErrorCode.NONE);
  const { offset, leaderEpoch, metadata } = committed;
  return {
    partitionIndex,
    committedOffset: offset,
    committedLeaderEpoch: leaderEpoch,
    metadata,
    errorCode: ErrorCode.NONE,
  };
}

function unstable(partitionIndex: number): PartitionOffset {
  return noOffset(partitionIndex, ErrorCode.UNSTABLE_OFFSET_COMMIT);
}

/** The answer about a partition without an offset, or with one that can't be told. */
export function noOffset(partitionIndex: number, errorCode: number): PartitionOffset {
  return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: "", errorCode };
}
