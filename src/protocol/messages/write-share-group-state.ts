/** WriteShareGroupState (85). Writes the state of share partitions (KIP-932). */
import { array, int8, int16, int32, int64, request, response, string, uuid } from "../schema.ts";

export const WriteShareGroupStateRequest = request(
  "WriteShareGroupStateRequest",
  { key: 85, versions: "0-1", flexible: "0+" },
  () => ({
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        stateEpoch: int32(),
        leaderEpoch: int32(),
        startOffset: int64(),
        deliveryCompleteCount: int32({ versions: "1+", default: -1 }),
        stateBatches: array({
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryState: int8(),
          deliveryCount: int16(),
        }),
      }),
    }),
  }),
);

export const WriteShareGroupStateResponse = response(
  "WriteShareGroupStateResponse",
  { key: 85, versions: "0-1", flexible: "0+" },
  () => ({
    results: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+", default: null }),
      }),
    }),
  }),
);
