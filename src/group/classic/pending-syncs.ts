/**
 * Who was told of a generation has to send a SyncGroup, within the rebalance timeout.
 */
import type { GroupShard } from "../shard.ts";
import { dismiss } from "./dismiss.ts";
import { classicGroup } from "./find-group.ts";
import type { ClassicGroup } from "./group.ts";
import { prepareRebalance } from "./rebalance.ts";
import { NOTHING, type Step } from "./step.ts";
import { syncTimer } from "./timer-keys.ts";

/** Sets the time limit for the members of a generation that has just begun. */
export function awaitSyncs(shard: GroupShard, group: ClassicGroup): void {
  const { generationId } = group;
  shard.environment.timers.set(syncTimer(group.groupId), group.members.rebalanceTimeoutMs(), (nowMs) =>
    expire(shard, group.groupId, generationId, nowMs),
  );
}

/** A member has sent its SyncGroup; the last one ends the time limit. */
export function syncReceived(shard: GroupShard, group: ClassicGroup, memberId: string): void {
  group.pendingSyncs.delete(memberId);
  if (group.pendingSyncs.size === 0) shard.environment.timers.cancel(syncTimer(group.groupId));
}

/** Members that have not sent theirs are out, and the others rebalance. */
function expire(shard: GroupShard, groupId: string, generationId: number, nowMs: number): Step {
  const group = classicGroup(shard, groupId);
  if (group === undefined || group.generationId !== generationId || group.pendingSyncs.size === 0) {
    return NOTHING;
  }
  if (group.state !== "CompletingRebalance" && group.state !== "Stable") return NOTHING;
  const absent = [...group.pendingSyncs];
  for (const memberId of absent) dismiss(shard, group, memberId);
  return prepareRebalance(shard, group, `${absent.join(", ")} did not ask for an assignment`, nowMs);
}
