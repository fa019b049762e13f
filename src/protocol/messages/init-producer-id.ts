/** InitProducerId (22). Hands out a producer id and epoch. 3 lets a producer raise its epoch (KIP-360); 6 is for two-phase commit (KIP-939). */
import { boolean, int16, int32, int64, request, response, string } from "../schema.ts";

export const InitProducerIdRequest = request(
  "InitProducerIdRequest",
  { key: 22, versions: "0-6", flexible: "2+" },
  () => ({
    transactionalId: string({ nullable: "0+" }),
    transactionTimeoutMs: int32(),
    producerId: int64({ versions: "3+", default: -1n }),
    producerEpoch: int16({ versions: "3+", default: -1 }),
    enable2Pc: boolean({ versions: "6+" }),
    keepPreparedTxn: boolean({ versions: "6+" }),
  }),
);

export const InitProducerIdResponse = response(
  "InitProducerIdResponse",
  { key: 22, versions: "0-6", flexible: "2+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64({ default: -1n }),
    producerEpoch: int16(),
    ongoingTxnProducerId: int64({ versions: "6+", default: -1n }),
    ongoingTxnProducerEpoch: int16({ versions: "6+", default: -1 }),
  }),
);
