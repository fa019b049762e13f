/**
 * The end of the time in which the members of a generation have to send their SyncGroup.
 */
import type { GroupShard } from "../shard.ts";
import { dismiss } from "./dismiss.ts";
import { classicGroup } from "./find-group.ts";
import { prepareRebalance } from "./rebalance.ts";
import { NOTHING, type Step } from "./step.ts";

/** Members that have not sent theirs are out, and the others rebalance. */
export function syncsExpired(shard: GroupShard, groupId: string, generationId: number, nowMs: number): Step {
  const group = classicGroup(shard, groupId);
  if (group === undefined || group.generationId !== generationId || group.pendingSyncs.size === 0) {
    return NOTHING;
  }
  if (group.state !== "CompletingRebalance" && group.state !== "Stable") return NOTHING;
  const absent = [...group.pendingSyncs];
  for (const memberId of absent) dismiss(shard, group, memberId);
  return prepareRebalance(shard, group, `${absent.join(", ")} did not ask for an assignment`, nowMs);
}
