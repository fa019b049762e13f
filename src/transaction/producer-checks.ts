/**
 * What every request about a transaction is asked first: whether its producer is still the one that the transactional id
 * belongs to. The errors are Kafka's, in Kafka's order.
 */
import { KafkaError } from "../protocol/errors.ts";
import type { TransactionShard } from "./shard.ts";
import { NO_PRODUCER_ID, type ProducerIdAndEpoch, type Transaction } from "./transaction.ts";
import { isPrepared } from "./transaction-state.ts";

/** Throws CONCURRENT_TRANSACTIONS while the id's last record isn't safe: the client is to try again. */
export function checkNotPending(shard: TransactionShard, transactionalId: string): void {
  if (shard.pending.has(transactionalId)) throw concurrentTransactions();
}

/** Throws INVALID_PRODUCER_ID_MAPPING, or PRODUCER_FENCED where the epoch isn't the producer's last. */
export function checkProducer(
  transaction: Transaction,
  { producerId, producerEpoch }: ProducerIdAndEpoch,
): void {
  if (transaction.producerId !== producerId) throw invalidProducerIdMapping(transaction);
  if (transaction.producerEpoch !== producerEpoch) throw producerFenced(transaction);
}

/** Throws CONCURRENT_TRANSACTIONS while the last transaction's end is being written. */
export function checkNotPrepared({ state }: Transaction): void {
  if (isPrepared(state)) throw concurrentTransactions();
}

export function concurrentTransactions(): KafkaError {
  return new KafkaError(
    "CONCURRENT_TRANSACTIONS",
    "The producer's last request about the same transactional id is still under way.",
  );
}

export function invalidProducerIdMapping({ transactionalId }: Transaction): KafkaError {
  return new KafkaError(
    "INVALID_PRODUCER_ID_MAPPING",
    `Another producer id is assigned to the transactional id ${transactionalId}.`,
  );
}

export function producerFenced({ transactionalId, producerEpoch }: Transaction): KafkaError {
  return new KafkaError(
    "PRODUCER_FENCED",
    `A newer producer with the transactional id ${transactionalId} has epoch ${producerEpoch}.`,
  );
}

/** A new id for a producer whose epochs are used up; -1 while they aren't. */
export function nextProducerId(isExhausted: boolean, newProducerId: () => bigint): bigint {
  return isExhausted ? newProducerId() : NO_PRODUCER_ID;
}
