/**
 * What OffsetCommit and TxnOffsetCommit have in common: a record for every partition.
 */
import { ErrorCode } from "../../protocol/errors.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import type { PartitionValidator } from "../group.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { offsetCommit } from "./records.ts";

/** For an offset that is kept for as long as the broker's config says. */
export const NO_EXPIRY = -1n;

interface CommitRequest {
  readonly groupId: string;
  readonly topics: readonly {
    readonly topicId: Uuid;
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly committedOffset: bigint;
      readonly committedLeaderEpoch: number;
      readonly committedMetadata: string | null;
    }[];
  }[];
}

interface CommitReply {
  readonly topics: {
    readonly topicId: Uuid;
    readonly name: string;
    readonly partitions: { readonly partitionIndex: number; readonly errorCode: number }[];
  }[];
}

interface CommitTerms {
  /** Asked for every partition; what it throws fails the whole commit. */
  readonly validate: PartitionValidator | undefined;
  readonly nowMs: number;
  /** Milliseconds since 1970, or NO_EXPIRY. */
  readonly expireTimestamp: bigint;
}

/** Commits what may be committed: metadata that is too long is refused, partition by partition. */
export function commitRecords(
  shard: GroupShard,
  request: CommitRequest,
  { validate, nowMs, expireTimestamp }: CommitTerms,
): { records: GroupRecord[]; reply: CommitReply } {
  const maxMetadata = shard.environment.config.offsetMetadataMaxBytes;
  const commitTimestamp = BigInt(nowMs);
  const records: GroupRecord[] = [];
  const topics = request.topics.map(({ topicId, name, partitions }) => ({
    topicId,
    name,
    partitions: partitions.map((partition) => {
      const { partitionIndex, committedOffset: offset, committedLeaderEpoch: leaderEpoch } = partition;
      const metadata = partition.committedMetadata ?? "";
      // In UTF-16 units, as Kafka measures it, whatever the config's name says.
      if (metadata.length > maxMetadata) {
        return { partitionIndex, errorCode: ErrorCode.OFFSET_METADATA_TOO_LARGE };
      }
      validate?.(name, topicId, partitionIndex);
      const value = { offset, leaderEpoch, metadata, commitTimestamp, expireTimestamp, topicId };
      records.push(offsetCommit(request.groupId, name, partitionIndex, value));
      return { partitionIndex, errorCode: ErrorCode.NONE };
    }),
  }));
  return { records, reply: { topics } };
}
