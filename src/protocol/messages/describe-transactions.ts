/** DescribeTransactions (65). The state of transactional ids (KIP-664). */
import { array, int16, int32, int64, request, response, string } from "../schema.ts";

export const DescribeTransactionsRequest = request(
  "DescribeTransactionsRequest",
  { key: 65, versions: "0", flexible: "0+" },
  () => ({
    transactionalIds: array(string()),
  }),
);

export const DescribeTransactionsResponse = response(
  "DescribeTransactionsResponse",
  { key: 65, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    transactionStates: array({
      errorCode: int16(),
      transactionalId: string(),
      transactionState: string(),
      transactionTimeoutMs: int32(),
      transactionStartTimeMs: int64(),
      producerId: int64(),
      producerEpoch: int16(),
      topics: array({
        topic: string(),
        partitions: array(int32()),
      }),
    }),
  }),
);
