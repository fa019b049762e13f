/**
 * The first rebalance of a group waits `group.initial.rebalance.delay.ms` for more members, and as long again whenever
 * one has come, up to the rebalance timeout (KIP-134). So a group that starts up rebalances once and not once a member.
 */
import type { GroupShard } from "../shard.ts";
import { completeJoin } from "./complete-join.ts";
import { classicGroup } from "./find-group.ts";
import type { ClassicGroup } from "./group.ts";
import { NOTHING, type Step } from "./step.ts";
import { joinTimer } from "./timer-keys.ts";

/** Sets the timer at whose end the first generation begins, or the wait is extended. */
export function delayInitialRebalance(shard: GroupShard, group: ClassicGroup): void {
  const delayMs = shard.environment.config.groupInitialRebalanceDelayMs;
  wait(shard, group.groupId, delayMs, Math.max(group.members.rebalanceTimeoutMs() - delayMs, 0));
}

/** @param remainingMs how much longer than `delayMs` the wait may become */
function wait(shard: GroupShard, groupId: string, delayMs: number, remainingMs: number): void {
  shard.environment.timers.set(joinTimer(groupId), delayMs, (nowMs) =>
    extendOrComplete(shard, groupId, delayMs, remainingMs, nowMs),
  );
}

function extendOrComplete(
  shard: GroupShard,
  groupId: string,
  delayMs: number,
  remainingMs: number,
  nowMs: number,
): Step {
  const group = classicGroup(shard, groupId);
  if (group?.state !== "PreparingRebalance") return NOTHING;
  if (!group.newMemberAdded || remainingMs === 0) return completeJoin(shard, group, nowMs);
  group.newMemberAdded = false;
  const nextDelayMs = Math.min(shard.environment.config.groupInitialRebalanceDelayMs, remainingMs);
  wait(shard, groupId, nextDelayMs, Math.max(remainingMs - delayMs, 0));
  return NOTHING;
}
