/**
 * What is known of a transactional id: the content of its last record in the transaction log. It is a value; a new
 * record brings a new one.
 */
import type { TransactionPartitions } from "./partitions.ts";
import type { TransactionState } from "./transaction-state.ts";

export const NO_PRODUCER_ID = -1n;
export const NO_PRODUCER_EPOCH = -1;
export const NO_TIMESTAMP = -1;
export const MAX_EPOCH = 0x7fff;

/** `transaction.version` 2: each end of a transaction raises the epoch (KIP-890 part 2). */
export const VERSION_WITH_EPOCH_BUMP = 2;

export interface ProducerIdAndEpoch {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

export interface Transaction extends ProducerIdAndEpoch {
  readonly transactionalId: string;
  /** The id that the producer had before the last change; the same one, unless it has just been given a new one. */
  readonly previousProducerId: bigint;
  /** The id that the producer will have once the end is complete, because its epochs are used up; else -1. */
  readonly nextProducerId: bigint;
  /**
   * The epoch that the producer raised with its last request: who repeats that request is answered the same. It is not in
   * the log, in Kafka neither: -1 after a restart.
   */
  readonly lastProducerEpoch: number;
  readonly timeoutMs: number;
  readonly state: TransactionState;
  readonly partitions: TransactionPartitions;
  /** When the transaction began, or the last one did; -1 before the first. */
  readonly startMs: number;
  readonly lastUpdateMs: number;
  /** The `transaction.version` that the client speaks, as its last request tells: 0 or 2. */
  readonly clientTransactionVersion: number;
}

/** A record of `__transaction_state`: what an id has become, or null when it is forgotten. */
export interface TransactionRecord {
  readonly transactionalId: string;
  readonly transaction: Transaction | null;
}

/** Whether the producer can be given no higher epoch: the last one is kept for fencing it. */
export function isEpochExhausted(producerEpoch: number): boolean {
  return producerEpoch >= MAX_EPOCH - 1;
}

/** Whether clients that speak this version are given a new epoch with each end of a transaction. */
export function bumpsEpoch(transactionVersion: number): boolean {
  return transactionVersion >= VERSION_WITH_EPOCH_BUMP;
}

/** A transaction that is prepared by somebody else (KIP-939) has no timeout. */
const NO_TIMEOUT_MS = 0x7fffffff;

/** Whether the transaction has gone on for longer than its producer said it would. */
export function isTimedOut({ state, startMs, timeoutMs }: Transaction, nowMs: number): boolean {
  return state === "Ongoing" && timeoutMs !== NO_TIMEOUT_MS && startMs + timeoutMs < nowMs;
}
