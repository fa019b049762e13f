/**
 * InitProducerId for a transactional id: gives its producer an epoch that fences all before it.
 */
import type { Outcome } from "../coordinator/outcome.ts";
import type { TransactionEnvironment } from "./environment.ts";
import { fenced } from "./fence.ts";
import { checkNotPending, checkNotPrepared, producerFenced } from "./producer-checks.ts";
import type { TransactionShard } from "./shard.ts";
import {
  isEpochExhausted,
  NO_PRODUCER_EPOCH,
  type ProducerIdAndEpoch,
  type Transaction,
  type TransactionRecord,
} from "./transaction.ts";
import { begun, initialized } from "./transitions.ts";

export interface InitProducerId {
  readonly transactionalId: string;
  readonly timeoutMs: number;
  /** What the producer has, where it wants a higher epoch and no other producer (KIP-360). */
  readonly expected: ProducerIdAndEpoch | undefined;
}

/** What InitProducerId has done: the producer's id and epoch, or the abort of a transaction, to be completed first. */
export type Initialized = ProducerIdAndEpoch | "aborts";

/** @throws KafkaError CONCURRENT_TRANSACTIONS or PRODUCER_FENCED */
export function initProducerId(
  shard: TransactionShard,
  request: InitProducerId,
  environment: TransactionEnvironment,
  nowMs: number,
): Outcome<TransactionRecord, Initialized> {
  const { transactionalId, timeoutMs, expected } = request;
  checkNotPending(shard, transactionalId);
  const known = shard.transactions.get(transactionalId);
  if (known === undefined)
    return write(begun(transactionalId, environment.newProducerId(), timeoutMs, nowMs));
  if (expected !== undefined && !belongsTo(known, expected)) throw producerFenced(known);
  checkNotPrepared(known);
  if (known.state === "Ongoing") {
    const transaction = fenced(known, environment, nowMs);
    return { records: [{ transactionalId, transaction }], reply: "aborts" };
  }
  return write(initialized(known, nextProducer(known, expected, environment), timeoutMs, nowMs));
}

function write(transaction: Transaction): Outcome<TransactionRecord, Initialized> {
  const { transactionalId, producerId, producerEpoch } = transaction;
  return { records: [{ transactionalId, transaction }], reply: { producerId, producerEpoch } };
}

/** Whether the producer that asks is this id's: the last one, or the one before, which doesn't know of its new id. */
function belongsTo(transaction: Transaction, { producerId, producerEpoch }: ProducerIdAndEpoch): boolean {
  if (producerId === transaction.producerId) return true;
  return producerId === transaction.previousProducerId && isEpochExhausted(producerEpoch);
}

function nextProducer(
  transaction: Transaction,
  expected: ProducerIdAndEpoch | undefined,
  { newProducerId }: TransactionEnvironment,
): Pick<Transaction, "producerId" | "producerEpoch" | "lastProducerEpoch"> {
  const { producerId, producerEpoch, lastProducerEpoch } = transaction;
  const isLast = expected === undefined || expected.producerEpoch === producerEpoch;
  const last = expected === undefined ? NO_PRODUCER_EPOCH : producerEpoch;
  if (isEpochExhausted(producerEpoch) && isLast) {
    return { producerId: newProducerId(), producerEpoch: 0, lastProducerEpoch: last };
  }
  if (isLast) return { producerId, producerEpoch: producerEpoch + 1, lastProducerEpoch: last };
  // The same request once more: its answer got lost.
  if (expected.producerEpoch === lastProducerEpoch) return { producerId, producerEpoch, lastProducerEpoch };
  throw producerFenced(transaction);
}
