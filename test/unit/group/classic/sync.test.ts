import { expect, test } from "bun:test";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
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
  sync,
} from "./support/requests.ts";

/** A group of as many members in CompletingRebalance. */
function generation(bench: GroupBench, size: number): string[] {
  const ids = Array.from({ length: size }, () => joinWithId(bench).memberId);
  bench.clock.advance(3_000 * (size + 1));
  return ids;
}

test("followers wait until the leader brings the assignment, and each gets its part", () => {
  const bench = new GroupBench();
  const [leader = "", follower = ""] = generation(bench, 2);
  const waiting = sync(bench, follower, 1);
  expect(waiting.value).toBeUndefined();
  const own = sync(bench, leader, 1, { assignments: { [leader]: "one", [follower]: "two" } });
  expect(assignmentOf(own)).toBe("one");
  expect(assignmentOf(waiting)).toBe("two");
  expect(replyOf(own)).toMatchObject({ errorCode: 0, protocolType: "consumer", protocolName: "range" });
  expect(bench.group().state).toBe("Stable");
});

test("a member that syncs after the leader has its part at once", () => {
  const bench = new GroupBench();
  const [leader = "", follower = ""] = generation(bench, 2);
  sync(bench, leader, 1, { assignments: { [follower]: "two" } });
  expect(assignmentOf(sync(bench, follower, 1))).toBe("two");
});

test("a member that the leader has left out gets nothing", () => {
  const bench = new GroupBench();
  const [leader = "", follower = ""] = generation(bench, 2);
  sync(bench, leader, 1, { assignments: { stranger: "all" } });
  expect(assignmentOf(sync(bench, follower, 1))).toBe("");
});

test("what followers say of assignments is ignored", () => {
  const bench = new GroupBench();
  const [leader = "", follower = ""] = generation(bench, 2);
  const waiting = sync(bench, follower, 1, { assignments: { [follower]: "all" } });
  sync(bench, leader, 1, { assignments: { [leader]: "all" } });
  expect(assignmentOf(waiting)).toBe("");
});

test("in a stable group the leader can't bring another assignment", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  const again = sync(bench, ids[0] ?? "", 1, { assignments: { [ids[0] ?? ""]: "other" } });
  expect(assignmentOf(again)).toBe(`part of ${ids[0]}`);
  expect(bench.log).toHaveLength(2);
});

test("a generation is in the log with its members once the leader has synced", () => {
  const bench = new GroupBench();
  const [leader = "", follower = ""] = generation(bench, 2);
  expect(bench.log).toHaveLength(1);
  const completedAt = BigInt(bench.group().stateSinceMs ?? -1);
  bench.clock.advance(100);
  sync(bench, leader, 1, { assignments: { [leader]: "one" } });
  const value = bench.records().at(-1)?.value;
  expect(value).toMatchObject({
    protocolType: "consumer",
    generation: 1,
    protocol: "range",
    leader,
    currentStateTimestamp: completedAt,
  });
  expect(value && "members" in value && value.members).toMatchObject([
    {
      memberId: leader,
      clientId: "client",
      clientHost: "/127.0.0.1",
      sessionTimeout: 10_000,
      rebalanceTimeout: 60_000,
    },
    { memberId: follower, groupInstanceId: null, assignment: Buffer.alloc(0) },
  ]);
});

test.each([
  ["of an unknown member", "nobody", 1, {}, "UNKNOWN_MEMBER_ID"],
  ["of another generation", "", 2, {}, "ILLEGAL_GENERATION"],
  ["of another protocol type", "", 1, { protocolType: "connect" }, "INCONSISTENT_GROUP_PROTOCOL"],
  ["of another protocol", "", 1, { protocolName: "sticky" }, "INCONSISTENT_GROUP_PROTOCOL"],
  ["of an unknown instance id", "", 1, { groupInstanceId: "nobody" }, "UNKNOWN_MEMBER_ID"],
] as const)("a sync %s is refused", (_, memberId, generationId, options, error) => {
  const bench = new GroupBench();
  const [leader = ""] = generation(bench, 1);
  expect(errorOf(sync(bench, memberId || leader, generationId, options))).toBe(error);
  expect(bench.group().state).toBe("CompletingRebalance");
});

test("before version 5 a sync names no protocol", () => {
  const bench = new GroupBench();
  const [leader = ""] = generation(bench, 1);
  const answer = sync(bench, leader, 1, { protocolName: null, protocolType: null });
  expect(errorOf(answer)).toBe("NONE");
});

test("while the group waits for members to join, a sync is told to join", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  join(bench, { memberId: ids[0] });
  expect(errorOf(sync(bench, ids[1] ?? "", 1))).toBe("REBALANCE_IN_PROGRESS");
});

test("in an empty group nobody syncs", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  leave(bench, { memberId: ids[0] });
  expect(errorOf(sync(bench, ids[0] ?? "", 2))).toBe("UNKNOWN_MEMBER_ID");
});

test("members that don't sync within the rebalance timeout are removed, and the others join again", () => {
  const bench = new GroupBench();
  bench.config.groupInitialRebalanceDelayMs = 0;
  const long = { sessionTimeoutMs: 1_000_000 };
  const [, late] = [joinWithId(bench, long), joinWithId(bench, long)];
  bench.clock.advance(0);
  const leader = bench.group().leaderId ?? "";
  sync(bench, leader, 1);
  bench.clock.advance(REBALANCE_MS - 1);
  expect(bench.group().members.has(late.memberId)).toBeTrue();
  bench.clock.advance(1);
  expect(bench.group().members.has(late.memberId)).toBeFalse();
  expect(beat(bench, leader, 1)).toBe("REBALANCE_IN_PROGRESS");
});

test("a generation whose leader doesn't sync loses its leader, and who waits joins again", () => {
  const bench = new GroupBench();
  const long = { sessionTimeoutMs: 1_000_000 };
  const [leader, follower] = [joinWithId(bench, long), joinWithId(bench, long)];
  bench.clock.advance(9_000);
  const waiting = sync(bench, follower.memberId, 1);
  bench.clock.advance(REBALANCE_MS);
  expect(errorOf(waiting)).toBe("REBALANCE_IN_PROGRESS");
  expect(bench.group().members.has(leader.memberId)).toBeFalse();
  expect(replyOf(join(bench, { memberId: follower.memberId }))).toMatchObject({
    generationId: 2,
    leader: follower.memberId,
  });
});

test("when all have synced, nobody is removed at the rebalance timeout", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{ sessionTimeoutMs: 1_000_000 }, { sessionTimeoutMs: 1_000_000 }]);
  bench.clock.advance(REBALANCE_MS * 2);
  expect(beat(bench, ids[1] ?? "", 1)).toBe("NONE");
});

test("of two syncs of one member the first is told to join again, for its client has given it up", () => {
  const bench = new GroupBench();
  const [leader = "", follower = ""] = generation(bench, 2);
  const [first, second] = [sync(bench, follower, 1), sync(bench, follower, 1)];
  expect(errorOf(first)).toBe("REBALANCE_IN_PROGRESS");
  sync(bench, leader, 1, { assignments: { [follower]: "two" } });
  expect(assignmentOf(second)).toBe("two");
});

test("a member that leaves while it waits is answered", () => {
  const bench = new GroupBench();
  const [, follower = ""] = generation(bench, 2);
  const waiting = sync(bench, follower, 1);
  leave(bench, { memberId: follower });
  expect(replyOf(waiting).errorCode).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
});
