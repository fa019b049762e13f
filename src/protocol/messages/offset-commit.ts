/** OffsetCommit (8). A group's committed offset for a partition. 3 adds the leader epoch, 4 the topic id. */
import { array, int16, int32, int64, request, response, string, uuid } from "../schema.ts";

export const OffsetCommitRequest = request(
  "OffsetCommitRequest",
  { key: 8, versions: "2-10", flexible: "8+" },
  () => ({
    groupId: string(),
    generationIdOrMemberEpoch: int32({ default: -1 }),
    memberId: string(),
    groupInstanceId: string({ versions: "7+", nullable: "7+", default: null }),
    retentionTimeMs: int64({ versions: "2-4", default: -1n }),
    topics: array({
      topicId: uuid({ versions: "10+" }),
      name: string({ versions: "2-9" }),
      partitions: array({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ versions: "6+", default: -1 }),
        committedMetadata: string({ nullable: "2+" }),
      }),
    }),
  }),
);

export const OffsetCommitResponse = response(
  "OffsetCommitResponse",
  { key: 8, versions: "2-10", flexible: "8+" },
  () => ({
    throttleTimeMs: int32({ versions: "3+" }),
    topics: array({
      topicId: uuid({ versions: "10+" }),
      name: string({ versions: "2-9" }),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  }),
);
