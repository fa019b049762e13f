/**
 * What the tools ask of transactions and producers.
 */

import { checkError, serverError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import {
  DescribeProducersRequest,
  DescribeProducersResponse,
} from "../../../protocol/messages/describe-producers.ts";
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from "../../../protocol/messages/describe-transactions.ts";
import {
  ListTransactionsRequest,
  ListTransactionsResponse,
} from "../../../protocol/messages/list-transactions.ts";
import { ask } from "./ask.ts";
import { byLeader } from "./topics.ts";

export interface TransactionListing {
  readonly transactionalId: string;
  readonly coordinator: number;
  readonly producerId: bigint;
  readonly state: string;
}

export interface TransactionFilter {
  readonly producerIds?: readonly bigint[];
  /** Only those that have been open for longer, in milliseconds. */
  readonly longerThanMs?: number | undefined;
  readonly idPattern?: string | undefined;
}

export interface TransactionDescription {
  readonly coordinator: number;
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly state: string;
  readonly timeoutMs: number;
  /** null when none is open. */
  readonly startTimeMs: number | null;
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[];
}

export interface ActiveProducer {
  readonly topic: string;
  readonly partition: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestamp: bigint;
  /** null when it has no open transaction. */
  readonly transactionStartOffset: bigint | null;
}

/** The transactional ids of all brokers. Rejects with a KafkaError. */
export async function listTransactions(
  client: KafkaClient,
  { producerIds = [], longerThanMs = -1, idPattern }: TransactionFilter,
): Promise<TransactionListing[]> {
  const answers = (await client.nodes()).map((node) =>
    ask(client, async () => {
      const body = { stateFilters: [], producerIdFilters: producerIds, durationFilter: longerThanMs };
      const answer = await client.sendOnce({ node }, ListTransactionsRequest, ListTransactionsResponse, {
        ...body,
        transactionalIdPattern: idPattern ?? null,
      });
      checkError(answer.errorCode);
      return answer.transactionStates.map(({ transactionalId, producerId, transactionState }) => ({
        ...{ transactionalId, producerId },
        coordinator: node,
        state: transactionState,
      }));
    }),
  );
  return (await Promise.all(answers)).flat();
}

/** Rejects with a KafkaError, TRANSACTIONAL_ID_NOT_FOUND when nobody has used the id. */
export function describeTransaction(
  client: KafkaClient,
  transactionalId: string,
): Promise<TransactionDescription> {
  return ask(client, async () => {
    const { transactionStates } = await client.sendOnce(
      { transactionalId },
      DescribeTransactionsRequest,
      DescribeTransactionsResponse,
      { transactionalIds: [transactionalId] },
    );
    const [state] = transactionStates;
    if (state === undefined) {
      throw new KafkaError("TRANSACTIONAL_ID_NOT_FOUND", "The transactionalId could not be found");
    }
    checkError(state.errorCode);
    return {
      coordinator: await client.coordinatorOf({ transactionalId }),
      transactionalId,
      producerId: state.producerId,
      producerEpoch: state.producerEpoch,
      state: state.transactionState,
      timeoutMs: state.transactionTimeoutMs,
      startTimeMs: state.transactionStartTimeMs < 0n ? null : Number(state.transactionStartTimeMs),
      partitions: state.topics.flatMap(({ topic, partitions }) =>
        partitions.map((partition) => ({ topic, partition })),
      ),
    };
  });
}

/** Who has written to a partition, as its leader or a given broker knows it. Rejects with a KafkaError. */
export function describeProducers(
  client: KafkaClient,
  topic: string,
  partition: number,
  broker?: number,
): Promise<ActiveProducer[]> {
  return ask(client, async () => {
    const [leader = -1] = (await byLeader(client, [{ topic, partition }])).keys();
    const { topics } = await client.sendOnce(
      { node: broker ?? leader },
      DescribeProducersRequest,
      DescribeProducersResponse,
      { topics: [{ name: topic, partitionIndexes: [partition] }] },
    );
    const found = topics[0]?.partitions[0];
    const error = serverError(found?.errorCode ?? 0, found?.errorMessage);
    if (error !== null) throw error;
    return (found?.activeProducers ?? []).map((producer) => ({
      ...{ topic, partition },
      producerId: producer.producerId,
      producerEpoch: producer.producerEpoch,
      coordinatorEpoch: producer.coordinatorEpoch,
      lastSequence: producer.lastSequence,
      lastTimestamp: producer.lastTimestamp,
      transactionStartOffset: producer.currentTxnStartOffset < 0n ? null : producer.currentTxnStartOffset,
    }));
  });
}
