/**
 * How long members are waited for: one that lets its time pass is fenced, and its partitions go to others.
 */
import { answer, type Outcome } from "../../coordinator/outcome.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { Change } from "./change.ts";
import { fenceMembers } from "./fence.ts";
import type { ConsumerGroupMember } from "./member.ts";
import { type MemberTimer, memberTimer } from "./timer-keys.ts";

/** Begins a member's session anew: something is to be heard of it within `timeoutMs` milliseconds. */
export function renewSession(shard: GroupShard, groupId: string, memberId: string, timeoutMs: number): void {
  wait(shard, "session", groupId, memberId, timeoutMs, "nothing was heard of it in its session's time");
}

/** A member of the consumer protocol is to give partitions up, and to say so, within its rebalance timeout. */
export function awaitRevocation(shard: GroupShard, groupId: string, member: ConsumerGroupMember): void {
  const { memberId, memberEpoch, rebalanceTimeoutMs } = member;
  wait(
    shard,
    "rebalance",
    groupId,
    memberId,
    rebalanceTimeoutMs,
    `it didn't come from epoch ${memberEpoch} to the next in ${rebalanceTimeoutMs} ms`,
    memberEpoch,
  );
}

export function cancelRevocation({ environment }: GroupShard, groupId: string, memberId: string): void {
  environment.timers.cancel(memberTimer("rebalance", groupId, memberId));
}

/** A member of the classic protocol has been told to join again: once told, its time runs. */
export function awaitJoin(shard: GroupShard, groupId: string, member: ConsumerGroupMember): void {
  const { memberId, rebalanceTimeoutMs } = member;
  if (shard.environment.timers.has(memberTimer("join", groupId, memberId))) return;
  wait(shard, "join", groupId, memberId, rebalanceTimeoutMs, "it didn't join again in its rebalance timeout");
}

export function joined({ environment }: GroupShard, groupId: string, memberId: string): void {
  environment.timers.cancel(memberTimer("join", groupId, memberId));
}

/** A member of the classic protocol has joined, and is to ask for its assignment. */
export function awaitSync(shard: GroupShard, groupId: string, memberId: string, timeoutMs: number): void {
  wait(shard, "sync", groupId, memberId, timeoutMs, "it didn't sync in its rebalance timeout");
}

export function synced({ environment }: GroupShard, groupId: string, memberId: string): void {
  environment.timers.cancel(memberTimer("sync", groupId, memberId));
}

/** @param memberEpoch the epoch in which the member is waited for; any where it isn't given */
function wait(
  shard: GroupShard,
  timer: MemberTimer,
  groupId: string,
  memberId: string,
  timeoutMs: number,
  reason: string,
  memberEpoch?: number,
): void {
  shard.environment.timers.set(memberTimer(timer, groupId, memberId), timeoutMs, (nowMs) =>
    expire(shard, groupId, memberId, reason, memberEpoch, nowMs),
  );
}

function expire(
  shard: GroupShard,
  groupId: string,
  memberId: string,
  reason: string,
  memberEpoch: number | undefined,
  nowMs: number,
): Outcome<GroupRecord, void> {
  const group = shard.groups.get(groupId);
  const member = group?.type === "consumer" ? group.members.get(memberId) : undefined;
  if (group?.type !== "consumer" || member === undefined) return answer(undefined);
  if (memberEpoch !== undefined && memberEpoch !== member.memberEpoch) return answer(undefined);
  shard.environment.logger.info(`Group ${groupId}: ${memberId} is fenced: ${reason}.`);
  const change = new Change(shard, nowMs);
  fenceMembers(change, group, [member]);
  return change.outcome(undefined);
}
