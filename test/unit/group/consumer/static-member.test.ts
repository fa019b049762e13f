import { expect, test } from "bun:test";
import { ConsumerBench } from "./support/bench.ts";
import { assigned, beat, fault, join, refusal } from "./support/heartbeats.ts";

const instance = { instanceId: "i" };

test("a static member that leaves for a while finds its partitions under a new id, and nobody else moves", () => {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 2);
  join(bench, "a", ["t"], instance);
  join(bench, "b", ["t"]);
  beat(bench, { memberId: "a", memberEpoch: 2, ...instance });
  beat(bench, { memberId: "a", memberEpoch: 2, owned: { [id]: [0] }, ...instance });
  beat(bench, { memberId: "b", memberEpoch: 3 });

  expect(beat(bench, { memberId: "a", memberEpoch: -2, ...instance }).memberEpoch).toBe(-2);
  expect(assigned(beat(bench, { memberId: "b", memberEpoch: 3 }))).toBeUndefined();
  const back = join(bench, "c", ["t"], instance);
  expect([back.memberEpoch, assigned(back)]).toEqual([3, { [id]: [0] }]);
  expect([...bench.group().members.keys()].sort()).toEqual(["b", "c"]);
  expect(bench.group().stateName).toBe("Stable");
});

test("a static member's place is taken as long as it hasn't left", () => {
  const bench = new ConsumerBench();
  join(bench, "a", [], instance);
  expect(fault(() => join(bench, "b", [], instance))).toEqual({
    name: "UNRELEASED_INSTANCE_ID",
    message:
      "Static member b with instance id i cannot join the group because the instance id is owned by a member.",
  });
});

test("the member that was replaced is fenced, and an instance nobody knows is unknown", () => {
  const bench = new ConsumerBench();
  join(bench, "a", [], instance);
  beat(bench, { memberId: "a", memberEpoch: -2, ...instance });
  join(bench, "b", [], instance);
  for (const memberEpoch of [2, -1, -2]) {
    expect(fault(() => beat(bench, { memberId: "a", memberEpoch, ...instance }))).toEqual({
      name: "FENCED_INSTANCE_ID",
      message: "Static member a with instance id i was fenced by member b.",
    });
    expect(fault(() => beat(bench, { memberId: "b", memberEpoch, instanceId: "j" }))).toEqual({
      name: "UNKNOWN_MEMBER_ID",
      message: "Instance id j is unknown.",
    });
  }
});

test("a static member that doesn't come back in its session's time is out", () => {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 1);
  join(bench, "a", ["t"], instance);
  join(bench, "b", ["t"]);
  beat(bench, { memberId: "a", memberEpoch: -2, ...instance });
  for (let second = 0; second < 45; second += 5) {
    beat(bench, { memberId: "b", memberEpoch: 3 });
    bench.clock.advance(5_000);
  }
  expect([...bench.group().members.keys()]).toEqual(["b"]);
  expect(assigned(beat(bench, { memberId: "b", memberEpoch: 3 }))).toEqual({ [id]: [0] });
});

test("a static member that leaves for good is out at once", () => {
  const bench = new ConsumerBench();
  join(bench, "a", [], instance);
  beat(bench, { memberId: "a", memberEpoch: -1, ...instance });
  expect(bench.group().stateName).toBe("Empty");
  expect(refusal(() => beat(bench, { memberId: "a", memberEpoch: 2, ...instance }))).toBe(
    "UNKNOWN_MEMBER_ID",
  );
});
