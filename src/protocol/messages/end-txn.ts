/** EndTxn (26). Commits or aborts a transaction. 5 returns the next epoch (KIP-890). */
import { boolean, int16, int32, int64, request, response, string } from "../schema.ts";

export const EndTxnRequest = request("EndTxnRequest", { key: 26, versions: "0-5", flexible: "3+" }, () => ({
  transactionalId: string(),
  producerId: int64(),
  producerEpoch: int16(),
  committed: boolean(),
}));

export const EndTxnResponse = response(
  "EndTxnResponse",
  { key: 26, versions: "0-5", flexible: "3+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64({ versions: "5+", default: -1n }),
    producerEpoch: int16({ versions: "5+", default: -1 }),
  }),
);
