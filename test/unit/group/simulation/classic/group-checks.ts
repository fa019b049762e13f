/**
 * What must hold of a group at any time, and of its log.
 */
import type { ClassicGroup } from "../../../../../src/group/classic/group.ts";
import { joinTimer, sessionTimer, syncTimer } from "../../../../../src/group/classic/timer-keys.ts";
import type { GroupShard } from "../../../../../src/group/shard.ts";
import type { GroupBench } from "../../classic/support/bench.ts";
import { GROUP } from "./client.ts";

/** Throws when the parts of a group's state contradict each other. */
export function checkGroup(group: ClassicGroup): void {
  const members = [...group.members];
  const waiting = members.filter((member) => member.isAwaitingJoin).length;
  check(waiting === group.members.awaitingJoinCount, "who waits for a join is counted wrong");
  check(group.state !== "Empty" || members.length === 0, "an empty group has members");
  check(group.state !== "Stable" || members.length > 0, "a stable group has no members");
  check(members.length === 0 || group.members.has(group.leaderId ?? ""), "the leader is no member");
  for (const member of members) {
    const { memberId, groupInstanceId } = member;
    if (groupInstanceId !== null) {
      check(group.members.idOfInstance(groupInstanceId) === memberId, "a static member isn't found");
    }
    check(!group.pendingJoins.has(memberId), "a member is to use its id for the first time");
    check(group.state === "PreparingRebalance" || !member.isAwaitingJoin, "a join waits for nothing");
    check(group.state === "CompletingRebalance" || !member.awaitedSync, "a sync waits for nothing");
    const offersIt = member.metadataFor(group.protocolName) !== undefined;
    check(group.state === "PreparingRebalance" || offersIt, "a member doesn't offer the group's protocol");
  }
  for (const memberId of group.pendingSyncs) {
    check(group.members.has(memberId), "a sync is expected of who is no member");
  }
}

/** Throws when a group waits for something without a limit. */
export function checkTimers(bench: GroupBench, group: ClassicGroup): void {
  const { groupId, state, members, pendingJoins, pendingSyncs } = group;
  const expected = [...members]
    .filter((member) => !member.hasSatisfiedHeartbeat)
    .map((member) => member.memberId);
  for (const memberId of [...expected, ...pendingJoins]) {
    check(bench.hasTimer(sessionTimer(groupId, memberId)), "a member has no session");
  }
  check(state !== "PreparingRebalance" || bench.hasTimer(joinTimer(groupId)), "a rebalance has no limit");
  check(pendingSyncs.size === 0 || bench.hasTimer(syncTimer(groupId)), "a sync has no limit");
}

/** Throws when the log, or what compaction leaves of it, leads to another state than the one there is. */
export function checkReplay(bench: GroupBench): void {
  const live = bench.group(GROUP);
  if (live.state !== "Stable" && live.state !== "Empty") return;
  const last = bench.records(bench.log.length - 1)[0]?.value;
  const isWritten =
    last !== undefined && last !== null && "generation" in last && last.generation === live.generationId;
  // That a group has become empty counts even if it couldn't be written.
  check(isWritten || (live.state === "Empty" && bench.failedWrites > 0), "a generation isn't in the log");
  if (!isWritten) return;
  const now = written(live);
  for (const shard of [bench.loaded(), bench.loaded(bench.compacted())]) {
    const replayed = classic(shard);
    check(replayed !== undefined && written(replayed) === now, "the log leads to another state");
  }
}

function classic(shard: GroupShard): ClassicGroup | undefined {
  const group = shard.groups.get(GROUP);
  return group?.type === "classic" ? group : undefined;
}

/** What of a group stands in the log, as text. */
function written(group: ClassicGroup): string {
  const { state, stateSinceMs, generationId, protocolType, protocolName, leaderId } = group;
  const members = Array.from(group.members, (member) => [
    member.memberId,
    member.groupInstanceId,
    member.clientId,
    member.clientHost,
    member.rebalanceTimeoutMs,
    member.sessionTimeoutMs,
    member.metadataFor(protocolName)?.toString("hex"),
    member.assignment.toString("hex"),
  ]);
  const topics = [...(group.topics ?? [])].sort();
  return JSON.stringify([
    state,
    stateSinceMs,
    generationId,
    protocolType,
    protocolName,
    leaderId,
    topics,
    members,
  ]);
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
