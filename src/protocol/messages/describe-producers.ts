/** DescribeProducers (61). The producers that a partition remembers (KIP-664). */
import { array, int16, int32, int64, request, response, string } from "../schema.ts";

export const DescribeProducersRequest = request(
  "DescribeProducersRequest",
  { key: 61, versions: "0", flexible: "0+" },
  () => ({
    topics: array({
      name: string(),
      partitionIndexes: array(int32()),
    }),
  }),
);

export const DescribeProducersResponse = response(
  "DescribeProducersResponse",
  { key: 61, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+", default: null }),
        activeProducers: array({
          producerId: int64(),
          producerEpoch: int32(),
          lastSequence: int32({ default: -1 }),
          lastTimestamp: int64({ default: -1n }),
          coordinatorEpoch: int32(),
          currentTxnStartOffset: int64({ default: -1n }),
        }),
      }),
    }),
  }),
);
