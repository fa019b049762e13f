/**
 * The states of a classic group, and from which it may come into each.
 */

/**
 * - Empty: no members; it lingers until its last offset has expired, or it holds offsets only.
 * - PreparingRebalance: waits for all members to join (again). Offsets of the last generation may still be committed.
 * - CompletingRebalance: a generation has begun; waits for its leader to bring the assignment.
 * - Stable: every member has been given its part.
 * - Dead: the coordinator has given it up.
 */
export type ClassicGroupState = "Empty" | "PreparingRebalance" | "CompletingRebalance" | "Stable" | "Dead";

const previousStates: Record<ClassicGroupState, readonly ClassicGroupState[]> = {
  Empty: ["PreparingRebalance"],
  PreparingRebalance: ["Stable", "CompletingRebalance", "Empty"],
  CompletingRebalance: ["PreparingRebalance"],
  Stable: ["CompletingRebalance"],
  Dead: [],
};

/** Whether a group in state `from` may come into state `to`. (It is given up in any state, by its coordinator.) */
export function mayFollow(from: ClassicGroupState, to: ClassicGroupState): boolean {
  return previousStates[to].includes(from);
}
