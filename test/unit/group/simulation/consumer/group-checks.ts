/**
 * What must hold of a consumer group at any time.
 */
import type { ConsumerGroup } from "../../../../../src/group/consumer/group.ts";
import { MemberState, STATIC_LEAVE_EPOCH } from "../../../../../src/group/consumer/member.ts";
import { memberTimer } from "../../../../../src/group/consumer/timer-keys.ts";
import type { ConsumerBench } from "../../consumer/support/bench.ts";
import { fingerprint } from "./fingerprint.ts";

/** Throws when two members of the group have one partition, or are to have. */
export function checkPartitions(group: ConsumerGroup): void {
  const owners = new Map<string, string>();
  for (const { memberId, assignedPartitions, partitionsPendingRevocation } of group.members.values()) {
    for (const assignment of [assignedPartitions, partitionsPendingRevocation]) {
      for (const [topicId, partitions] of assignment) {
        for (const partition of partitions.keys()) {
          const key = `${topicId}:${partition}`;
          const owner = owners.get(key);
          if (owner !== undefined) throw new Error(`${key} belongs to ${owner} and to ${memberId}`);
          owners.set(key, memberId);
          check(group.isOwned(topicId, partition), `${key} belongs to ${memberId}, and passes for free`);
        }
      }
    }
  }
  const targets = new Map<string, string>();
  for (const [memberId, assignment] of group.targetAssignment) {
    for (const [topicId, partitions] of assignment) {
      for (const partition of partitions) {
        const key = `${topicId}:${partition}`;
        const other = targets.get(key);
        if (other !== undefined) throw new Error(`${key} is to be ${other}'s and ${memberId}'s`);
        targets.set(key, memberId);
      }
    }
  }
}

/** Throws when a member is waited for without a limit. */
export function checkTimers(bench: ConsumerBench, group: ConsumerGroup): void {
  for (const { memberId, memberEpoch, state, classicMemberMetadata } of group.members.values()) {
    check(bench.hasTimer(memberTimer("session", group.groupId, memberId)), `${memberId} has no session`);
    // A static member that has gone for a while has given up everything.
    if (state !== MemberState.UNREVOKED_PARTITIONS || memberEpoch === STATIC_LEAVE_EPOCH) continue;
    if (classicMemberMetadata !== null) continue;
    check(
      bench.hasTimer(memberTimer("rebalance", group.groupId, memberId)),
      `${memberId} may revoke for ever`,
    );
  }
}

/** Throws when the log, or what compaction leaves of it, leads to another group than the one there is. */
export function checkReplay(bench: ConsumerBench, group: ConsumerGroup): void {
  const live = fingerprint(group);
  for (const shard of [bench.loaded(), bench.loaded(bench.compacted())]) {
    const replayed = shard.groups.get(group.groupId);
    if (replayed?.type !== "consumer") throw new Error("the log leads to no consumer group");
    const text = fingerprint(replayed);
    if (text !== live) throw new Error(`the log leads to ${text}, not to ${live}`);
  }
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
