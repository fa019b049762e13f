import { expect, test } from "bun:test";
import { GroupBench } from "./support/bench.ts";
import {
  assignmentOf,
  beat,
  errorOf,
  join,
  joinWithId,
  leave,
  REBALANCE_MS,
  replyOf,
  stableGroup,
  subscription,
  sync,
} from "./support/requests.ts";

test("a follower that joins a stable group unchanged is told the generation there is", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  const reply = replyOf(join(bench, { memberId: ids[1] }));
  expect(reply).toMatchObject({
    errorCode: 0,
    generationId: 1,
    leader: ids[0],
    members: [],
    skipAssignment: false,
  });
  expect(bench.group().state).toBe("Stable");
});

test("the leader that joins a stable group makes it rebalance", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  const leader = join(bench, { memberId: ids[0] });
  expect(bench.group().state).toBe("PreparingRebalance");
  expect(beat(bench, ids[1] ?? "", 1)).toBe("REBALANCE_IN_PROGRESS");
  const follower = join(bench, { memberId: ids[1] });
  expect(replyOf(leader)).toMatchObject({ generationId: 2, leader: ids[0] });
  expect(replyOf(follower)).toMatchObject({ generationId: 2, leader: ids[0] });
});

test("a follower whose subscription has changed makes the group rebalance", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  join(bench, { memberId: ids[1], protocols: { range: subscription(["other"]) } });
  expect(bench.group().state).toBe("PreparingRebalance");
});

test("before the assignment, a member that joins unchanged is told the generation again, the leader with members", () => {
  const bench = new GroupBench();
  const [first, second] = [joinWithId(bench), joinWithId(bench)];
  bench.clock.advance(9_000);
  expect(replyOf(join(bench, { memberId: second.memberId }))).toMatchObject({ generationId: 1, members: [] });
  expect(replyOf(join(bench, { memberId: first.memberId })).members).toHaveLength(2);
  expect(bench.group().state).toBe("CompletingRebalance");
});

test("before the assignment, a member that joins changed begins another rebalance, and who waits is told", () => {
  const bench = new GroupBench();
  const [, second, third] = [joinWithId(bench), joinWithId(bench), joinWithId(bench)];
  bench.clock.advance(12_000);
  const waiting = sync(bench, third.memberId, 1);
  join(bench, { memberId: second.memberId, protocols: { range: subscription(["other"]) } });
  expect(errorOf(waiting)).toBe("REBALANCE_IN_PROGRESS");
  expect(bench.group().state).toBe("PreparingRebalance");
});

test("a rebalance ends when all have joined again, or else at the longest of their rebalance timeouts", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [
    { rebalanceTimeoutMs: 30_000, sessionTimeoutMs: 1_000_000 },
    { rebalanceTimeoutMs: 50_000, sessionTimeoutMs: 1_000_000 },
  ]);
  const leader = join(bench, { memberId: ids[0], rebalanceTimeoutMs: 30_000, sessionTimeoutMs: 1_000_000 });
  bench.clock.advance(49_999);
  expect(leader.value).toBeUndefined();
  bench.clock.advance(1);
  expect(replyOf(leader).members).toHaveLength(1);
  expect(bench.group().members.has(ids[1] ?? "")).toBeFalse();
});

test("where the leader doesn't join again, another member leads", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{ sessionTimeoutMs: 1_000_000 }, {}]);
  const follower = join(bench, { memberId: ids[1], protocols: { range: subscription(["other"]) } });
  bench.clock.advance(REBALANCE_MS);
  expect(replyOf(follower)).toMatchObject({ generationId: 2, leader: ids[1] });
});

test("a static leader that doesn't join again stays a member but doesn't lead", () => {
  const bench = new GroupBench();
  const long = { sessionTimeoutMs: 1_000_000 };
  const { ids } = stableGroup(bench, [{ groupInstanceId: "a", ...long }, long]);
  const follower = join(bench, { memberId: ids[1], protocols: { range: subscription(["other"]) }, ...long });
  bench.clock.advance(REBALANCE_MS);
  expect(replyOf(follower).leader).toBe(ids[1] ?? "");
  expect(replyOf(follower).members.map(({ memberId }) => memberId)).toEqual(ids);
});

test("where only static members are left and none joins again, the group waits for their sessions to end", () => {
  const bench = new GroupBench();
  const long = { sessionTimeoutMs: 200_000 };
  const { ids } = stableGroup(bench, [{ groupInstanceId: "a", ...long }, long]);
  leave(bench, { memberId: ids[1] });
  bench.clock.advance(REBALANCE_MS);
  expect(bench.group()).toMatchObject({ state: "PreparingRebalance", generationId: 1 });
  bench.clock.advance(200_000);
  expect(bench.group()).toMatchObject({ state: "Empty", generationId: 2 });
});

test("a rebalance that nobody has joined is given its time once more", () => {
  const bench = new GroupBench();
  const long = { sessionTimeoutMs: 1_000_000 };
  const { ids } = stableGroup(bench, [
    { groupInstanceId: "a", ...long },
    { groupInstanceId: "b", ...long },
    long,
  ]);
  leave(bench, { memberId: ids[2] });
  bench.clock.advance(REBALANCE_MS);
  const rejoined = join(bench, { memberId: ids[0], ...long });
  bench.clock.advance(REBALANCE_MS - 1);
  expect(rejoined.value).toBeUndefined();
  bench.clock.advance(1);
  expect(replyOf(rejoined).generationId).toBe(2);
});

test("of two joins of one member the first is told to join again, for its client has given it up", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  const first = join(bench, { memberId: ids[0] });
  const second = join(bench, { memberId: ids[0] });
  expect(errorOf(first)).toBe("REBALANCE_IN_PROGRESS");
  expect(second.value).toBeUndefined();
  join(bench, { memberId: ids[1] });
  expect(errorOf(second)).toBe("NONE");
});

test("the generation's protocol is the one that most members like best", () => {
  const bench = new GroupBench();
  const [range, sticky, rest] = [subscription(["t"]), subscription(["t"]), subscription(["t"])];
  stableGroup(bench, [
    { protocols: { range, sticky } },
    { protocols: { rest, sticky, range } },
    { protocols: { sticky, range } },
  ]);
  expect(bench.group().protocolName).toBe("sticky");
});

test("an assignment of a former generation is not given to a member of the next", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  join(bench, { memberId: ids[0] });
  join(bench, { memberId: ids[1] });
  const follower = sync(bench, ids[1] ?? "", 2);
  sync(bench, ids[0] ?? "", 2, { assignments: { [ids[0] ?? ""]: "all" } });
  expect(assignmentOf(follower)).toBe("");
});
