import { expect, test } from "bun:test";
import { GroupBench } from "./support/bench.ts";
import { beat, join, joinWithId, leave, SESSION_MS, stableGroup, sync } from "./support/requests.ts";

test("heartbeats keep a member in the group", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  for (let i = 0; i < 10; i++) {
    bench.clock.advance(SESSION_MS - 1);
    expect(beat(bench, ids[0] ?? "", 1)).toBe("NONE");
  }
});

test("a member that isn't heard of for its session's time is removed, and the others rebalance", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{ sessionTimeoutMs: 20_000 }, {}]);
  bench.clock.advance(SESSION_MS);
  expect(bench.group().members.has(ids[1] ?? "")).toBeFalse();
  expect(beat(bench, ids[0] ?? "", 1)).toBe("REBALANCE_IN_PROGRESS");
  expect(beat(bench, ids[1] ?? "", 1)).toBe("UNKNOWN_MEMBER_ID");
});

test("a group whose last member is lost becomes empty, and that is in the log", () => {
  const bench = new GroupBench();
  stableGroup(bench, [{}]);
  bench.clock.advance(SESSION_MS);
  expect(bench.group()).toMatchObject({
    state: "Empty",
    generationId: 2,
    protocolType: "consumer",
    leaderId: null,
  });
  expect(bench.records().at(-1)?.value).toMatchObject({
    generation: 2,
    protocolType: "consumer",
    protocol: null,
    leader: null,
    members: [],
    currentStateTimestamp: BigInt(bench.clock.now()),
  });
});

test("after the members have joined and before they are assigned, a heartbeat is well", () => {
  const bench = new GroupBench();
  const { memberId } = joinWithId(bench);
  bench.clock.advance(3_000);
  expect(bench.group().state).toBe("CompletingRebalance");
  expect(beat(bench, memberId, 1)).toBe("NONE");
});

test("a heartbeat during a rebalance keeps the member, and tells it to join", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  beat(bench, ids[1] ?? "", 1);
  join(bench, { memberId: ids[0] });
  for (let i = 0; i < 5; i++) {
    bench.clock.advance(SESSION_MS - 1);
    expect(beat(bench, ids[1] ?? "", 1)).toBe("REBALANCE_IN_PROGRESS");
  }
});

test("a heartbeat of another generation is told so", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  expect(beat(bench, ids[0] ?? "", 0)).toBe("ILLEGAL_GENERATION");
  expect(beat(bench, ids[0] ?? "", 2)).toBe("ILLEGAL_GENERATION");
  expect(beat(bench, ids[0] ?? "", -1)).toBe("ILLEGAL_GENERATION");
});

test("a heartbeat under an instance id is checked against the member that has it", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{ groupInstanceId: "a" }, {}]);
  expect(beat(bench, ids[0] ?? "", 1, "a")).toBe("NONE");
  expect(beat(bench, ids[0] ?? "", 1)).toBe("NONE");
  expect(beat(bench, ids[1] ?? "", 1, "a")).toBe("FENCED_INSTANCE_ID");
  expect(beat(bench, ids[0] ?? "", 1, "b")).toBe("UNKNOWN_MEMBER_ID");
});

test("in an empty group there is nobody to be heard of", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  leave(bench, { memberId: ids[0] });
  expect(beat(bench, ids[0] ?? "", 2)).toBe("UNKNOWN_MEMBER_ID");
});

test("a session can't end while its member waits for the group", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, { sessionTimeoutMs: 50_000 }]);
  const waiting = join(bench, { memberId: ids[0] });
  bench.clock.advance(40_000);
  expect(waiting.value).toBeUndefined();
  expect(bench.group().members.has(ids[0] ?? "")).toBeTrue();
});

test("a member whose session passed while it waited has a whole one from its answer on", () => {
  const bench = new GroupBench();
  const [leader, follower] = [joinWithId(bench), joinWithId(bench)];
  bench.clock.advance(9_000);
  beat(bench, leader.memberId, 1);
  sync(bench, follower.memberId, 1);
  for (let i = 0; i < 3; i++) {
    bench.clock.advance(SESSION_MS - 1);
    beat(bench, leader.memberId, 1);
  }
  sync(bench, leader.memberId, 1);
  bench.clock.advance(SESSION_MS - 1);
  expect(beat(bench, follower.memberId, 1)).toBe("NONE");
  bench.clock.advance(SESSION_MS);
  expect(bench.group().members.size).toBe(0);
});
