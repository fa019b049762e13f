import { expect, test } from "bun:test";
import { KafkaError } from "../../../../src/protocol/errors.ts";
import { ConsumerBench } from "./support/bench.ts";
import { assigned, beat, fault, GROUP, join, REBALANCE_MS, refusal } from "./support/heartbeats.ts";

test("the first member gets everything it subscribes to, and a word on its heartbeats", () => {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 3);
  const reply = join(bench, "a", ["t", "missing"]);
  expect(reply).toMatchObject({ errorCode: 0, memberId: "a", memberEpoch: 2, heartbeatIntervalMs: 5_000 });
  expect(assigned(reply)).toEqual({ [id]: [0, 1, 2] });
  expect(bench.group().stateName).toBe("Stable");
});

test("an assignment is told only when it has changed, or to who says all of itself", () => {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 2);
  join(bench, "a", ["t"]);
  const news = { memberId: "a", memberEpoch: 2 };
  expect(assigned(beat(bench, news))).toBeUndefined();
  expect(assigned(beat(bench, { ...news, owned: { [id]: [0, 1] } }))).toBeUndefined();
  const all = {
    ...news,
    owned: { [id]: [0, 1] },
    rebalanceTimeoutMs: REBALANCE_MS,
    subscribedTopicNames: ["t"],
  };
  expect(assigned(beat(bench, all))).toEqual({ [id]: [0, 1] });
});

test("a partition goes to another only when its owner says that it has given it up", () => {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 2);
  join(bench, "a", ["t"]);
  expect(assigned(join(bench, "b", ["t"]))).toEqual({});
  // Still in its epoch: there is something to give up first.
  const told = beat(bench, { memberId: "a", memberEpoch: 2 });
  expect([told.memberEpoch, assigned(told)]).toEqual([2, { [id]: [0] }]);
  expect(bench.group().stateName).toBe("Reconciling");
  expect(assigned(beat(bench, { memberId: "a", memberEpoch: 2, owned: { [id]: [0, 1] } }))).toBeUndefined();
  expect(assigned(beat(bench, { memberId: "b", memberEpoch: 3 }))).toBeUndefined();

  expect(beat(bench, { memberId: "a", memberEpoch: 2, owned: { [id]: [0] } }).memberEpoch).toBe(3);
  expect(assigned(beat(bench, { memberId: "b", memberEpoch: 3 }))).toEqual({ [id]: [1] });
  expect(bench.group().stateName).toBe("Stable");
});

test("who missed a reply may come with the epoch before, but not with partitions that aren't its own", () => {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 2);
  join(bench, "a", ["t"]);
  join(bench, "b", ["t"]);
  beat(bench, { memberId: "a", memberEpoch: 2 });
  beat(bench, { memberId: "a", memberEpoch: 2, owned: { [id]: [0] } });
  const late = { memberId: "a", memberEpoch: 2 };
  expect(beat(bench, { ...late, owned: { [id]: [0] } }).memberEpoch).toBe(3);
  expect(refusal(() => beat(bench, late))).toBe("FENCED_MEMBER_EPOCH");
  expect(refusal(() => beat(bench, { ...late, owned: { [id]: [0, 1] } }))).toBe("FENCED_MEMBER_EPOCH");
  expect(refusal(() => beat(bench, { ...late, memberEpoch: 1, owned: {} }))).toBe("FENCED_MEMBER_EPOCH");
  expect(fault(() => beat(bench, { ...late, memberEpoch: 4, owned: {} }))?.message).toBe(
    "The consumer group member has a greater member epoch (4) than the one known by the group coordinator (3). " +
      "The member must abandon all its partitions and rejoin.",
  );
});

test("nobody but a joining member makes a group, or comes into one", () => {
  const bench = new ConsumerBench();
  expect(fault(() => beat(bench, { memberId: "a", memberEpoch: 1 }))).toEqual({
    name: "GROUP_ID_NOT_FOUND",
    message: "Consumer group group not found.",
  });
  expect(fault(() => beat(bench, { memberId: "a", memberEpoch: -1 }))).toEqual({
    name: "GROUP_ID_NOT_FOUND",
    message: "Group group not found.",
  });
  join(bench, "a", []);
  expect(fault(() => beat(bench, { memberId: "b", memberEpoch: 1 }))).toEqual({
    name: "UNKNOWN_MEMBER_ID",
    message: "Member b is not a member of group group.",
  });
});

