/** ReadShareGroupStateSummary (87). Where share partitions start (KIP-932). */
import { array, int16, int32, int64, request, response, string, uuid } from "../schema.ts";

export const ReadShareGroupStateSummaryRequest = request(
  "ReadShareGroupStateSummaryRequest",
  { key: 87, versions: "0-1", flexible: "0+" },
  () => ({
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        leaderEpoch: int32(),
      }),
    }),
  }),
);

export const ReadShareGroupStateSummaryResponse = response(
  "ReadShareGroupStateSummaryResponse",
  { key: 87, versions: "0-1", flexible: "0+" },
  () => ({
    results: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+", default: null }),
        stateEpoch: int32(),
        leaderEpoch: int32(),
        startOffset: int64(),
        deliveryCompleteCount: int32({ versions: "1+", default: -1 }),
      }),
    }),
  }),
);
