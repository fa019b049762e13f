/**
 * What time does to transactional ids: transactions that go on for too long are aborted, and ids that nobody has used for
 * `transactional.id.expiration.ms` are forgotten.
 */
import type { Outcome } from "../coordinator/outcome.ts";
import type { TransactionShard } from "./shard.ts";
import { isTimedOut, type TransactionRecord } from "./transaction.ts";
import { isIdle } from "./transaction-state.ts";

/** The ids whose transactions have gone on for longer than their producers said. */
export function timedOut(shard: TransactionShard, nowMs: number): string[] {
  const found: string[] = [];
  for (const transaction of shard.transactions.values()) {
    const { transactionalId } = transaction;
    if (isTimedOut(transaction, nowMs) && !shard.pending.has(transactionalId)) found.push(transactionalId);
  }
  return found;
}

/** Tombstones for the ids that have been idle for `expirationMs`. */
export function expireIds(
  shard: TransactionShard,
  expirationMs: number,
  nowMs: number,
): Outcome<TransactionRecord, void> {
  const records: TransactionRecord[] = [];
  for (const { transactionalId, state, lastUpdateMs } of shard.transactions.values()) {
    if (!isIdle(state) || lastUpdateMs > nowMs - expirationMs || shard.pending.has(transactionalId)) continue;
    records.push({ transactionalId, transaction: null });
  }
  return { records, divisible: true, reply: undefined };
}
