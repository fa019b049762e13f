/**
 * The states that a transactional id goes through. Their numbers are those of the transaction log.
 *
 * Empty → Ongoing → PrepareCommit → CompleteCommit → Ongoing …, and with an abort through PrepareAbort and CompleteAbort.
 * Dead and PrepareEpochFence never get into a log: the first is an id that is being forgotten, the second a moment within
 * the fencing of a producer, which is a single step here.
 */
const names = [
  "Empty",
  "Ongoing",
  "PrepareCommit",
  "PrepareAbort",
  "CompleteCommit",
  "CompleteAbort",
  "Dead",
  "PrepareEpochFence",
] as const;

/** A state by the name that ListTransactions and DescribeTransactions tell. */
export type TransactionState = (typeof names)[number];

/** The state of that name, if there is one. */
export function stateNamed(name: string): TransactionState | undefined {
  return names.find((state) => state === name);
}

/** The state with that number in the transaction log. Throws RangeError where there is none. */
export function stateOf(id: number): TransactionState {
  const state = names[id];
  if (state === undefined) throw new RangeError(`${id} is the number of no transaction state`);
  return state;
}

/** The state's number in the transaction log. */
export function idOf(state: TransactionState): number {
  return names.indexOf(state);
}

const afterAnEnd: readonly TransactionState[] = ["Empty", "CompleteCommit", "CompleteAbort"];

/** From which states each state may be reached. */
const previousStates: Readonly<Record<TransactionState, readonly TransactionState[]>> = {
  Empty: afterAnEnd,
  Ongoing: ["Ongoing", ...afterAnEnd],
  PrepareCommit: ["Ongoing"],
  // Without a transaction: what a producer aborts to be given a new epoch (KIP-890).
  PrepareAbort: ["Ongoing", ...afterAnEnd],
  CompleteCommit: ["PrepareCommit"],
  CompleteAbort: ["PrepareAbort"],
  Dead: afterAnEnd,
  PrepareEpochFence: ["Ongoing"],
};

/** Whether a transactional id may go from one state to another. */
export function mayFollow(from: TransactionState, to: TransactionState): boolean {
  return previousStates[to].includes(from);
}

/** Whether the transaction's end has been decided and isn't in all its partitions yet. */
export function isPrepared(state: TransactionState): state is "PrepareCommit" | "PrepareAbort" {
  return state === "PrepareCommit" || state === "PrepareAbort";
}

/** Whether nothing is going on, so that the id may be forgotten. */
export function isIdle(state: TransactionState): boolean {
  return afterAnEnd.includes(state);
}
