/** AddOffsetsToTxn (25). Adds a group's offsets to a transaction. */
import { int16, int32, int64, request, response, string } from "../schema.ts";

export const AddOffsetsToTxnRequest = request(
  "AddOffsetsToTxnRequest",
  { key: 25, versions: "0-4", flexible: "3+" },
  () => ({
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    groupId: string(),
  }),
);

export const AddOffsetsToTxnResponse = response(
  "AddOffsetsToTxnResponse",
  { key: 25, versions: "0-4", flexible: "3+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
  }),
);
