/**
 * Before a batch begins a transaction in a partition, the transaction's coordinator has to know of the partition. Clients
 * from Produce 12 on leave it to the broker to tell it (KIP-890 part 2); for others it is asked whether it has been told
 * (part 1). A transaction that goes on in the partition already needs neither.
 */
import type { Verification, Verified } from "../../log/verification.ts";
import { KafkaError } from "../../protocol/errors.ts";
import * as header from "../../records/batch-header.ts";
import type { PartitionsOfTransaction } from "../../transaction/add-partitions.ts";
import type { RequestContext } from "../context.ts";
import { notAdded, produceError, type TransactionSupport } from "../transaction-errors.ts";
import { asKafkaError } from "../unexpected.ts";
import { isTransactional } from "./checks.ts";
import { findReplica } from "./replica.ts";
import type { ProduceRequestBody, RequestedPartition, RequestedTopic } from "./types.ts";

const FIRST_VERSION_THAT_ADDS_PARTITIONS = 12;
const FIRST_VERSION_WITH_ABORTABLE = 11;
/** The `transaction.version` of clients whose partitions are added as they write. */
const CLIENT_VERSION = 2;

/** What is known of the transactional batches of a request: an error, or what to show when they are appended. */
export type Verdicts = ReadonlyMap<RequestedPartition, Verified | KafkaError>;

export const noVerdicts: Verdicts = new Map();

interface TransactionalBatch {
  readonly topic: RequestedTopic;
  readonly partition: RequestedPartition;
  readonly producerId: bigint;
  readonly epoch: number;
  readonly baseSequence: number;
}

/** A batch that can only be appended once the coordinator knows of the partition. */
interface Unverified {
  readonly partition: RequestedPartition;
  readonly topicName: string;
  readonly verification: Verification;
}

/**
 * Sees to it that the request's transaction knows of the partitions it is about to write to.
 *
 * @throws KafkaError INVALID_PRODUCER_ID_MAPPING for a request of several producers
 */
export function verifyTransaction(
  request: ProduceRequestBody,
  context: RequestContext,
): Verdicts | Promise<Verdicts> {
  const { transactionalId } = request;
  const batches = transactionalId === null ? [] : transactionalBatches(request);
  const [first] = batches;
  if (transactionalId === null || first === undefined) return noVerdicts;
  const { producerId, epoch } = first;
  if (batches.some((batch) => batch.producerId !== producerId || batch.epoch !== epoch)) {
    throw new KafkaError(
      "INVALID_PRODUCER_ID_MAPPING",
      "Transactional records contained more than one producer ID",
    );
  }
  const support = supportOf(context);
  if (!support.addsPartitions && !context.broker.config().transactionPartitionVerificationEnable)
    return noVerdicts;
  const verdicts = new Map<RequestedPartition, Verified | KafkaError>();
  const unverified = startVerification(batches, support, verdicts, context);
  if (unverified.length === 0) return verdicts;
  const asked = { transactionalId, producerId, producerEpoch: epoch, partitions: unverified.map(named) };
  const settle = (failure: KafkaError | undefined, missing: ReadonlySet<string> = new Set()) => {
    for (const one of unverified) verdicts.set(one.partition, verdict(one, failure, missing, support));
    return verdicts;
  };
  if (support.addsPartitions) return addPartitions(asked, context, settle);
  try {
    return settle(undefined, new Set(context.broker.transactions.partitionsNotAdded(asked).map(keyOf)));
  } catch (error) {
    return settle(asKafkaError(error, "Verification of a transaction", context));
  }
}

function supportOf({ apiVersion }: RequestContext): TransactionSupport {
  return {
    addsPartitions: apiVersion >= FIRST_VERSION_THAT_ADDS_PARTITIONS,
    knowsAbortable: apiVersion >= FIRST_VERSION_WITH_ABORTABLE,
  };
}

function transactionalBatches({ topicData }: ProduceRequestBody): TransactionalBatch[] {
  const found: TransactionalBatch[] = [];
  for (const topic of topicData) {
    for (const partition of topic.partitionData) {
      const { records } = partition;
      if (records === null || !isTransactional(records) || !header.hasProducerId(records, 0)) continue;
      found.push({
        topic,
        partition,
        producerId: header.producerId(records, 0),
        epoch: header.producerEpoch(records, 0),
        baseSequence: header.baseSequence(records, 0),
      });
    }
  }
  return found;
}

/** Looks which partitions need no verification, or can't be written to anyway; returns the others. */
function startVerification(
  batches: readonly TransactionalBatch[],
  support: TransactionSupport,
  verdicts: Map<RequestedPartition, Verified | KafkaError>,
  context: RequestContext,
): Unverified[] {
  const unverified: Unverified[] = [];
  for (const batch of batches) {
    const { topic, partition } = batch;
    try {
      const replica = findReplica(topic, partition.index, context);
      const verified = replica.log.startVerification(batch, support.addsPartitions);
      if (verified === "ongoing") verdicts.set(partition, verified);
      else unverified.push({ partition, topicName: replica.topic.name, verification: verified });
    } catch (error) {
      const what = `Produce to ${topic.name}-${partition.index}`;
      verdicts.set(partition, produceError(asKafkaError(error, what, context), support));
    }
  }
  return unverified;
}

/** Tells the coordinator, and for a while tells it again where it is still ending the producer's last transaction. */
function addPartitions(
  asked: PartitionsOfTransaction,
  context: RequestContext,
  settle: (failure: KafkaError | undefined) => Verdicts,
): Verdicts | Promise<Verdicts> {
  const { clock, config, transactions } = context.broker;
  const { addPartitionsToTxnRetryBackoffMs, addPartitionsToTxnRetryBackoffMaxMs } = config();
  const endMs = clock.now() + addPartitionsToTxnRetryBackoffMaxMs;
  const failed = (thrown: unknown): Verdicts | Promise<Verdicts> => {
    const error = asKafkaError(thrown, "Adding partitions to a transaction", context);
    if (error.errorName !== "CONCURRENT_TRANSACTIONS" || clock.now() >= endMs) return settle(error);
    return new Promise<void>((resolve) => {
      clock.schedule(addPartitionsToTxnRetryBackoffMs, resolve);
    }).then(attempt);
  };
  const attempt = (): Verdicts | Promise<Verdicts> => {
    try {
      const added = transactions.addPartitions(asked, CLIENT_VERSION);
      return added instanceof Promise ? added.then(() => settle(undefined), failed) : settle(undefined);
    } catch (error) {
      return failed(error);
    }
  };
  return attempt();
}

function verdict(
  { partition, topicName, verification }: Unverified,
  failure: KafkaError | undefined,
  missing: ReadonlySet<string>,
  support: TransactionSupport,
): Verified | KafkaError {
  if (failure !== undefined) return produceError(failure, support);
  if (!missing.has(keyOf({ topic: topicName, partition: partition.index }))) return verification;
  return produceError(notAdded("TRANSACTION_ABORTABLE"), support);
}

function named({ topicName, partition }: Unverified) {
  return { topic: topicName, partitions: [partition.index] };
}

function keyOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}-${partition}`;
}
