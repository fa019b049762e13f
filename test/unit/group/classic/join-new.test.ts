import { expect, test } from "bun:test";
import { ClassicGroup } from "../../../../src/group/classic/group.ts";
import { ConsumerGroup } from "../../../../src/group/consumer/group.ts";
import { ErrorCode, KafkaError } from "../../../../src/protocol/errors.ts";
import { GroupBench } from "./support/bench.ts";
import {
  errorOf,
  join,
  joinWithId,
  replyOf,
  SESSION_MS,
  stableGroup,
  subscription,
} from "./support/requests.ts";

test("a first join is answered with a member id of client id and uuid, to join with", () => {
  const bench = new GroupBench();
  const reply = replyOf(join(bench, { clientId: "shop" }));
  expect(reply).toMatchObject({
    errorCode: ErrorCode.MEMBER_ID_REQUIRED,
    memberId: "shop-00000000-0000-4000-8000-000000000001",
    leader: "",
    members: [],
  });
  expect(bench.group()).toMatchObject({ state: "Empty", generationId: 0, protocolType: "" });
});

test("before version 4 a first join joins", () => {
  const bench = new GroupBench();
  const answer = join(bench, { version: 3 });
  expect(answer.value).toBeUndefined();
  bench.clock.advance(3_000);
  const reply = replyOf(answer);
  expect(reply).toMatchObject({
    errorCode: 0,
    generationId: 1,
    protocolName: "range",
    protocolType: "consumer",
  });
  expect(reply.leader).toBe(reply.memberId);
});

test("in version 0 the session timeout is the rebalance timeout too", () => {
  const bench = new GroupBench();
  join(bench, { version: 0, rebalanceTimeoutMs: -1, sessionTimeoutMs: 7_000 });
  expect(bench.group().members.first()).toMatchObject({ rebalanceTimeoutMs: 7_000, sessionTimeoutMs: 7_000 });
});

test("a new group is in the log before anybody is in it", () => {
  const bench = new GroupBench();
  join(bench);
  expect(bench.records()).toMatchObject([
    {
      type: "GroupMetadata",
      key: { group: "group" },
      value: { generation: 0, protocolType: "", protocol: null, leader: null, members: [] },
    },
  ]);
});

test("the leader alone is told who the members are and what they say of themselves", () => {
  const bench = new GroupBench();
  const first = joinWithId(bench, { protocols: { range: subscription(["a"]) } });
  const second = joinWithId(bench, { protocols: { range: subscription(["b"]) } });
  bench.clock.advance(9_000);
  const leader = replyOf(first.answer);
  expect(leader.leader).toBe(first.memberId);
  expect(leader.members).toEqual([
    { memberId: first.memberId, groupInstanceId: null, metadata: subscription(["a"]) },
    { memberId: second.memberId, groupInstanceId: null, metadata: subscription(["b"]) },
  ]);
  expect(replyOf(second.answer)).toMatchObject({ generationId: 1, leader: first.memberId, members: [] });
});

test("a member id that isn't used within the session timeout is forgotten", () => {
  const bench = new GroupBench();
  const { memberId } = replyOf(join(bench));
  bench.clock.advance(SESSION_MS);
  expect(bench.group().pendingJoins.size).toBe(0);
  expect(errorOf(join(bench, { memberId }))).toBe("UNKNOWN_MEMBER_ID");
});

test("a rebalance waits for member ids that were handed out, and goes on when they expire", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  join(bench); // Somebody is given an id and never comes back.
  const rejoined = join(bench, { memberId: ids[0] });
  expect(rejoined.value).toBeUndefined();
  bench.clock.advance(SESSION_MS);
  expect(replyOf(rejoined).generationId).toBe(2);
});

test("a member that joins for the first time and is not answered in five minutes is removed", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{ sessionTimeoutMs: 1_800_000, rebalanceTimeoutMs: 600_000 }]);
  const { answer } = joinWithId(bench, { rebalanceTimeoutMs: 600_000 });
  bench.clock.advance(5 * 60_000 - 1);
  expect(answer.value).toBeUndefined();
  bench.clock.advance(1);
  expect(replyOf(answer)).toMatchObject({ errorCode: ErrorCode.UNKNOWN_MEMBER_ID, memberId: "" });
  expect(Array.from(bench.group().members, ({ memberId }) => memberId)).toEqual(ids);
});

test("a group that holds nothing but offsets can be joined", () => {
  const bench = new GroupBench();
  bench.shard.groups.set("group", new ClassicGroup("group"));
  const { answer } = joinWithId(bench);
  bench.clock.advance(6_000);
  expect(replyOf(answer).generationId).toBe(1);
});

test("an empty consumer group gives way to a classic one, in one write", () => {
  const bench = new GroupBench();
  bench.shard.groups.set("group", new ConsumerGroup("group"));
  expect(errorOf(join(bench))).toBe("MEMBER_ID_REQUIRED");
  expect(bench.group().state).toBe("Empty");
  const written = bench.records();
  expect(written.pop()).toMatchObject({ type: "GroupMetadata", value: { generation: 0 } });
  expect(written).toContainEqual({ type: "ConsumerGroupMetadata", key: { groupId: "group" }, value: null });
  expect(written.every(({ value }) => value === null)).toBeTrue();
});

test("it stays where the classic one can't be written, or somebody claims to be a member", () => {
  const bench = new GroupBench();
  const group = new ConsumerGroup("group");
  bench.shard.groups.set("group", group);
  bench.failure = new KafkaError("NOT_COORDINATOR", "The disk is gone.");
  expect(() => join(bench)).toThrow();
  expect(errorOf(join(bench, { memberId: "nobody" }))).toBe("UNKNOWN_MEMBER_ID");
  expect(bench.shard.groups.get("group")).toBe(group);
  expect(bench.log).toEqual([]);
});
