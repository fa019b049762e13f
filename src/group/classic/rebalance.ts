/**
 * How a classic group comes to rebalance: all members are to join again, and the next generation begins when they have.
 */
import type { GroupShard } from "../shard.ts";
import { dropAssignments } from "./assignments.ts";
import { completeJoin, completeJoinByTimer } from "./complete-join.ts";
import type { ClassicGroup } from "./group.ts";
import { delayInitialRebalance } from "./initial-rebalance.ts";
import { NOTHING, type Step } from "./step.ts";
import { joinTimer, syncTimer } from "./timer-keys.ts";

/** Begins a rebalance where the group is in a state for one; else sees whether the one under way has all it waits for. */
export function rebalanceOrCompleteJoin(
  shard: GroupShard,
  group: ClassicGroup,
  reason: string,
  nowMs: number,
): Step {
  return group.canRebalance
    ? prepareRebalance(shard, group, reason, nowMs)
    : completeJoinWhenAllJoined(shard, group, nowMs);
}

/** Begins a rebalance. From now on members are told REBALANCE_IN_PROGRESS until they join. */
export function prepareRebalance(
  shard: GroupShard,
  group: ClassicGroup,
  reason: string,
  nowMs: number,
): Step {
  const { logger, timers } = shard.environment;
  if (group.state === "CompletingRebalance") dropAssignments(shard, group, "REBALANCE_IN_PROGRESS");
  group.pendingSyncs.clear();
  timers.cancel(syncTimer(group.groupId));
  logger.info(`Group ${group.groupId} in generation ${group.generationId} rebalances: ${reason}.`);
  group.moveTo("PreparingRebalance", nowMs);
  if (group.isInitialRebalance) {
    delayInitialRebalance(shard, group);
    return NOTHING;
  }
  if (group.hasAllJoined) return completeJoin(shard, group, nowMs);
  timers.set(joinTimer(group.groupId), group.members.rebalanceTimeoutMs(), (expiredMs) =>
    completeJoinByTimer(shard, group.groupId, expiredMs),
  );
  return NOTHING;
}

/** Begins the next generation if everybody has joined. An initial rebalance takes its time nevertheless. */
export function completeJoinWhenAllJoined(shard: GroupShard, group: ClassicGroup, nowMs: number): Step {
  const mayComplete = group.state === "PreparingRebalance" && !group.isInitialRebalance && group.hasAllJoined;
  return mayComplete ? completeJoin(shard, group, nowMs) : NOTHING;
}
