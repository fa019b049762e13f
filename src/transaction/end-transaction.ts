/**
 * EndTxn: decides how a transaction ends. Markers follow, and then the record that the end is complete.
 */
import { answer, type Outcome } from "../coordinator/outcome.ts";
import { KafkaError } from "../protocol/errors.ts";
import type { TransactionEnvironment } from "./environment.ts";
import {
  checkNotPending,
  checkProducer,
  concurrentTransactions,
  invalidProducerIdMapping,
  nextProducerId,
  producerFenced,
} from "./producer-checks.ts";
import type { TransactionShard } from "./shard.ts";
import {
  bumpsEpoch,
  isEpochExhausted,
  MAX_EPOCH,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  type ProducerIdAndEpoch,
  type Transaction,
  type TransactionRecord,
} from "./transaction.ts";
import { isPrepared } from "./transaction-state.ts";
import { completed, prepared } from "./transitions.ts";

export interface EndTransaction extends ProducerIdAndEpoch {
  readonly transactionalId: string;
  readonly result: "commit" | "abort";
  /** What the client speaks: 2 where it is given a new epoch in the answer, else 0. */
  readonly clientTransactionVersion: number;
}

export interface Ended {
  /** What the producer goes on with; -1 each for clients that keep what they have. */
  readonly producer: ProducerIdAndEpoch;
  /** Whether the end has been decided by this request, and is to be completed. */
  readonly isDecided: boolean;
}

const unchanged: ProducerIdAndEpoch = { producerId: NO_PRODUCER_ID, producerEpoch: NO_PRODUCER_EPOCH };

/**
 * Ends a transaction, or answers once more where the same request has ended it.
 *
 * @throws KafkaError INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, CONCURRENT_TRANSACTIONS or INVALID_TXN_STATE
 */
export function endTransaction(
  shard: TransactionShard,
  request: EndTransaction,
  environment: TransactionEnvironment,
  nowMs: number,
): Outcome<TransactionRecord, Ended> {
  const transaction = shard.get(request.transactionalId);
  return bumpsEpoch(request.clientTransactionVersion)
    ? endWithNewEpoch(shard, transaction, request, environment, nowMs)
    : endInSameEpoch(shard, transaction, request, nowMs);
}

/** As before `transaction.version` 2: the producer keeps its epoch. */
function endInSameEpoch(
  shard: TransactionShard,
  transaction: Transaction,
  request: EndTransaction,
  nowMs: number,
): Outcome<TransactionRecord, Ended> {
  checkProducer(transaction, request);
  checkNotPending(shard, request.transactionalId);
  const { state } = transaction;
  if (state === "Ongoing") return decide(transaction, request, NO_PRODUCER_ID, nowMs);
  if (!isEndedSo(transaction, request)) throw invalidState(transaction, request);
  if (isPrepared(state)) throw concurrentTransactions();
  return answer({ producer: unchanged, isDecided: false });
}

/** As with `transaction.version` 2: the producer goes on in a new epoch, or with a new id. */
function endWithNewEpoch(
  shard: TransactionShard,
  transaction: Transaction,
  request: EndTransaction,
  { newProducerId }: TransactionEnvironment,
  nowMs: number,
): Outcome<TransactionRecord, Ended> {
  checkNotPending(shard, request.transactionalId);
  const isRepeated = checkEpoch(transaction, request);
  const { state, producerEpoch, producerId } = transaction;
  if (isPrepared(state)) {
    if (isEndedSo(transaction, request)) throw concurrentTransactions();
    throw invalidState(transaction, request);
  }
  if (isRepeated) {
    if (!isEndedSo(transaction, request)) throw invalidState(transaction, request);
    return answer({ producer: { producerId, producerEpoch }, isDecided: false });
  }
  // Nothing was written, but the producer may have tried: an abort gives it an epoch that fences what is on its way.
  if (state !== "Ongoing" && request.result === "commit") throw invalidState(transaction, request);
  return decide(transaction, request, nextProducerId(isEpochExhausted(producerEpoch), newProducerId), nowMs);
}

/**
 * Whether the request is the one that ended the last transaction, sent again because its answer got lost.
 *
 * @throws KafkaError INVALID_PRODUCER_ID_MAPPING or PRODUCER_FENCED
 */
function checkEpoch(transaction: Transaction, { producerId, producerEpoch }: ProducerIdAndEpoch): boolean {
  const { state } = transaction;
  const isBeforeRotation =
    transaction.previousProducerId === producerId &&
    producerEpoch === MAX_EPOCH - 1 &&
    transaction.producerEpoch === 0;
  if (transaction.producerId !== producerId && !isBeforeRotation) throw invalidProducerIdMapping(transaction);
  const isBeforeBump = transaction.producerEpoch === producerEpoch + 1;
  const isLast = transaction.producerEpoch === producerEpoch;
  const isComplete = state === "CompleteCommit" || state === "CompleteAbort";
  const isValid = isPrepared(state)
    ? isBeforeBump
    : isLast || (isComplete && (isBeforeBump || isBeforeRotation));
  if (!isValid) throw producerFenced(transaction);
  return isBeforeBump || isBeforeRotation;
}

function decide(
  transaction: Transaction,
  { transactionalId, result, clientTransactionVersion }: EndTransaction,
  nextProducerId: bigint,
  nowMs: number,
): Outcome<TransactionRecord, Ended> {
  const state = result === "commit" ? "PrepareCommit" : "PrepareAbort";
  const decided = prepared(transaction, { state, clientTransactionVersion, nextProducerId }, nowMs);
  const { producerId, producerEpoch } = completed(decided, nowMs);
  const producer = bumpsEpoch(clientTransactionVersion) ? { producerId, producerEpoch } : unchanged;
  return { records: [{ transactionalId, transaction: decided }], reply: { producer, isDecided: true } };
}

/** Whether the last transaction ends, or ended, the way that is asked for. */
function isEndedSo({ state }: Transaction, { result }: EndTransaction): boolean {
  return result === "commit"
    ? state === "PrepareCommit" || state === "CompleteCommit"
    : state === "PrepareAbort" || state === "CompleteAbort";
}

function invalidState({ transactionalId, state }: Transaction, { result }: EndTransaction): KafkaError {
  return new KafkaError("INVALID_TXN_STATE", `Can't ${result} ${transactionalId}, whose state is ${state}.`);
}
