/**
 * The range assignor: of each topic, every member that subscribes to it gets a run of partitions next to each other;
 * members are taken in the order of their ids. With the same subscriptions, partitions with the same number in
 * several topics go to the same member, so that topics can be joined.
 */
import type { Uuid } from "../../../protocol/uuid.ts";
import type { Assignment } from "../assignment.ts";
import type { Assignor, GroupSpec } from "./assignor.ts";

interface Topic {
  readonly partitionCount: number;
  subscribers: number;
  /** How many members got one partition more than the others. */
  extras: number;
  nextPartition: number;
}

export const rangeAssignor: Assignor = {
  name: "range",
  assign(group) {
    const memberIds = sortedMemberIds(group);
    const topics = countSubscribers(group);
    return new Map(memberIds.map((memberId) => [memberId, runs(group, topics, memberId)]));
  },
};

function countSubscribers(group: GroupSpec): Map<Uuid, Topic> {
  const topics = new Map<Uuid, Topic>();
  for (const { subscribedTopicIds } of group.members.values()) {
    for (const topicId of subscribedTopicIds) {
      const topic = topics.get(topicId);
      if (topic !== undefined) topic.subscribers++;
      else {
        const partitionCount = group.partitionCount(topicId);
        topics.set(topicId, { partitionCount, subscribers: 1, extras: 0, nextPartition: 0 });
      }
    }
  }
  return topics;
}

function runs(group: GroupSpec, topics: ReadonlyMap<Uuid, Topic>, memberId: string): Assignment {
  const assignment = new Map<Uuid, ReadonlySet<number>>();
  for (const topicId of group.members.get(memberId)?.subscribedTopicIds ?? []) {
    const topic = topics.get(topicId);
    const run = topic === undefined ? [] : nextRun(topic);
    if (run.length > 0) assignment.set(topicId, new Set(run));
  }
  return assignment;
}

function nextRun(topic: Topic): number[] {
  const { partitionCount, subscribers, nextPartition } = topic;
  const hasExtra = topic.extras < partitionCount % subscribers;
  if (hasExtra) topic.extras++;
  const length = Math.floor(partitionCount / subscribers) + (hasExtra ? 1 : 0);
  topic.nextPartition += length;
  return Array.from({ length }, (_, index) => nextPartition + index);
}

/** Static members by instance id first, then the others by member id. */
function sortedMemberIds({ members }: GroupSpec): string[] {
  return [...members]
    .sort(([memberId1, { instanceId: instanceId1 }], [memberId2, { instanceId: instanceId2 }]) => {
      if (instanceId1 !== null && instanceId2 !== null) return compare(instanceId1, instanceId2);
      if (instanceId1 !== null) return -1;
      if (instanceId2 !== null) return 1;
      return compare(memberId1, memberId2);
    })
    .map(([memberId]) => memberId);
}

/** As String.compareTo in Java: by UTF-16 code units. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
