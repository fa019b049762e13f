/**
 * What happens to a classic group when its coordinator has loaded it, or gives it up.
 */
import type { ErrorName } from "../../protocol/errors.ts";
import type { GroupShard } from "../shard.ts";
import type { ClassicGroup } from "./group.ts";
import { prepareRebalance } from "./rebalance.ts";
import { joinError, syncError } from "./replies.ts";
import { renewSession } from "./session.ts";
import { joinTimer, sessionTimer, syncTimer } from "./timer-keys.ts";

/** The group has been loaded: its members are given the time of a session to be heard of. */
export function groupLoaded(shard: GroupShard, group: ClassicGroup, nowMs: number): void {
  const { config } = shard.environment;
  for (const member of group.members) renewSession(shard, group, member);
  // The limit has been lowered. Members get the chance to commit their offsets before some are turned away.
  if (group.members.size > config.groupMaxSize) {
    prepareRebalance(shard, group, `it has more members than ${config.groupMaxSize}`, nowMs);
  }
}

/** The coordinator gives the group up: whoever waits is sent to look for another. */
export function groupUnloaded(group: ClassicGroup, error: ErrorName): void {
  answerAllWaiting(group, error);
  group.state = "Dead";
}

/**
 * The group is about to be replaced by one of another type: ends all timers, and has whoever waits join again.
 * `REBALANCE_IN_PROGRESS` is what Kafka tells them.
 */
export function retireGroup(shard: GroupShard, group: ClassicGroup): void {
  const { timers } = shard.environment;
  for (const { memberId } of group.members) timers.cancel(sessionTimer(group.groupId, memberId));
  for (const memberId of group.pendingJoins) timers.cancel(sessionTimer(group.groupId, memberId));
  timers.cancel(joinTimer(group.groupId));
  timers.cancel(syncTimer(group.groupId));
  answerAllWaiting(group, "REBALANCE_IN_PROGRESS");
}

function answerAllWaiting(group: ClassicGroup, error: ErrorName): void {
  for (const member of group.members) {
    group.members.answerJoin(member, joinError(error, member.memberId));
    member.answerSync(syncError(error));
  }
}
