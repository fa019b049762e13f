/** DeleteRecords (21). Moves the start of a partition's log. */
import { array, int16, int32, int64, request, response, string } from "../schema.ts";

export const DeleteRecordsRequest = request(
  "DeleteRecordsRequest",
  { key: 21, versions: "0-2", flexible: "2+" },
  () => ({
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        offset: int64(),
      }),
    }),
    timeoutMs: int32(),
  }),
);

export const DeleteRecordsResponse = response(
  "DeleteRecordsResponse",
  { key: 21, versions: "0-2", flexible: "2+" },
  () => ({
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        lowWatermark: int64(),
        errorCode: int16(),
      }),
    }),
  }),
);
