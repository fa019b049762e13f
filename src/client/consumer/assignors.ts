/**
 * How the leader of a classic group divides the partitions among the members (KIP-54 and before).
 */

import { invalid } from "../settings.ts";
import type { TopicPartition } from "../topics.ts";

export interface GroupMember {
  readonly memberId: string;
  readonly topics: readonly string[];
}

export interface Assignor {
  readonly name: string;
  /** The partitions of every member. `partitionCounts` has the topics that there are. */
  assign(
    members: readonly GroupMember[],
    partitionCounts: ReadonlyMap<string, number>,
  ): ReadonlyMap<string, TopicPartition[]>;
}

/** Of each topic every member that wants it gets a run of partitions next to each other; the first ones get one more. */
const range: Assignor = {
  name: "range",
  assign(members, partitionCounts) {
    const assignment = emptyAssignment(members);
    for (const [topic, partitionCount] of partitionCounts) {
      const takers = [...assignment.keys()].filter((memberId) => wants(members, memberId, topic));
      let next = 0;
      for (const [index, memberId] of takers.entries()) {
        const share =
          Math.floor(partitionCount / takers.length) + (index < partitionCount % takers.length ? 1 : 0);
        for (const end = next + share; next < end; next++) {
          assignment.get(memberId)?.push({ topic, partition: next });
        }
      }
    }
    return assignment;
  },
};

/** All partitions in a row are dealt out one by one. */
const roundRobin: Assignor = {
  name: "roundrobin",
  assign(members, partitionCounts) {
    const assignment = emptyAssignment(members);
    const memberIds = [...assignment.keys()];
    let turn = 0;
    for (const [topic, partitionCount] of [...partitionCounts].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!members.some(({ topics }) => topics.includes(topic))) continue;
      for (let partition = 0; partition < partitionCount; partition++) {
        while (!wants(members, memberIds[turn % memberIds.length] ?? "", topic)) turn++;
        assignment.get(memberIds[turn++ % memberIds.length] ?? "")?.push({ topic, partition });
      }
    }
    return assignment;
  },
};

/** Members are taken in the order of their ids. */
function emptyAssignment(members: readonly GroupMember[]): Map<string, TopicPartition[]> {
  const memberIds = members.map(({ memberId }) => memberId).sort((a, b) => (a < b ? -1 : 1));
  return new Map(memberIds.map((memberId) => [memberId, []]));
}

function wants(members: readonly GroupMember[], memberId: string, topic: string): boolean {
  return members.find((member) => member.memberId === memberId)?.topics.includes(topic) ?? false;
}

const byClass: ReadonlyMap<string, Assignor> = new Map([
  ["org.apache.kafka.clients.consumer.RangeAssignor", range],
  ["org.apache.kafka.clients.consumer.RoundRobinAssignor", roundRobin],
]);

/**
 * The assignors that partition.assignment.strategy names, by their classes or by their own names.
 *
 * @throws ClientConfigError where none of them is known here
 */
export function assignorsOf(text: string | undefined): readonly Assignor[] {
  if (text === undefined) return [range];
  const words = text.split(",").map((word) => word.trim());
  const found = words.flatMap((word) => {
    const assignor = byClass.get(word) ?? [...byClass.values()].find(({ name }) => name === word);
    return assignor === undefined ? [] : [assignor];
  });
  if (found.length > 0) return found;
  throw invalid("partition.assignment.strategy", text, `known here are ${[...byClass.keys()].join(" and ")}`);
}
