/** ListOffsets (2). The offsets of partitions by time or by special timestamp. 7 adds the maximum timestamp (KIP-734); 8 and 9 tiered offsets (KIP-405, KIP-1005); 10 a timeout (KIP-1075); 11 the earliest offset awaiting upload (KIP-1023). */
import { array, int8, int16, int32, int64, request, response, string } from "../schema.ts";

export const ListOffsetsRequest = request(
  "ListOffsetsRequest",
  { key: 2, versions: "1-11", flexible: "6+" },
  () => ({
    replicaId: int32(),
    isolationLevel: int8({ versions: "2+" }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        currentLeaderEpoch: int32({ versions: "4+", default: -1 }),
        timestamp: int64(),
      }),
    }),
    timeoutMs: int32({ versions: "10+" }),
  }),
);

export const ListOffsetsResponse = response(
  "ListOffsetsResponse",
  { key: 2, versions: "1-11", flexible: "6+" },
  () => ({
    throttleTimeMs: int32({ versions: "2+" }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        timestamp: int64({ default: -1n }),
        offset: int64({ default: -1n }),
        leaderEpoch: int32({ versions: "4+", default: -1 }),
      }),
    }),
  }),
);
