/**
 * ListTransactions: which transactional ids there are.
 */
import type { TransactionShard } from "./shard.ts";
import type { Transaction } from "./transaction.ts";
import type { TransactionState } from "./transaction-state.ts";

/** Which ids are wanted; each of these may be left out. */
export interface TransactionFilter {
  readonly states?: ReadonlySet<TransactionState> | undefined;
  readonly producerIds?: ReadonlySet<bigint> | undefined;
  /** Transactions that began longer ago than this, in milliseconds. */
  readonly longerThanMs?: number | undefined;
  readonly matches?: ((transactionalId: string) => boolean) | undefined;
}

/** The transactional ids of a shard that pass the filter. */
export function listTransactions(
  shard: TransactionShard,
  filter: TransactionFilter,
  nowMs: number,
): Transaction[] {
  return [...shard.transactions.values()].filter((transaction) => passes(transaction, filter, nowMs));
}

function passes(transaction: Transaction, filter: TransactionFilter, nowMs: number): boolean {
  const { states, producerIds, longerThanMs, matches } = filter;
  const { state, producerId, startMs, transactionalId } = transaction;
  if (producerIds !== undefined && !producerIds.has(producerId)) return false;
  if (states !== undefined && !states.has(state)) return false;
  if (longerThanMs !== undefined && nowMs - startMs <= longerThanMs) return false;
  return matches === undefined || matches(transactionalId);
}
