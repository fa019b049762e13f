/**
 * AddPartitionsToTxn (24). Tells the coordinator which partitions a transaction is about to write to. Versions: 2 knows
 * PRODUCER_FENCED (KIP-588); 3 is flexible; 4 and 5 are for brokers: several transactions at once, and asking whether
 * partitions have been added, without adding them (KIP-890).
 *
 * One partition that doesn't exist keeps all the others of its transaction out.
 */
import { ErrorCode } from "../protocol/errors.ts";
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from "../protocol/messages/add-partitions-to-txn.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { eachOf, type TopicPartition, type TopicPartitions } from "../transaction/partitions.ts";
import type { ProducerIdAndEpoch } from "../transaction/transaction.ts";
import { api } from "./api.ts";
import type { RequestContext } from "./context.ts";
import { forClientsBeforeFencing } from "./transaction-errors.ts";
import { asKafkaError } from "./unexpected.ts";

type Request = Decoded<typeof AddPartitionsToTxnRequest>;
type Response = Encodable<typeof AddPartitionsToTxnResponse>;
type TopicResult = NonNullable<Response["resultsByTopicV3AndBelow"]>[number];

const FIRST_VERSION_WITH_FENCED = 2;
const FIRST_VERSION_OF_BROKERS = 4;

interface Asked extends ProducerIdAndEpoch {
  readonly transactionalId: string;
  readonly partitions: readonly TopicPartitions[];
  readonly verifyOnly: boolean;
}

/** What becomes of each partition. */
type ErrorOf = (partition: TopicPartition) => number;

export const addPartitionsToTxn = api(AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, {
  handle(request, context) {
    if (context.apiVersion < FIRST_VERSION_OF_BROKERS) {
      const asked = askedByClient(request);
      const answered = answer(asked, context);
      return answered instanceof Promise
        ? answered.then((later) => clientAnswer(asked, later))
        : clientAnswer(asked, answered);
    }
    const asked = request.transactions.map(askedByBroker);
    const answers = asked.map((one) => answer(one, context));
    return answers.some((one) => one instanceof Promise)
      ? Promise.all(answers).then((later) => brokerAnswer(asked, later))
      : brokerAnswer(asked, answers as ErrorOf[]);
  },
  fail(request, { code }, { apiVersion }) {
    if (apiVersion >= FIRST_VERSION_OF_BROKERS)
      return { throttleTimeMs: 0, errorCode: code, resultsByTransaction: [] };
    return clientAnswer(askedByClient(request), () => code);
  },
});

function askedByClient(request: Request): Asked {
  return {
    transactionalId: request.v3AndBelowTransactionalId,
    producerId: request.v3AndBelowProducerId,
    producerEpoch: request.v3AndBelowProducerEpoch,
    partitions: partitionsOf(request.v3AndBelowTopics),
    verifyOnly: false,
  };
}

function askedByBroker({ topics, ...transaction }: Request["transactions"][number]): Asked {
  return { ...transaction, partitions: partitionsOf(topics) };
}

function partitionsOf(topics: readonly { name: string; partitions: readonly number[] }[]): TopicPartitions[] {
  return topics.map(({ name, partitions }) => ({ topic: name, partitions }));
}

/** Adds or verifies the partitions of one transaction. Never throws or rejects. */
function answer(asked: Asked, context: RequestContext): ErrorOf | Promise<ErrorOf> {
  const unknown = unknownPartitions(asked.partitions, context);
  if (unknown.size > 0) {
    return (partition) =>
      unknown.has(keyOf(partition))
        ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
        : ErrorCode.OPERATION_NOT_ATTEMPTED;
  }
  try {
    if (asked.verifyOnly) return verify(asked, context);
    const added = context.broker.transactions.addPartitions(asked, clientVersion(context));
    if (added instanceof Promise)
      return added.then(
        () => allWell,
        (error: unknown) => failed(error, context),
      );
    return allWell;
  } catch (error) {
    return failed(error, context);
  }
}

const allWell: ErrorOf = () => ErrorCode.NONE;

/** Brokers add partitions for clients with `transaction.version` 2; the others do it themselves. */
function clientVersion({ apiVersion }: RequestContext): number {
  return apiVersion >= FIRST_VERSION_OF_BROKERS ? 2 : 0;
}

function verify(asked: Asked, { broker }: RequestContext): ErrorOf {
  const missing = new Set(broker.transactions.partitionsNotAdded(asked).map(keyOf));
  return (partition) => (missing.has(keyOf(partition)) ? ErrorCode.TRANSACTION_ABORTABLE : ErrorCode.NONE);
}

function failed(thrown: unknown, context: RequestContext): ErrorOf {
  const error = asKafkaError(thrown, "AddPartitionsToTxn", context);
  const { code } = context.apiVersion < FIRST_VERSION_WITH_FENCED ? forClientsBeforeFencing(error) : error;
  return () => code;
}

function unknownPartitions(partitions: readonly TopicPartitions[], { broker }: RequestContext): Set<string> {
  const { image } = broker.metadata;
  const unknown = eachOf(partitions).filter(
    ({ topic, partition }) => image.topicByName(topic)?.partitions[partition] === undefined,
  );
  return new Set(unknown.map(keyOf));
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

function clientAnswer({ partitions }: Asked, errorOf: ErrorOf): Response {
  return { throttleTimeMs: 0, resultsByTopicV3AndBelow: results(partitions, errorOf) };
}

function brokerAnswer(asked: readonly Asked[], errors: readonly ErrorOf[]): Response {
  const resultsByTransaction = asked.map(({ transactionalId, partitions }, index) => ({
    transactionalId,
    topicResults: results(partitions, errors[index] ?? allWell),
  }));
  return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, resultsByTransaction };
}

function results(partitions: readonly TopicPartitions[], errorOf: ErrorOf): TopicResult[] {
  return partitions.map(({ topic, partitions: indexes }) => ({
    name: topic,
    resultsByPartition: indexes.map((partition) => ({
      partitionIndex: partition,
      partitionErrorCode: errorOf({ topic, partition }),
    })),
  }));
}
