/**
 * From one state of a transactional id to the next: what its next record holds. Whether the request may have it is asked
 * before, in the files named after requests.
 */
import { noPartitions, type TopicPartitions, withPartitions } from "./partitions.ts";
import {
  bumpsEpoch,
  MAX_EPOCH,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_TIMESTAMP,
  type Transaction,
} from "./transaction.ts";
import { isIdle, isPrepared, mayFollow } from "./transaction-state.ts";

/** An id that nobody has used yet, with its first epoch, 0. */
export function begun(
  transactionalId: string,
  producerId: bigint,
  timeoutMs: number,
  nowMs: number,
): Transaction {
  return {
    transactionalId,
    producerId,
    previousProducerId: producerId,
    nextProducerId: NO_PRODUCER_ID,
    producerEpoch: 0,
    lastProducerEpoch: NO_PRODUCER_EPOCH,
    timeoutMs,
    state: "Empty",
    partitions: noPartitions,
    startMs: NO_TIMESTAMP,
    lastUpdateMs: nowMs,
    clientTransactionVersion: 0,
  };
}

/** The producer with that id and epoch, to write from now on with this timeout; whoever has an older epoch is fenced. */
export function initialized(
  transaction: Transaction,
  producer: Pick<Transaction, "producerId" | "producerEpoch" | "lastProducerEpoch">,
  timeoutMs: number,
  nowMs: number,
): Transaction {
  return changed(transaction, {
    ...producer,
    state: "Empty",
    timeoutMs,
    partitions: noPartitions,
    startMs: NO_TIMESTAMP,
    lastUpdateMs: nowMs,
  });
}

/** The transaction with more partitions; begins one where none is going on. */
export function withAdded(
  transaction: Transaction,
  added: readonly TopicPartitions[],
  clientTransactionVersion: number,
  nowMs: number,
): Transaction {
  return changed(transaction, {
    state: "Ongoing",
    partitions: withPartitions(transaction.partitions, added),
    startMs: isIdle(transaction.state) ? nowMs : transaction.startMs,
    lastUpdateMs: nowMs,
    clientTransactionVersion,
  });
}

/** How a transaction is to end. */
export interface Ending {
  readonly state: "PrepareCommit" | "PrepareAbort";
  readonly clientTransactionVersion: number;
  /** The producer's id from then on, if its epochs are used up; else -1. */
  readonly nextProducerId: bigint;
}

/** The transaction with its end decided. */
export function prepared(transaction: Transaction, ending: Ending, nowMs: number): Transaction {
  const { producerEpoch, startMs, state } = transaction;
  const bumps = bumpsEpoch(ending.clientTransactionVersion);
  return changed(transaction, {
    ...ending,
    ...(bumps
      ? { producerEpoch: Math.min(producerEpoch + 1, MAX_EPOCH), lastProducerEpoch: producerEpoch }
      : {}),
    // An abort without a transaction: it takes no time.
    startMs: isIdle(state) ? nowMs : startMs,
    lastUpdateMs: nowMs,
  });
}

/** The transaction after its end has been written into all its partitions. */
export function completed(transaction: Transaction, nowMs: number): Transaction {
  const { state, nextProducerId, clientTransactionVersion } = transaction;
  if (!isPrepared(state)) throw wrongState(transaction, "CompleteCommit or CompleteAbort");
  const rotates = bumpsEpoch(clientTransactionVersion) && nextProducerId !== NO_PRODUCER_ID;
  return changed(transaction, {
    state: state === "PrepareCommit" ? "CompleteCommit" : "CompleteAbort",
    ...(rotates ? { producerId: nextProducerId, producerEpoch: 0 } : {}),
    nextProducerId: NO_PRODUCER_ID,
    partitions: noPartitions,
    lastUpdateMs: nowMs,
  });
}

type Change = Partial<Transaction> & Pick<Transaction, "state">;

function changed(transaction: Transaction, change: Change): Transaction {
  if (!mayFollow(transaction.state, change.state)) throw wrongState(transaction, change.state);
  return { ...transaction, previousProducerId: transaction.producerId, ...change };
}

function wrongState({ transactionalId, state }: Transaction, wanted: string): Error {
  return new Error(`Transactional id ${transactionalId} can't go from ${state} to ${wanted}`);
}
