/**
 * The session of a classic group's member: it is taken for dead when nothing is heard of it for too long.
 */
import type { GroupShard } from "../shard.ts";
import type { ClassicGroup } from "./group.ts";
import type { ClassicMember } from "./member.ts";
import { sessionTimer } from "./timer-keys.ts";

/** Begins a member's session anew; it lasts as long as the member asked for, or `timeoutMs` milliseconds. */
export function renewSession(
  shard: GroupShard,
  group: ClassicGroup,
  member: ClassicMember,
  timeoutMs = member.sessionTimeoutMs,
): void {
  awaitSign(shard, group.groupId, member.memberId, timeoutMs);
}

/** Hands out a member id, with which a second join is expected within `timeoutMs` milliseconds (KIP-394). */
export function awaitSecondJoin(
  shard: GroupShard,
  group: ClassicGroup,
  memberId: string,
  timeoutMs: number,
): void {
  group.pendingJoins.add(memberId);
  awaitSign(shard, group.groupId, memberId, timeoutMs);
}

function awaitSign(shard: GroupShard, groupId: string, memberId: string, timeoutMs: number): void {
  shard.environment.timers.set(sessionTimer(groupId, memberId), timeoutMs, (nowMs) =>
    shard.expiry.session(groupId, memberId, nowMs),
  );
}
