/** TransactionLog. The state of a transactional id. Value 1 adds what transaction.version 2 needs (KIP-890). */
import { array, int8, int16, int32, int64, record, string } from "../schema.ts";

export const TransactionLogKey = record(
  "TransactionLogKey",
  { id: 0, versions: "0", flexible: "none" },
  () => ({
    transactionalId: string(),
  }),
);

export const TransactionLogValue = record(
  "TransactionLogValue",
  { id: 0, versions: "0-1", flexible: "1+" },
  () => ({
    producerId: int64(),
    producerEpoch: int16(),
    transactionTimeoutMs: int32(),
    transactionStatus: int8(),
    transactionPartitions: array(
      {
        topic: string(),
        partitionIds: array(int32()),
      },
      { nullable: "0+" },
    ),
    transactionLastUpdateTimestampMs: int64(),
    transactionStartTimestampMs: int64(),
    previousProducerId: int64({ versions: "1+", tag: 0, default: -1n }),
    nextProducerId: int64({ versions: "1+", tag: 1, default: -1n }),
    clientTransactionVersion: int16({ versions: "1+", tag: 2 }),
    nextProducerEpoch: int16({ versions: "1+", tag: 3, default: -1 }),
  }),
);
