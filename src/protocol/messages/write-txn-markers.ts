/** WriteTxnMarkers (27). Writes the markers that end transactions into partitions; between brokers, and to abort what hangs. */
import { array, boolean, int8, int16, int32, int64, request, response, string } from "../schema.ts";

export const WriteTxnMarkersRequest = request(
  "WriteTxnMarkersRequest",
  { key: 27, versions: "1-2", flexible: "1+" },
  () => ({
    markers: array({
      producerId: int64(),
      producerEpoch: int16(),
      transactionResult: boolean(),
      topics: array({
        name: string(),
        partitionIndexes: array(int32()),
      }),
      coordinatorEpoch: int32(),
      transactionVersion: int8({ versions: "2+" }),
    }),
  }),
);

export const WriteTxnMarkersResponse = response(
  "WriteTxnMarkersResponse",
  { key: 27, versions: "1-2", flexible: "1+" },
  () => ({
    markers: array({
      producerId: int64(),
      topics: array({
        name: string(),
        partitions: array({
          partitionIndex: int32(),
          errorCode: int16(),
        }),
      }),
    }),
  }),
);
