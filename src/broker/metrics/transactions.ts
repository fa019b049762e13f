/**
 * Transactions: how many ids there are in which state, and how long the oldest open one has been.
 */
import type { Family } from "../../observe/metrics/exposition.ts";
import type { Transaction } from "../../transaction/transaction.ts";
import { family, sample } from "./jmx-names.ts";

const states = [
  "Empty",
  "Ongoing",
  "PrepareCommit",
  "PrepareAbort",
  "CompleteCommit",
  "CompleteAbort",
] as const;

/**
 * The families of the transactional ids that there are.
 *
 * @param nowMs milliseconds since 1970
 */
export function transactionFamilies(transactions: readonly Transaction[], nowMs: number): Family[] {
  const counts = states.map((state) =>
    sample(transactions.filter((transaction) => transaction.state === state).length, { state }),
  );
  const ages = transactions
    .filter(({ state }) => state === "Ongoing")
    .map(({ startMs }) => Math.max(0, nowMs - startMs));
  return [
    family("gauge", "houska_transactions", "Transactional ids, by the state of their transaction.", counts),
    family(
      "gauge",
      "houska_transaction_oldest_ongoing_seconds",
      "How long the oldest transaction has been open; 0 where none is.",
      ages.reduce((oldest, age) => Math.max(oldest, age), 0) / 1000,
    ),
  ];
}
