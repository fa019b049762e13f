/**
 * What the leader of a classic group does: it shares the partitions out among members, who are in the order of their ids.
 */
import type { JoinGroupReply } from "../../../../../src/group/classic/member.ts";
import {
  decodeSubscription,
  encodeAssignment,
  withTopicIds,
} from "../../../../../src/group/consumer/classic-protocol.ts";
import type { TopicsView } from "../../../../../src/group/environment.ts";
import { keysOf, listed } from "./consumer-client.ts";

interface Assigned {
  readonly memberId: string;
  readonly assignment: Buffer;
}

/** @param isCooperative whether a partition goes to nobody as long as another says that it has it */
export function assign(
  members: JoinGroupReply["members"],
  topics: TopicsView,
  isCooperative: boolean,
): Assigned[] {
  const sorted = members
    .map(({ memberId, metadata }) => ({ memberId, metadata, subscription: decodeSubscription(metadata) }))
    .sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const owners = ownersOf(sorted, topics);
  const shares = new Map(sorted.map(({ memberId }) => [memberId, new Set<string>()]));
  for (const name of new Set(sorted.flatMap(({ subscription }) => subscription.topics))) {
    const topic = topics.byName(name);
    const subscribers = sorted.filter(({ subscription }) => subscription.topics.includes(name));
    for (let partition = 0; partition < (topic?.partitionCount ?? 0); partition++) {
      const key = `${topic?.id}:${partition}`;
      const memberId = subscribers[partition % subscribers.length]?.memberId ?? "";
      const owner = owners.get(key) ?? memberId;
      if (!isCooperative || owner === memberId) shares.get(memberId)?.add(key);
    }
  }
  return sorted.map(({ memberId, metadata }) => {
    const list = listed(shares.get(memberId) ?? new Set());
    const assignment = new Map(list.map(({ topicId, partitions }) => [topicId, new Set(partitions)]));
    return { memberId, assignment: encodeAssignment(assignment, topics, metadata) };
  });
}

type Member = { readonly memberId: string; readonly subscription: ReturnType<typeof decodeSubscription> };

/** Who has a partition, by what the members say; of two who say so, the one of the later generation. */
function ownersOf(members: readonly Member[], topics: TopicsView): Map<string, string> {
  const owners = new Map<string, string>();
  const byGeneration = members.toSorted((a, b) => a.subscription.generationId - b.subscription.generationId);
  for (const { memberId, subscription } of byGeneration) {
    for (const key of keysOf(withTopicIds(subscription.ownedPartitions, topics))) owners.set(key, memberId);
  }
  return owners;
}
