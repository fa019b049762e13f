/**
 * DescribeTransactions (65). What is known of transactional ids (KIP-664).
 */
import { ErrorCode } from "../protocol/errors.ts";
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from "../protocol/messages/describe-transactions.ts";
import type { Encodable } from "../protocol/schema.ts";
import { byTopic } from "../transaction/partitions.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { api } from "./api.ts";
import { answerElement } from "./elements.ts";

type Described = Encodable<typeof DescribeTransactionsResponse>["transactionStates"][number];

export const describeTransactions = api(DescribeTransactionsRequest, DescribeTransactionsResponse, {
  handle: ({ transactionalIds }, context) => ({
    throttleTimeMs: 0,
    transactionStates: transactionalIds.map((transactionalId) =>
      answerElement(
        `DescribeTransactions of ${transactionalId}`,
        context,
        () => described(context.broker.transactions.describe(transactionalId)),
        ({ code }) => failed(transactionalId, code),
      ),
    ),
  }),
  fail: ({ transactionalIds }, { code }) => ({
    throttleTimeMs: 0,
    transactionStates: transactionalIds.map((transactionalId) => failed(transactionalId, code)),
  }),
});

function described(transaction: Transaction): Described {
  const { transactionalId, state, timeoutMs, startMs, producerId, producerEpoch, partitions } = transaction;
  return {
    errorCode: ErrorCode.NONE,
    transactionalId,
    transactionState: state,
    transactionTimeoutMs: timeoutMs,
    transactionStartTimeMs: startMs,
    producerId,
    producerEpoch,
    topics: byTopic(partitions),
  };
}

function failed(transactionalId: string, errorCode: number): Described {
  return {
    errorCode,
    transactionalId,
    transactionState: "",
    transactionTimeoutMs: 0,
    transactionStartTimeMs: 0,
    producerId: 0,
    producerEpoch: 0,
    topics: [],
  };
}