test("a full group takes nobody but who is in it", () => {
  const bench = new ConsumerBench();
  bench.config.groupConsumerMaxSize = 1;
  join(bench, "a", []);
  expect(refusal(() => join(bench, "b", []))).toBe("GROUP_MAX_SIZE_REACHED");
  join(bench, "a", []);
});

test("a member that joins again with its id begins anew", () => {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 1);
  join(bench, "a", ["t"]);
  expect(assigned(join(bench, "a", ["t"]))).toEqual({ [id]: [0] });
  expect(bench.group().members.size).toBe(1);
});

test("a member that subscribes to less gives that up before anything else", () => {
  const bench = new ConsumerBench();
  const [one, two] = [bench.topics.set("one", 1), bench.topics.set("two", 1)];
  join(bench, "a", ["one", "two"]);
  const reply = beat(bench, { memberId: "a", memberEpoch: 2, subscribedTopicNames: ["one"] });
  expect([reply.memberEpoch, assigned(reply)]).toEqual([2, { [one]: [0] }]);
  expect(bench.group().isOwned(two, 0)).toBe(true);
  beat(bench, { memberId: "a", memberEpoch: 2, owned: { [one]: [0] } });
  expect(bench.group().isOwned(two, 0)).toBe(false);
});

test("no assignment is made sooner after the last than the group's interval says", () => {
  const bench = new ConsumerBench();
  bench.groupConfig.assignmentIntervalMs = 1_000;
  const id = bench.topics.set("t", 2);
  join(bench, "a", ["t"]);
  expect(join(bench, "b", ["t"]).memberEpoch).toBe(2);
  expect(bench.group().stateName).toBe("Assigning");
  bench.clock.advance(999);
  expect(assigned(beat(bench, { memberId: "a", memberEpoch: 2 }))).toBeUndefined();
  bench.clock.advance(1);
  expect(assigned(beat(bench, { memberId: "a", memberEpoch: 2 }))).toEqual({ [id]: [0] });
});

test("new partitions, and topics that come and go, lead to another assignment at the next heartbeat", () => {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 1);
  join(bench, "a", ["t", "late"]);
  bench.topics.set("t", 2);
  expect(assigned(beat(bench, { memberId: "a", memberEpoch: 2 }))).toEqual({ [id]: [0, 1] });
  const late = bench.topics.set("late", 1);
  expect(assigned(beat(bench, { memberId: "a", memberEpoch: 3 }))).toEqual({ [id]: [0, 1], [late]: [0] });
  bench.topics.delete("t");
  expect(assigned(beat(bench, { memberId: "a", memberEpoch: 4 }))).toEqual({ [late]: [0] });
});

test("a topic that nobody subscribes to changes nothing", () => {
  const bench = new ConsumerBench();
  bench.topics.set("t", 1);
  join(bench, "a", ["t"]);
  const written = bench.log.length;
  bench.topics.set("other", 1);
  beat(bench, { memberId: "a", memberEpoch: 2 });
  expect(bench.log).toHaveLength(written);
});

test("what can't be written has not happened", () => {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 1);
  bench.failure = new KafkaError("NOT_COORDINATOR", "The disk is full.");
  expect(refusal(() => join(bench, "a", ["t"]))).toBe("NOT_COORDINATOR");
  expect(bench.shard.groups.has(GROUP)).toBe(false);
  expect(bench.clock.pending).toBe(0);
  join(bench, "a", ["t"]);

  bench.topics.set("t", 2);
  bench.failure = new KafkaError("NOT_COORDINATOR", "The disk is full.");
  expect(refusal(() => beat(bench, { memberId: "a", memberEpoch: 2 }))).toBe("NOT_COORDINATOR");
  // The topics are looked at again.
  expect(assigned(beat(bench, { memberId: "a", memberEpoch: 2 }))).toEqual({ [id]: [0, 1] });
});

test("the assignor that most members ask for is used, and of two the one that is configured first", () => {
  const bench = new ConsumerBench();
  bench.topics.set("t", 1);
  join(bench, "a", ["t"], { serverAssignor: "range" });
  const epoch = bench.group().groupEpoch;
  join(bench, "b", ["t"], { serverAssignor: "uniform" });
  expect(bench.group().groupEpoch).toBe(epoch + 1);
  // As often as the other: nothing changes from heartbeat to heartbeat.
  beat(bench, { memberId: "b", memberEpoch: epoch + 1, serverAssignor: "uniform" });
  expect(bench.group().groupEpoch).toBe(epoch + 1);
});
