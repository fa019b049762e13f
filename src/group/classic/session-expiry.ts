/**
 * The end of a session: the member is out, and the others rebalance.
 */
import type { GroupShard } from "../shard.ts";
import { completeJoin } from "./complete-join.ts";
import { dismiss } from "./dismiss.ts";
import { classicGroup } from "./find-group.ts";
import type { ClassicGroup } from "./group.ts";
import { prepareRebalance } from "./rebalance.ts";
import { NOTHING, type Step } from "./step.ts";

/** Nothing was heard in time of a member, or of somebody who was given a member id. */
export function sessionExpired(shard: GroupShard, groupId: string, memberId: string, nowMs: number): Step {
  const group = classicGroup(shard, groupId);
  if (group === undefined || group.state === "Dead") return NOTHING;
  const { logger } = shard.environment;
  if (group.pendingJoins.has(memberId)) {
    logger.info(`Group ${groupId}: ${memberId} was to join with the id it was given, and did not.`);
    group.remove(memberId);
    return completeJoinWithoutDelay(shard, group, nowMs);
  }
  const member = group.members.get(memberId);
  if (member === undefined || member.hasSatisfiedHeartbeat) return NOTHING;
  logger.info(`Group ${groupId}: nothing was heard of ${memberId} in its session's time; it is removed.`);
  dismiss(shard, group, memberId);
  return group.canRebalance
    ? prepareRebalance(shard, group, `the session of ${memberId} has expired`, nowMs)
    : completeJoinWithoutDelay(shard, group, nowMs);
}

/** Unlike a member that leaves, one that is lost ends the wait of an initial rebalance too if no other is waited for. */
function completeJoinWithoutDelay(shard: GroupShard, group: ClassicGroup, nowMs: number): Step {
  const mayComplete = group.state === "PreparingRebalance" && group.hasAllJoined;
  return mayComplete ? completeJoin(shard, group, nowMs) : NOTHING;
}
