/** DeleteShareGroupState (86). Deletes the state of share partitions (KIP-932). */
import { array, int16, int32, request, response, string, uuid } from "../schema.ts";

export const DeleteShareGroupStateRequest = request(
  "DeleteShareGroupStateRequest",
  { key: 86, versions: "0", flexible: "0+" },
  () => ({
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
      }),
    }),
  }),
);

export const DeleteShareGroupStateResponse = response(
  "DeleteShareGroupStateResponse",
  { key: 86, versions: "0", flexible: "0+" },
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
