/** AddPartitionsToTxn (24). Adds partitions to a transaction. 4 and up are for brokers, in batches (KIP-890). */
import { array, boolean, int16, int32, int64, request, response, string } from "../schema.ts";

export const AddPartitionsToTxnRequest = request(
  "AddPartitionsToTxnRequest",
  { key: 24, versions: "0-5", flexible: "3+" },
  () => ({
    transactions: array(
      {
        transactionalId: string(),
        producerId: int64(),
        producerEpoch: int16(),
        verifyOnly: boolean(),
        topics: array({
          name: string(),
          partitions: array(int32()),
        }),
      },
      { versions: "4+" },
    ),
    v3AndBelowTransactionalId: string({ versions: "0-3" }),
    v3AndBelowProducerId: int64({ versions: "0-3" }),
    v3AndBelowProducerEpoch: int16({ versions: "0-3" }),
    v3AndBelowTopics: array(
      {
        name: string(),
        partitions: array(int32()),
      },
      { versions: "0-3" },
    ),
  }),
);

export const AddPartitionsToTxnResponse = response(
  "AddPartitionsToTxnResponse",
  { key: 24, versions: "0-5", flexible: "3+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16({ versions: "4+" }),
    resultsByTransaction: array(
      {
        transactionalId: string(),
        topicResults: array({
          name: string(),
          resultsByPartition: array({
            partitionIndex: int32(),
            partitionErrorCode: int16(),
          }),
        }),
      },
      { versions: "4+" },
    ),
    resultsByTopicV3AndBelow: array(
      {
        name: string(),
        resultsByPartition: array({
          partitionIndex: int32(),
          partitionErrorCode: int16(),
        }),
      },
      { versions: "0-3" },
    ),
  }),
);
