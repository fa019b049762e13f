/** OffsetForLeaderEpoch (23). Where a leader epoch ends in a partition's log (KIP-101, KIP-320). */
import { array, int16, int32, int64, request, response, string } from "../schema.ts";

export const OffsetForLeaderEpochRequest = request(
  "OffsetForLeaderEpochRequest",
  { key: 23, versions: "2-4", flexible: "4+" },
  () => ({
    replicaId: int32({ versions: "3+", default: -2 }),
    topics: array({
      topic: string(),
      partitions: array({
        partition: int32(),
        currentLeaderEpoch: int32({ default: -1 }),
        leaderEpoch: int32(),
      }),
    }),
  }),
);

export const OffsetForLeaderEpochResponse = response(
  "OffsetForLeaderEpochResponse",
  { key: 23, versions: "2-4", flexible: "4+" },
  () => ({
    throttleTimeMs: int32(),
    topics: array({
      topic: string(),
      partitions: array({
        errorCode: int16(),
        partition: int32(),
        leaderEpoch: int32({ default: -1 }),
        endOffset: int64({ default: -1n }),
      }),
    }),
  }),
);
