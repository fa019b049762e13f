/** ReadShareGroupState (84). Reads the state of share partitions (KIP-932). */
import { array, int8, int16, int32, int64, request, response, string, uuid } from "../schema.ts";

export const ReadShareGroupStateRequest = request(
  "ReadShareGroupStateRequest",
  { key: 84, versions: "0", flexible: "0+" },
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

export const ReadShareGroupStateResponse = response(
  "ReadShareGroupStateResponse",
  { key: 84, versions: "0", flexible: "0+" },
  () => ({
    results: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+", default: null }),
        stateEpoch: int32(),
        startOffset: int64(),
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
