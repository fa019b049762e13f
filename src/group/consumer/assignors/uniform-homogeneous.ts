/**
 * The uniform assignor where all members subscribe to the same topics: everybody keeps what it has up to its share,
 * and the rest goes to those who have less. Kafka's algorithm, step by step, so that its results are Kafka's.
 */
import type { Uuid } from "../../../protocol/uuid.ts";
import type { Assignment } from "../assignment.ts";
import type { GroupSpec, MemberSpec } from "./assignor.ts";
import { hashOfInt, hashOfString, hashOfUuid, inHashSetOrder, JavaHashMap } from "./java-hash-map.ts";

type OrderedAssignment = JavaHashMap<Uuid, JavaHashMap<number, true>>;

interface Partition {
  readonly topicId: Uuid;
  readonly partition: number;
}

interface Share {
  readonly memberId: string;
  readonly assignment: OrderedAssignment;
  readonly changed: boolean;
  /** How many partitions it may still get. */
  readonly quota: number;
}

export function assignUniformHomogeneous(group: GroupSpec): Map<string, Assignment> {
  const members = inMemberOrder(group);
  const topicIds = inHashSetOrder(firstOf(members).subscribedTopicIds, hashOfUuid);
  if (topicIds.size === 0) return new Map();
  const { unassigned, count } = unassignedPartitions(group, topicIds);
  const shares = keepShares(members, topicIds, unassigned, count);
  fillUp(shares, unassigned);
  return new Map(
    shares.map(({ memberId, assignment, changed }) => {
      const old = group.members.get(memberId)?.assignment;
      return [memberId, changed || old === undefined ? plain(assignment) : old];
    }),
  );
}

/** The members in the order in which Kafka has them. */
function inMemberOrder(group: GroupSpec): [string, MemberSpec][] {
  const members = new JavaHashMap<string, MemberSpec>(hashOfString);
  for (const [memberId, member] of group.members) members.set(memberId, member);
  return [...members.entries()];
}

function firstOf(members: readonly [string, MemberSpec][]): MemberSpec {
  const first = members[0];
  if (first === undefined) throw new Error("an assignment for no members");
  return first[1];
}

/** What nobody was to have so far, and how many partitions there are in all. */
function unassignedPartitions(group: GroupSpec, topicIds: JavaHashMap<Uuid, true>) {
  const unassigned: Partition[] = [];
  let count = 0;
  for (const topicId of topicIds.keys()) {
    const assigned = new Set<number>();
    for (const { assignment } of group.members.values()) {
      for (const partition of assignment.get(topicId) ?? []) assigned.add(partition);
    }
    const partitionCount = group.partitionCount(topicId);
    for (let partition = 0; partition < partitionCount; partition++) {
      if (!assigned.has(partition)) unassigned.push({ topicId, partition });
    }
    count += partitionCount;
  }
  return { unassigned, count };
}

/**
 * What each member keeps of what it was to have: as much as its share allows. What it loses joins `unassigned`. Of the
 * shares that are one greater, as many as there must be, those go first who come first or need them.
 */
function keepShares(
  members: readonly [string, MemberSpec][],
  topicIds: JavaHashMap<Uuid, true>,
  unassigned: Partition[],
  partitionCount: number,
): Share[] {
  const minimumQuota = Math.floor(partitionCount / members.length);
  let extras = partitionCount % members.length;
  return members.map(([memberId, { assignment: old }], index) => {
    let hasExtra = extras > 0;
    const kept = keep(old, topicIds, unassigned, minimumQuota + (hasExtra ? 1 : 0));
    let quota = kept.quota;
    if (quota > 0 && hasExtra && members.length - index > extras) {
      // It doesn't need the extra partition, and there are members enough after it who may.
      quota--;
      hasExtra = false;
    }
    if (hasExtra) extras--;
    return { memberId, assignment: kept.assignment, changed: kept.changed, quota };
  });
}

function keep(old: Assignment, topicIds: JavaHashMap<Uuid, true>, unassigned: Partition[], most: number) {
  const before = ordered(old);
  let assignment = before;
  let quota = most;
  for (const [topicId, partitions] of before.entries()) {
    const subscribed = topicIds.get(topicId) === true;
    if (subscribed && partitions.size <= quota) {
      quota -= partitions.size;
      continue;
    }
    if (assignment === before) assignment = copy(before);
    if (subscribed) quota = revokeBeyond(quota, topicId, partitions, assignment, unassigned);
    else assignment.delete(topicId);
  }
  return { assignment, changed: assignment !== before, quota };
}

function revokeBeyond(
  quota: number,
  topicId: Uuid,
  partitions: JavaHashMap<number, true>,
  assignment: OrderedAssignment,
  unassigned: Partition[],
): number {
  const left = assignment.get(topicId);
  let rest = quota;
  for (const partition of partitions.keys()) {
    if (rest > 0) {
      rest--;
      continue;
    }
    left?.delete(partition);
    unassigned.push({ topicId, partition });
  }
  if (left?.size === 0) assignment.delete(topicId);
  return rest;
}

/** Gives out `unassigned` in its order, to the members in theirs. */
function fillUp(shares: Share[], unassigned: readonly Partition[]): void {
  let next = 0;
  for (const [index, share] of shares.entries()) {
    if (share.quota === 0) continue;
    const assignment = share.changed ? share.assignment : copy(share.assignment);
    for (const { topicId, partition } of unassigned.slice(next, next + share.quota)) {
      const partitions = assignment.computeIfAbsent(topicId, () => new JavaHashMap(hashOfInt));
      partitions.set(partition, true);
    }
    next = Math.min(next + share.quota, unassigned.length);
    shares[index] = { ...share, assignment, changed: true };
  }
  if (next < unassigned.length) throw new Error("Partitions were left unassigned");
}

/** As Kafka has it after reading it from a record. */
function ordered(assignment: Assignment): OrderedAssignment {
  const result: OrderedAssignment = new JavaHashMap(hashOfUuid);
  for (const [topicId, partitions] of assignment) result.set(topicId, inHashSetOrder(partitions, hashOfInt));
  return result;
}

function copy(assignment: OrderedAssignment): OrderedAssignment {
  const result: OrderedAssignment = new JavaHashMap(hashOfUuid, assignment.size);
  for (const [topicId, partitions] of assignment.entries()) {
    result.set(topicId, inHashSetOrder(partitions.keys(), hashOfInt));
  }
  return result;
}

function plain(assignment: OrderedAssignment): Assignment {
  return new Map(
    [...assignment.entries()].map(([topicId, partitions]) => [topicId, new Set(partitions.keys())]),
  );
}
