/**
 * The names of a consumer group's timers. Lengths stand in them because ids may hold any character.
 */
import type { GroupShard } from "../shard.ts";

const memberTimers = ["session", "rebalance", "join", "sync"] as const;
export type MemberTimer = (typeof memberTimers)[number];

/** Until when a member has to be heard of, to give up partitions, to join again, or to ask for its assignment. */
export function memberTimer(timer: MemberTimer, groupId: string, memberId: string): string {
  return `consumer ${timer} ${groupId.length} ${groupId} ${memberId}`;
}

/** When the group's regular expressions are held against the topics again. */
export function regexTimer(groupId: string): string {
  return `consumer regex ${groupId}`;
}

/** Calls off all that is waited for from a member. */
export function cancelTimers({ environment }: GroupShard, groupId: string, memberId: string): void {
  for (const timer of memberTimers) environment.timers.cancel(memberTimer(timer, groupId, memberId));
}
