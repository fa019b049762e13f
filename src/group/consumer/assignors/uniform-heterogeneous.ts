/**
 * The uniform assignor where members subscribe to different topics: everybody keeps what it may keep, what is free goes
 * to the least loaded subscribers, and then partitions are moved from those with most to those with least until nothing
 * moves any more. Kafka's algorithm, step by step, so that its results are Kafka's.
 */
import { type Uuid, uuidToBytes } from "../../../protocol/uuid.ts";
import type { Assignment } from "../assignment.ts";
import type { GroupSpec } from "./assignor.ts";
import { hashOfString, JavaHashMap } from "./java-hash-map.ts";
import { LoadBalancer } from "./load-balancer.ts";

/** Moving partitions of one topic can unbalance others, and so on in circles; it ends after so many rounds at latest. */
const MAX_ROUNDS = 16;
const NOBODY = -1;

interface Topic {
  readonly id: Uuid;
  /** By member index. */
  readonly subscribers: number[];
  /** By partition: the index of the member that is to have it, or NOBODY. */
  readonly owners: number[];
}

/** An assignment in the making. */
interface Draft {
  readonly memberIds: readonly string[];
  readonly topics: ReadonlyMap<Uuid, Topic>;
  /** By member index: how many partitions it is to have. */
  readonly sizes: number[];
}

export function assignUniformHeterogeneous(group: GroupSpec): Map<string, Assignment> {
  const draft = begin(group);
  if (draft.topics.size === 0) return new Map();
  keepOldPartitions(group, draft);
  const topics = [...draft.topics.values()].sort(inOrderOfAssignment);
  const balancer = new LoadBalancer(draft.sizes);
  for (const topic of topics) assignFreePartitions(draft, topic, balancer);
  balanceTopics(
    draft,
    topics.filter(({ subscribers }) => subscribers.length > 1),
    balancer,
  );
  return finish(draft);
}

function begin(group: GroupSpec): Draft {
  const members = new JavaHashMap<string, true>(hashOfString);
  for (const memberId of group.members.keys()) members.set(memberId, true);
  const memberIds = [...members.keys()];
  const topics = new Map<Uuid, Topic>();
  for (const [index, memberId] of memberIds.entries()) {
    for (const id of group.members.get(memberId)?.subscribedTopicIds ?? []) {
      let topic = topics.get(id);
      if (topic === undefined) {
        topic = { id, subscribers: [], owners: new Array<number>(group.partitionCount(id)).fill(NOBODY) };
        topics.set(id, topic);
      }
      topic.subscribers.push(index);
    }
  }
  return { memberIds, topics, sizes: new Array<number>(memberIds.length).fill(0) };
}

function keepOldPartitions(group: GroupSpec, { memberIds, topics, sizes }: Draft): void {
  for (const [index, memberId] of memberIds.entries()) {
    const member = group.members.get(memberId);
    for (const [topicId, partitions] of member?.assignment ?? []) {
      const owners = topics.get(topicId)?.owners;
      if (owners === undefined || !member?.subscribedTopicIds.has(topicId)) continue;
      sizes[index] = (sizes[index] ?? 0) + partitions.size;
      for (const partition of partitions) owners[partition] = index;
    }
  }
}

/** Topics with the most partitions per subscriber first. */
function inOrderOfAssignment(one: Topic, other: Topic): number {
  const share = other.owners.length / other.subscribers.length - one.owners.length / one.subscribers.length;
  return share || one.subscribers.length - other.subscribers.length || compareUuids(one.id, other.id);
}

function assignFreePartitions(draft: Draft, topic: Topic, balancer: LoadBalancer): void {
  if (!topic.owners.includes(NOBODY)) return;
  balancer.begin(topic.subscribers);
  for (const [partition, owner] of topic.owners.entries()) {
    if (owner === NOBODY) assign(draft, topic, partition, balancer.nextLeastLoaded());
  }
}

function assign({ sizes }: Draft, { owners }: Topic, partition: number, member: number): void {
  const previous = owners[partition] ?? NOBODY;
  if (previous !== NOBODY) sizes[previous] = (sizes[previous] ?? 0) - 1;
  owners[partition] = member;
  sizes[member] = (sizes[member] ?? 0) + 1;
}

function balanceTopics(draft: Draft, topics: readonly Topic[], balancer: LoadBalancer): void {
  let lastMoved: Topic | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const topic of topics) {
      // Nothing has moved since: all is balanced.
      if (topic === lastMoved) return;
      if (balanceTopic(draft, topic, balancer) || lastMoved === undefined) lastMoved = topic;
    }
  }
}

/** Moves a topic's partitions among its subscribers; says whether any moved. */
function balanceTopic(draft: Draft, topic: Topic, balancer: LoadBalancer): boolean {
  if (balancer.begin(topic.subscribers) <= 1) return false;
  const given = partitionsByOwner(topic);
  let moved = false;
  while (!balancer.isBalanced) {
    const partition = nextToGiveUp(given, balancer);
    if (partition === undefined) break;
    const receiver = balancer.nextLeastLoaded();
    if (balancer.isBalanced) break;
    assign(draft, topic, partition, receiver);
    moved = true;
  }
  return moved;
}

function partitionsByOwner({ owners }: Topic): Map<number, number[]> {
  const byOwner = new Map<number, number[]>();
  for (const [partition, owner] of owners.entries()) {
    const partitions = byOwner.get(owner);
    if (partitions === undefined) byOwner.set(owner, [partition]);
    else partitions.push(partition);
  }
  return byOwner;
}

function nextToGiveUp(byOwner: Map<number, number[]>, balancer: LoadBalancer): number | undefined {
  for (;;) {
    const giver = balancer.nextMostLoaded();
    if (giver === undefined) return undefined;
    const partition = byOwner.get(giver)?.pop();
    if (partition !== undefined) return partition;
    balancer.excludeMostLoaded();
  }
}

function finish({ memberIds, topics }: Draft): Map<string, Assignment> {
  const assignments = memberIds.map(() => new Map<Uuid, Set<number>>());
  for (const { id, owners } of topics.values()) {
    for (const [partition, owner] of owners.entries()) {
      const assignment = assignments[owner];
      const partitions = assignment?.get(id);
      if (partitions !== undefined) partitions.add(partition);
      else assignment?.set(id, new Set([partition]));
    }
  }
  return new Map(memberIds.map((memberId, index) => [memberId, assignments[index] ?? new Map()]));
}

/** As Uuid.compareTo in Kafka: two signed 64-bit numbers. */
function compareUuids(one: Uuid, other: Uuid): number {
  const a = uuidToBytes(one);
  const b = uuidToBytes(other);
  for (let at = 0; at < a.length; at++) {
    const flip = at % 8 === 0 ? 0x80 : 0;
    const order = ((a[at] ?? 0) ^ flip) - ((b[at] ?? 0) ^ flip);
    if (order !== 0) return order;
  }
  return 0;
}
