/** InitializeShareGroupState (83). Begins the state of share partitions (KIP-932). */
import { array, int16, int32, int64, request, response, string, uuid } from "../schema.ts";

export const InitializeShareGroupStateRequest = request(
  "InitializeShareGroupStateRequest",
  { key: 83, versions: "0", flexible: "0+" },
  () => ({
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        stateEpoch: int32(),
        startOffset: int64(),
      }),
    }),
  }),
);

export const InitializeShareGroupStateResponse = response(
  "InitializeShareGroupStateResponse",
  { key: 83, versions: "0", flexible: "0+" },
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
