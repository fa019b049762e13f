import { expect, test } from "bun:test";
import { ConsumerBench } from "./support/bench.ts";
import { assigned, beat, fault, join } from "./support/heartbeats.ts";

/** Joins with a regular expression; it is resolved right after. */
function joinByRegex(bench: ConsumerBench, memberId: string, subscribedTopicRegex: string) {
  const reply = join(bench, memberId, [], { subscribedTopicRegex });
  bench.clock.advance(0);
  return reply;
}

function resolved(bench: ConsumerBench): Record<string, string[]> {
  const { resolved } = bench.group().subscriptions;
  return Object.fromEntries([...resolved].map(([regex, { topics }]) => [regex, [...topics].sort()]));
}

test("topics that match as a whole are assigned at the heartbeat after the first", () => {
  const bench = new ConsumerBench();
  const id = bench.topics.set("orders", 2);
  bench.topics.set("reorders", 1);
  expect(joinByRegex(bench, "a", "ord.*")).toMatchObject({ memberEpoch: 1 });
  expect(resolved(bench)).toEqual({ "ord.*": ["orders"] });
  const reply = beat(bench, { memberId: "a", memberEpoch: 1 });
  expect([reply.memberEpoch, assigned(reply)]).toEqual([2, { [id]: [0, 1] }]);
});

test("an expression that is none is refused, with what is wrong with it", () => {
  const bench = new ConsumerBench();
  expect(fault(() => joinByRegex(bench, "a", "[a"))).toEqual({
    name: "INVALID_REGULAR_EXPRESSION",
    message: "SubscribedTopicRegex `[a` is not a valid regular expression: missing closing ].",
  });
  expect(bench.log).toEqual([]);
});

test("new topics are found, not sooner than ten seconds after the last time", () => {
  const bench = new ConsumerBench();
  bench.topics.set("t1", 1);
  joinByRegex(bench, "a", "t.");
  bench.topics.set("t2", 1);
  bench.clock.advance(10_000);
  beat(bench, { memberId: "a", memberEpoch: 1 });
  bench.clock.advance(0);
  expect(resolved(bench)).toEqual({ "t.": ["t1"] });
  bench.clock.advance(1);
  beat(bench, { memberId: "a", memberEpoch: 2 });
  bench.clock.advance(0);
  expect(resolved(bench)).toEqual({ "t.": ["t1", "t2"] });
});

test("expressions are resolved anew after the configured interval, whatever the topics' version says", () => {
  const bench = new ConsumerBench();
  bench.topics.set("t1", 1);
  joinByRegex(bench, "a", "t.");
  beat(bench, { memberId: "a", memberEpoch: 1 });
  const timestamp = () => [...bench.group().subscriptions.resolved.values()][0]?.timestampMs ?? 0;
  const first = timestamp();
  for (let passedMs = 0; passedMs <= 600_000; passedMs += 40_000) {
    bench.clock.advance(40_000);
    beat(bench, { memberId: "a", memberEpoch: 2 });
  }
  bench.clock.advance(0);
  expect(timestamp() - first).toBeGreaterThan(600_000);
});

test("an expression is forgotten with its last member", () => {
  const bench = new ConsumerBench();
  bench.topics.set("t1", 1);
  joinByRegex(bench, "a", "t.");
  bench.clock.advance(10_001);
  joinByRegex(bench, "b", "t1");
  expect(Object.keys(resolved(bench)).sort()).toEqual(["t.", "t1"]);
  beat(bench, { memberId: "b", memberEpoch: -1 });
  expect(Object.keys(resolved(bench))).toEqual(["t."]);
  beat(bench, { memberId: "a", memberEpoch: 1, subscribedTopicRegex: "" });
  expect(resolved(bench)).toEqual({});
  expect(bench.group().isSubscribedToTopic("t1")).toBe(false);
});

test("who subscribes with an expression that is known already needs not wait", () => {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t1", 2);
  joinByRegex(bench, "a", "t.");
  beat(bench, { memberId: "a", memberEpoch: 1 });
  expect(join(bench, "b", [], { subscribedTopicRegex: "t." }).memberEpoch).toBe(3);
  beat(bench, { memberId: "a", memberEpoch: 2 });
  beat(bench, { memberId: "a", memberEpoch: 2, owned: { [id]: [0] } });
  expect(assigned(beat(bench, { memberId: "b", memberEpoch: 3 }))).toEqual({ [id]: [1] });
});

test("what a member had by an expression goes to others when it changes to one that stands for nothing", () => {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t1", 2);
  joinByRegex(bench, "a", "t.");
  beat(bench, { memberId: "a", memberEpoch: 1 });
  join(bench, "b", ["t1"]);
  beat(bench, { memberId: "a", memberEpoch: 2 });
  beat(bench, { memberId: "a", memberEpoch: 2, owned: { [id]: [0] } });
  beat(bench, { memberId: "b", memberEpoch: 3, owned: {} });
  bench.clock.advance(10_001);
  beat(bench, { memberId: "a", memberEpoch: 3, owned: { [id]: [0] }, subscribedTopicRegex: "nothing" });
  bench.clock.advance(0);
  beat(bench, { memberId: "a", memberEpoch: 3, owned: {} });
  expect(assigned(beat(bench, { memberId: "b", memberEpoch: 3 }))).toEqual({ [id]: [0, 1] });
});

test("both names and an expression may be given", () => {
  const bench = new ConsumerBench();
  const [one, two] = [bench.topics.set("one", 1), bench.topics.set("two", 1)];
  join(bench, "a", ["one"], { subscribedTopicRegex: "t.*" });
  bench.clock.advance(0);
  expect(assigned(beat(bench, { memberId: "a", memberEpoch: 2 }))).toEqual({ [one]: [0], [two]: [0] });
});
