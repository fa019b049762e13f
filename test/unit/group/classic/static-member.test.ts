import { expect, test } from "bun:test";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { GroupBench } from "./support/bench.ts";
import {
  assignmentOf,
  beat,
  errorOf,
  join,
  REBALANCE_MS,
  replyOf,
  SESSION_MS,
  stableGroup,
  subscription,
  sync,
} from "./support/requests.ts";

const a = { groupInstanceId: "a" };
const b = { groupInstanceId: "b" };

test("a static member's first join joins, with an id of instance id and uuid", () => {
  const bench = new GroupBench();
  const answer = join(bench, a);
  bench.clock.advance(3_000);
  expect(replyOf(answer).memberId).toMatch(/^a-0{8}-0000-4000-8000-0{11}1$/);
  expect(replyOf(answer).members).toMatchObject([{ groupInstanceId: "a" }]);
});

test("a static follower that comes back keeps its place, and nobody notices", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [a, b]);
  const reply = replyOf(join(bench, b));
  expect(reply).toMatchObject({
    errorCode: 0,
    generationId: 1,
    leader: ids[0],
    skipAssignment: false,
    members: [],
  });
  expect(reply.memberId).not.toBe(ids[1] ?? "");
  expect(bench.group().state).toBe("Stable");
  expect(beat(bench, ids[0] ?? "", 1, "a")).toBe("NONE");
  expect(assignmentOf(sync(bench, reply.memberId, 1, b))).toBe(`part of ${ids[1]}`);
});

test("its new member id is in the log, with the assignment it had", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [a, b]);
  const { memberId } = replyOf(join(bench, { ...b, sessionTimeoutMs: 7_000 }));
  const value = bench.records().at(-1)?.value;
  expect(value && "members" in value && value.members).toMatchObject([
    { memberId: ids[0], groupInstanceId: "a" },
    { memberId, groupInstanceId: "b", sessionTimeout: 7_000, assignment: Buffer.from(`part of ${ids[1]}`) },
  ]);
});

test("who had the place before is fenced", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [a, b]);
  const { memberId } = replyOf(join(bench, b));
  expect(beat(bench, ids[1] ?? "", 1, "b")).toBe("FENCED_INSTANCE_ID");
  expect(errorOf(sync(bench, ids[1] ?? "", 1, b))).toBe("FENCED_INSTANCE_ID");
  expect(errorOf(join(bench, { ...b, memberId: ids[1] }))).toBe("FENCED_INSTANCE_ID");
  expect(beat(bench, ids[1] ?? "", 1)).toBe("UNKNOWN_MEMBER_ID");
  expect(beat(bench, memberId, 1, "b")).toBe("NONE");
});

test("a static leader that comes back leads without assigning, from version 9 on", () => {
  const bench = new GroupBench();
  stableGroup(bench, [a, b]);
  const reply = replyOf(join(bench, a));
  expect(reply).toMatchObject({ leader: reply.memberId, skipAssignment: true });
  expect(reply.members).toHaveLength(2);
  expect(bench.group().leaderId).toBe(reply.memberId);
});

test("before version 9 a static leader that comes back is told the id it had, so that it doesn't assign", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [a, b]);
  const reply = replyOf(join(bench, { ...a, version: 8 }));
  expect(reply).toMatchObject({ leader: ids[0], skipAssignment: false, members: [] });
  expect(bench.group().leaderId).toBe(reply.memberId);
});

test("the session of a static member that comes back begins anew, and the former one ends", () => {
  const bench = new GroupBench();
  stableGroup(bench, [a]);
  bench.clock.advance(SESSION_MS - 1);
  const { memberId } = replyOf(join(bench, a));
  bench.clock.advance(SESSION_MS - 1);
  expect(beat(bench, memberId, 1)).toBe("NONE");
});

test("a static member that came back is lost like any other when it isn't heard of", () => {
  const bench = new GroupBench();
  stableGroup(bench, [a]);
  join(bench, a);
  bench.clock.advance(SESSION_MS);
  expect(bench.group().state).toBe("Empty");
});

test("a static member that comes back before it has synced has to sync in time all the same", () => {
  const bench = new GroupBench();
  const long = { sessionTimeoutMs: 1_000_000 };
  const [first] = [join(bench, { ...a, ...long }), join(bench, { ...b, ...long })];
  bench.clock.advance(9_000);
  sync(bench, replyOf(first).memberId, 1);
  const { memberId } = replyOf(join(bench, { ...b, ...long }));
  expect(assignmentOf(sync(bench, memberId, 1))).toBe("");
  bench.clock.advance(REBALANCE_MS);
  expect(bench.group().state).toBe("Stable");
});

test("where the protocol would change, the group rebalances", () => {
  const bench = new GroupBench();
  const [range, sticky] = [subscription(["t"]), subscription(["t"])];
  stableGroup(bench, [
    { ...a, protocols: { range, sticky } },
    { ...b, protocols: { range, sticky } },
  ]);
  join(bench, { ...a, protocols: { sticky } });
  expect(bench.group().state).toBe("PreparingRebalance");
});

test("a subscription that leaves the protocol as it is makes no rebalance", () => {
  const bench = new GroupBench();
  stableGroup(bench, [a, b]);
  join(bench, { ...a, protocols: { range: subscription(["other"]) } });
  expect(bench.group().state).toBe("Stable");
});

test("a static member that comes back before the assignment makes the group rebalance; its former self is fenced", () => {
  const bench = new GroupBench();
  const [first, second] = [join(bench, a), join(bench, b)];
  bench.clock.advance(9_000);
  const waiting = sync(bench, replyOf(second).memberId, 1);
  const back = join(bench, b);
  expect(errorOf(waiting)).toBe("FENCED_INSTANCE_ID");
  expect(bench.group().state).toBe("PreparingRebalance");
  join(bench, { ...a, memberId: replyOf(first).memberId });
  expect(replyOf(back).generationId).toBe(2);
});

test("a static member that comes back during a rebalance takes part in it; its former self is fenced", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [a, b]);
  join(bench, { ...a, memberId: ids[0] });
  const former = join(bench, b);
  const back = former.value === undefined ? join(bench, b) : former;
  expect(bench.group().generationId).toBe(2);
  expect(replyOf(back)).toMatchObject({ errorCode: ErrorCode.NONE, generationId: 2, leader: ids[0] });
});

test("a join that waits is fenced when the same instance joins once more", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [a, b, {}]);
  join(bench, { ...a, memberId: ids[0] });
  const former = join(bench, b);
  const back = join(bench, b);
  expect(replyOf(former)).toMatchObject({ errorCode: ErrorCode.FENCED_INSTANCE_ID });
  join(bench, { memberId: ids[2] });
  expect(errorOf(back)).toBe("NONE");
});

test("an instance id doesn't go with a member id that was given to a dynamic member", () => {
  const bench = new GroupBench();
  const { memberId } = replyOf(join(bench));
  expect(() => join(bench, { memberId, ...a })).toThrow();
});
