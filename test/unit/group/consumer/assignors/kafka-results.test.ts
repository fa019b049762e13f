import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { Assignment } from "../../../../../src/group/consumer/assignment.ts";
import type { Assignor, MemberSpec } from "../../../../../src/group/consumer/assignors/assignor.ts";
import { rangeAssignor } from "../../../../../src/group/consumer/assignors/range.ts";
import { uniformAssignor } from "../../../../../src/group/consumer/assignors/uniform.ts";
import type { Uuid } from "../../../../../src/protocol/uuid.ts";

/** Topics by their place in the case's list, with partitions. */
type Listed = [number, number[]][];

interface Member {
  readonly id: string;
  readonly instance?: string;
  readonly subs: number[];
  readonly old: Listed;
  readonly new: Listed;
}

interface Case {
  readonly assignor: string;
  readonly topics: Uuid[];
  readonly rounds: { readonly counts: number[]; readonly members: Member[] }[];
}

const fixture = new URL("../../../../fixtures/group/assignors.jsonl.gz", import.meta.url);
const cases = new TextDecoder()
  .decode(Bun.gunzipSync(readFileSync(fixture)))
  .trim()
  .split("\n")
  .map((line): Case => JSON.parse(line));
const assignors: Record<string, Assignor> = { uniform: uniformAssignor, range: rangeAssignor };

describe.each(["uniform", "range"])("what Kafka's own %s assignor made of the same groups", (name) => {
  const mine = cases.filter(({ assignor }) => assignor === name);

  test(`is made here too, round after round (${mine.length} groups)`, () => {
    expect(mine.length).toBeGreaterThan(50);
    for (const [index, { topics, rounds }] of mine.entries()) {
      for (const [round, { counts, members }] of rounds.entries()) {
        const assigned = assign(name, topics, counts, members);
        for (const member of members) {
          const listed = listedOf(topics, assigned.get(member.id) ?? new Map());
          expect({ index, round, id: member.id, listed: sorted(listed) }).toEqual({
            index,
            round,
            id: member.id,
            listed: sorted(member.new),
          });
        }
      }
    }
  });
});

test("a uniform assignment of a homogeneous group is listed in Kafka's order, by which the next one is made", () => {
  for (const { topics, rounds, assignor } of cases) {
    if (assignor !== "uniform") continue;
    for (const { counts, members } of rounds) {
      if (!isHomogeneous(members)) continue;
      const assigned = assign(assignor, topics, counts, members);
      for (const member of members) {
        const listed = listedOf(topics, assigned.get(member.id) ?? new Map());
        // What hasn't changed is not written again, whatever its order.
        if (Bun.deepEquals(sorted(listed), sorted(member.old))) continue;
        expect(listed).toEqual(member.new);
      }
    }
  }
});

function assign(name: string, topics: Uuid[], counts: number[], members: Member[]): Map<string, Assignment> {
  const specs = members.map(({ id, instance, subs, old }): [string, MemberSpec] => [
    id,
    {
      instanceId: instance ?? null,
      subscribedTopicIds: new Set(subs.map((topic) => at(topics, topic))),
      assignment: new Map(old.map(([topic, partitions]) => [at(topics, topic), new Set(partitions)])),
    },
  ]);
  const assignor = assignors[name];
  if (assignor === undefined) throw new Error(name);
  return assignor.assign({
    members: new Map(specs),
    homogeneous: isHomogeneous(members),
    partitionCount: (topicId) => at(counts, topics.indexOf(topicId)),
  });
}

function isHomogeneous(members: Member[]): boolean {
  const first = new Set(members[0]?.subs);
  return members.every(({ subs }) => subs.length === first.size && subs.every((topic) => first.has(topic)));
}

function listedOf(topics: Uuid[], assignment: Assignment): Listed {
  return [...assignment].map(([topicId, partitions]) => [topics.indexOf(topicId), [...partitions]]);
}

function sorted(listed: Listed): Listed {
  return listed
    .map(([topic, partitions]): [number, number[]] => [topic, partitions.toSorted((a, b) => a - b)])
    .sort(([a], [b]) => a - b);
}

function at<T>(list: readonly T[], index: number): T {
  const element = list[index];
  if (element === undefined) throw new Error(`nothing at ${index}`);
  return element;
}
