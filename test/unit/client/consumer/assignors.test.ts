import { describe, expect, test } from "bun:test";
import { assignorsOf } from "../../../../src/client/consumer/assignors.ts";

const counts = new Map([
  ["a", 3],
  ["b", 2],
]);
const members = [
  { memberId: "m2", topics: ["a", "b"] },
  { memberId: "m1", topics: ["a", "b"] },
  { memberId: "m3", topics: ["b"] },
];

function assigned(strategy: string | undefined): Record<string, string[]> {
  const [assignor] = assignorsOf(strategy);
  const assignment = assignor?.assign(members, counts) ?? new Map();
  return Object.fromEntries(
    [...assignment].map(([memberId, partitions]) => [
      memberId,
      partitions.map(({ topic, partition }: { topic: string; partition: number }) => `${topic}-${partition}`),
    ]),
  );
}

describe("an assignor", () => {
  test("gives each member a run of every topic it wants: range, the default", () => {
    expect(assigned(undefined)).toEqual({ m1: ["a-0", "a-1", "b-0"], m2: ["a-2", "b-1"], m3: [] });
  });

  test("deals partitions out one by one: roundrobin", () => {
    expect(assigned("org.apache.kafka.clients.consumer.RoundRobinAssignor")).toEqual({
      m1: ["a-0", "a-2"],
      m2: ["a-1", "b-0"],
      m3: ["b-1"],
    });
  });

  test("is taken by its own name, too, and others beside it are passed over", () => {
    const strategy = "org.apache.kafka.clients.consumer.CooperativeStickyAssignor, roundrobin";
    expect(assignorsOf(strategy).map(({ name }) => name)).toEqual(["roundrobin"]);
  });

  test("that isn't known is refused", () => {
    expect(() => assignorsOf("org.example.Mine")).toThrow("partition.assignment.strategy");
  });
});
