/**
 * AddPartitionsToTxn: tells a transaction's partitions to the coordinator, before anything is written there; and asks
 * whether it has been told (KIP-890 part 1).
 */
import { answer, type Outcome, write } from "../coordinator/outcome.ts";
import { missingFrom, type TopicPartition, type TopicPartitions } from "./partitions.ts";
import {
  checkNotPending,
  checkNotPrepared,
  checkProducer,
  concurrentTransactions,
} from "./producer-checks.ts";
import type { TransactionShard } from "./shard.ts";
import type { ProducerIdAndEpoch, TransactionRecord } from "./transaction.ts";
import { withAdded } from "./transitions.ts";

export interface PartitionsOfTransaction extends ProducerIdAndEpoch {
  readonly transactionalId: string;
  readonly partitions: readonly TopicPartitions[];
}

/**
 * Adds partitions; a transaction begins with its first.
 *
 * @param clientTransactionVersion what the client speaks: 2 where it needn't ask itself, because its writes do
 * @throws KafkaError CONCURRENT_TRANSACTIONS, INVALID_PRODUCER_ID_MAPPING or PRODUCER_FENCED
 */
export function addPartitions(
  shard: TransactionShard,
  request: PartitionsOfTransaction,
  clientTransactionVersion: number,
  nowMs: number,
): Outcome<TransactionRecord, void> {
  const { transactionalId, partitions } = request;
  const transaction = shard.get(transactionalId);
  checkNotPending(shard, transactionalId);
  checkProducer(transaction, request);
  checkNotPrepared(transaction);
  const isNew = transaction.state !== "Ongoing";
  if (!isNew && missingFrom(transaction.partitions, partitions).length === 0) return answer(undefined);
  const added = withAdded(transaction, partitions, clientTransactionVersion, nowMs);
  return write([{ transactionalId, transaction: added }], undefined);
}

/**
 * Those of the partitions that are not in the producer's transaction.
 *
 * @throws KafkaError CONCURRENT_TRANSACTIONS, INVALID_PRODUCER_ID_MAPPING or PRODUCER_FENCED
 */
export function partitionsNotAdded(
  shard: TransactionShard,
  request: PartitionsOfTransaction,
): TopicPartition[] {
  const transaction = shard.get(request.transactionalId);
  checkProducer(transaction, request);
  checkNotPrepared(transaction);
  if (!isSafe(shard, request)) throw concurrentTransactions();
  return missingFrom(transaction.partitions, request.partitions);
}

/** Whether what can be said of the partitions is true even if the last record, which isn't durable yet, gets lost. */
function isSafe(shard: TransactionShard, { transactionalId, partitions }: PartitionsOfTransaction): boolean {
  if (!shard.pending.has(transactionalId)) return true;
  const before = shard.pending.get(transactionalId);
  return before?.state === "Ongoing" && missingFrom(before.partitions, partitions).length === 0;
}
