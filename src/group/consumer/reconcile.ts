/**
 * Brings a member one step nearer to its target assignment (KIP-848): it gives up first what it isn't to have any more,
 * and gets only what nobody has.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import type { TopicsView } from "../environment.ts";
import {
  type Assignment,
  type AssignmentWithEpochs,
  epochsOf,
  includesAny,
  NO_PARTITIONS,
  partitionsOf,
  type TopicPartitions,
} from "./assignment.ts";
import { type ConsumerGroupMember, MemberState } from "./member.ts";

export interface Reconciliation {
  readonly targetEpoch: number;
  readonly target: Assignment;
  /** Whether this request changes what the member subscribes to: it may have to give up topics at once. */
  readonly subscriptionChanged: boolean;
  /** All topics that it subscribes to. */
  readonly subscribedTopicNames: ReadonlySet<string>;
  readonly topics: TopicsView;
  isOwned(topicId: Uuid, partition: number): boolean;
  /** What it says it has; null where it says nothing of that. */
  readonly ownedPartitions: readonly TopicPartitions[] | null;
}

/**
 * The member after its next step; the same object where there is none to take.
 *
 * @throws KafkaError FENCED_MEMBER_EPOCH for a member in a state that a later version of Kafka has put it in
 */
export function reconcile(member: ConsumerGroupMember, given: Reconciliation): ConsumerGroupMember {
  switch (member.state) {
    case MemberState.STABLE:
      if (member.memberEpoch !== given.targetEpoch) return nextStep(member, given);
      return given.subscriptionChanged ? giveUpUnsubscribed(member, given) : member;
    case MemberState.UNREVOKED_PARTITIONS:
      if (!stillHas(member.partitionsPendingRevocation, given)) return nextStep(member, given);
      return given.subscriptionChanged ? giveUpUnsubscribed(member, given) : member;
    case MemberState.UNRELEASED_PARTITIONS:
      return nextStep(member, given);
    case MemberState.UNKNOWN:
      if (given.ownedPartitions?.length === 0) return nextStep(member, given, given.targetEpoch);
      throw new KafkaError(
        "FENCED_MEMBER_EPOCH",
        "The consumer group member is in a unknown state. The member must abandon all its partitions and rejoin.",
      );
  }
}

/** Whether the member may still have some of these: it says so, or says nothing. */
function stillHas(partitions: AssignmentWithEpochs, { ownedPartitions }: Reconciliation): boolean {
  return ownedPartitions === null || includesAny(partitions, ownedPartitions);
}

function isSubscribed(topicId: Uuid, { topics, subscribedTopicNames }: Reconciliation): boolean {
  const topic = topics.byId(topicId);
  return topic !== undefined && subscribedTopicNames.has(topic.name);
}

/** Within its epoch: topics that it doesn't subscribe to any more are to be given up before the next assignment. */
function giveUpUnsubscribed(member: ConsumerGroupMember, given: Reconciliation): ConsumerGroupMember {
  const kept = new Map<Uuid, ReadonlyMap<number, number>>();
  const revoked = new Map(member.partitionsPendingRevocation);
  for (const [topicId, epochs] of member.assignedPartitions) {
    if (isSubscribed(topicId, given)) kept.set(topicId, epochs);
    else revoked.set(topicId, new Map([...epochsOf(revoked, topicId), ...epochs]));
  }
  // As Kafka: one that subscribes to nothing, and has nothing to give up, is written down once more.
  const leavesAll = given.subscribedTopicNames.size === 0 && member.partitionsPendingRevocation.size === 0;
  if (kept.size === member.assignedPartitions.size && !leavesAll) return member;
  const updated = { ...member, previousMemberEpoch: member.memberEpoch, assignedPartitions: kept };
  if (revoked.size === 0 || !stillHas(revoked, given)) return updated;
  return { ...updated, state: MemberState.UNREVOKED_PARTITIONS, partitionsPendingRevocation: revoked };
}

interface Difference {
  /** What it has and is to have. */
  readonly kept: Map<Uuid, Map<number, number>>;
  /** What it has and is not to have. */
  readonly revoked: Map<Uuid, Map<number, number>>;
  /** What it is to have and may take now. */
  readonly free: [Uuid, number][];
  /** Whether there is more that it is to have, and somebody else still has. */
  readonly hasUnreleased: boolean;
}

function nextStep(
  member: ConsumerGroupMember,
  given: Reconciliation,
  memberEpoch = member.memberEpoch,
): ConsumerGroupMember {
  const { kept, revoked, free, hasUnreleased } = difference(member, given);
  const updated = { ...member, previousMemberEpoch: member.memberEpoch, assignedPartitions: kept };
  if (revoked.size > 0 && stillHas(revoked, given)) {
    return {
      ...updated,
      state: MemberState.UNREVOKED_PARTITIONS,
      memberEpoch,
      partitionsPendingRevocation: revoked,
    };
  }
  for (const [topicId, partition] of free) addEpoch(kept, topicId, partition, given.targetEpoch);
  return {
    ...updated,
    state: hasUnreleased ? MemberState.UNRELEASED_PARTITIONS : MemberState.STABLE,
    memberEpoch: given.targetEpoch,
    partitionsPendingRevocation: NO_PARTITIONS,
  };
}

function difference(member: ConsumerGroupMember, given: Reconciliation): Difference {
  const kept: Difference["kept"] = new Map();
  const revoked: Difference["revoked"] = new Map();
  const free: [Uuid, number][] = [];
  let hasUnreleased = false;
  for (const topicId of new Set([...given.target.keys(), ...member.assignedPartitions.keys()])) {
    const target = isSubscribed(topicId, given) ? partitionsOf(given.target, topicId) : new Set<number>();
    const current = epochsOf(member.assignedPartitions, topicId);
    for (const [partition, epoch] of current) {
      addEpoch(target.has(partition) ? kept : revoked, topicId, partition, epoch);
    }
    const givenUp = epochsOf(member.partitionsPendingRevocation, topicId);
    for (const partition of target) {
      if (current.has(partition)) continue;
      if (givenUp.has(partition) || !given.isOwned(topicId, partition)) free.push([topicId, partition]);
      else hasUnreleased = true;
    }
  }
  return { kept, revoked, free, hasUnreleased };
}

function addEpoch(
  assignment: Map<Uuid, Map<number, number>>,
  topicId: Uuid,
  partition: number,
  epoch: number,
): void {
  const epochs = assignment.get(topicId);
  if (epochs === undefined) assignment.set(topicId, new Map([[partition, epoch]]));
  else epochs.set(partition, epoch);
}
