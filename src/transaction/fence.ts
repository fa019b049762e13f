/**
 * Fencing: the abort of a transaction that the coordinator itself decides on, because a newer producer has come or because
 * time is up. The producer that runs it has an old epoch from then on.
 */
import type { TransactionEnvironment } from "./environment.ts";
import { nextProducerId } from "./producer-checks.ts";
import {
  bumpsEpoch,
  isEpochExhausted,
  MAX_EPOCH,
  NO_PRODUCER_EPOCH,
  type Transaction,
} from "./transaction.ts";
import { prepared } from "./transitions.ts";

/**
 * The ongoing transaction with its abort decided, in an epoch above the producer's. This is done as the cluster's
 * `transaction.version` says, whatever the client speaks.
 */
export function fenced(
  transaction: Transaction,
  environment: TransactionEnvironment,
  nowMs: number,
): Transaction {
  const state = "PrepareAbort";
  const { producerEpoch } = transaction;
  const version = environment.transactionVersion();
  const isExhausted = bumpsEpoch(version) && isEpochExhausted(producerEpoch);
  const next = nextProducerId(isExhausted, environment.newProducerId);
  if (bumpsEpoch(version)) {
    return prepared(transaction, { state, clientTransactionVersion: version, nextProducerId: next }, nowMs);
  }
  const raised = {
    ...transaction,
    producerEpoch: Math.min(producerEpoch + 1, MAX_EPOCH),
    lastProducerEpoch: NO_PRODUCER_EPOCH,
  };
  return prepared(raised, { state, clientTransactionVersion: 0, nextProducerId: next }, nowMs);
}
