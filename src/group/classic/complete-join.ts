/**
 * The end of a rebalance's first half: whoever has joined makes up the next generation, and is told so.
 */
import type { GroupShard } from "../shard.ts";
import { dismiss } from "./dismiss.ts";
import { classicGroup } from "./find-group.ts";
import type { ClassicGroup } from "./group.ts";
import { awaitSyncs } from "./pending-syncs.ts";
import { groupMetadata } from "./record.ts";
import { joined } from "./replies.ts";
import { renewSession } from "./session.ts";
import { NOTHING, type Step } from "./step.ts";
import { joinTimer } from "./timer-keys.ts";

/** The time to join again is over. */
export function completeJoinByTimer(shard: GroupShard, groupId: string, nowMs: number): Step {
  const group = classicGroup(shard, groupId);
  return group?.state === "PreparingRebalance" ? completeJoin(shard, group, nowMs) : NOTHING;
}

/**
 * Begins the next generation of a group in PreparingRebalance. Dynamic members that have not joined are out; static ones
 * stay until their session ends. Where nobody has joined at all, the group waits on, for sessions to end.
 */
export function completeJoin(shard: GroupShard, group: ClassicGroup, nowMs: number): Step {
  const { logger, timers } = shard.environment;
  timers.cancel(joinTimer(group.groupId));
  removeAbsent(shard, group);
  if (group.members.size > 0 && !electLeader(group)) {
    logger.warn(`Group ${group.groupId} can't rebalance: no member has joined again.`);
    timers.set(joinTimer(group.groupId), group.members.rebalanceTimeoutMs(), (expiredMs) =>
      completeJoinByTimer(shard, group.groupId, expiredMs),
    );
    return NOTHING;
  }
  group.beginGeneration(nowMs);
  if (group.state === "Empty") return becomeEmpty(shard, group);
  logger.info(
    `Group ${group.groupId} is in generation ${group.generationId} with ${group.members.size} members.`,
  );
  tellGeneration(shard, group);
  return NOTHING;
}

function removeAbsent(shard: GroupShard, group: ClassicGroup): void {
  const absent = [...group.members].filter((member) => !member.isAwaitingJoin && !member.isStatic);
  for (const { memberId } of absent) {
    shard.environment.logger.info(`Group ${group.groupId}: ${memberId} did not join again; it is removed.`);
    dismiss(shard, group, memberId);
  }
}

/** Lets a member lead that is there: the leader if it has joined, else the first one that has. */
function electLeader(group: ClassicGroup): boolean {
  const leader = group.leaderId === null ? undefined : group.members.get(group.leaderId);
  if (leader?.isAwaitingJoin) return true;
  const present = [...group.members].find((member) => member.isAwaitingJoin);
  if (present === undefined) return false;
  group.leaderId = present.memberId;
  return true;
}

/**
 * If that can't be written, the last generation comes back with the next load; its members are gone and their sessions
 * end then. So there is nothing to take back.
 */
function becomeEmpty({ environment: { logger } }: GroupShard, group: ClassicGroup): Step {
  logger.info(`Group ${group.groupId} is empty, in generation ${group.generationId}.`);
  return {
    records: [groupMetadata(group)],
    reply: undefined,
    afterwards(failure) {
      if (failure === undefined) return;
      logger.warn(`That group ${group.groupId} is empty could not be written: ${failure.message}`);
    },
  };
}

function tellGeneration(shard: GroupShard, group: ClassicGroup): void {
  for (const member of group.members) {
    group.members.answerJoin(member, joined(group, member.memberId));
    renewSession(shard, group, member);
    member.isNew = false;
    group.pendingSyncs.add(member.memberId);
  }
  awaitSyncs(shard, group);
}
