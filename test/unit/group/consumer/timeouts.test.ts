import { expect, test } from "bun:test";
import { memberTimer } from "../../../../src/group/consumer/timer-keys.ts";
import { ConsumerBench } from "./support/bench.ts";
import { assigned, beat, GROUP, join, REBALANCE_MS, refusal } from "./support/heartbeats.ts";

function twoMembers(): { bench: ConsumerBench; id: string } {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 2);
  join(bench, "a", ["t"]);
  join(bench, "b", ["t"]);
  return { bench, id };
}

test("a member of which nothing is heard loses its place, and others get what it had", () => {
  const { bench, id } = twoMembers();
  bench.clock.advance(44_999);
  beat(bench, { memberId: "b", memberEpoch: 3 });
  expect(bench.group().members.has("a")).toBe(true);
  bench.clock.advance(1);
  expect(bench.group().members.has("a")).toBe(false);
  expect(refusal(() => beat(bench, { memberId: "a", memberEpoch: 2 }))).toBe("UNKNOWN_MEMBER_ID");
  expect(assigned(beat(bench, { memberId: "b", memberEpoch: 3 }))).toEqual({ [id]: [0, 1] });
});

test("a member that doesn't give partitions up in its rebalance timeout is out, heartbeats or not", () => {
  const { bench } = twoMembers();
  beat(bench, { memberId: "a", memberEpoch: 2 });
  for (let passedMs = 0; passedMs < REBALANCE_MS; passedMs += 1_000) {
    expect(beat(bench, { memberId: "a", memberEpoch: 2 }).memberEpoch).toBe(2);
    bench.clock.advance(1_000);
  }
  expect(bench.group().members.has("a")).toBe(false);
});

test("a member that has given partitions up in time stays", () => {
  const { bench, id } = twoMembers();
  beat(bench, { memberId: "a", memberEpoch: 2 });
  beat(bench, { memberId: "a", memberEpoch: 2, owned: { [id]: [0] } });
  bench.clock.advance(REBALANCE_MS + 1);
  expect(bench.group().members.has("a")).toBe(true);
});

test("who waits for others to give something up isn't hurried", () => {
  const { bench } = twoMembers();
  expect(bench.hasTimer(memberTimer("rebalance", GROUP, "b"))).toBe(false);
});

test("a group whose last member is gone is empty, and may be joined and deleted", () => {
  const bench = new ConsumerBench();
  bench.topics.set("t", 1);
  join(bench, "a", ["t"]);
  bench.clock.advance(45_000);
  const group = bench.group();
  expect([group.stateName, group.groupEpoch, group.assignmentEpoch]).toEqual(["Empty", 3, 3]);
  expect(() => group.validateDeleteGroup()).not.toThrow();
  expect(join(bench, "b", ["t"]).memberEpoch).toBe(4);
  expect(refusal(() => group.validateDeleteGroup())).toBe("NON_EMPTY_GROUP");
});

test("after a load members have their time again", () => {
  const { bench } = twoMembers();
  beat(bench, { memberId: "a", memberEpoch: 2 });
  bench.clock.advance(REBALANCE_MS - 1);
  bench.restart();
  bench.clock.advance(REBALANCE_MS - 1);
  expect(bench.group().members.has("a")).toBe(true);
  bench.clock.advance(1);
  expect([...bench.group().members.keys()]).toEqual(["b"]);
  bench.clock.advance(45_000 - REBALANCE_MS);
  expect(bench.group().members.size).toBe(0);
});

test("a timer for an epoch that the member has left does nothing", () => {
  const { bench, id } = twoMembers();
  beat(bench, { memberId: "a", memberEpoch: 2 });
  bench.restart();
  // Timers of the time before are gone with it; the member's own goes with the next step.
  beat(bench, { memberId: "a", memberEpoch: 2, owned: { [id]: [0] } });
  expect(bench.hasTimer(memberTimer("rebalance", GROUP, "a"))).toBe(false);
});
