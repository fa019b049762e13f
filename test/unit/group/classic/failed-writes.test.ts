import { expect, test } from "bun:test";
import { groupUnloaded } from "../../../../src/group/classic/lifecycle.ts";
import { syncGroup } from "../../../../src/group/classic/sync.ts";
import { KafkaError } from "../../../../src/protocol/errors.ts";
import { GroupBench } from "./support/bench.ts";
import { beat, errorOf, join, joinWithId, leave, SESSION_MS, stableGroup, sync } from "./support/requests.ts";

const failure = new KafkaError("NOT_COORDINATOR", "The disk is gone.");

test("a group that can't be written isn't there", () => {
  const bench = new GroupBench();
  bench.failure = failure;
  expect(() => join(bench)).toThrow(failure);
  expect(bench.shard.groups.size).toBe(0);
});

test("an assignment that can't be written is nobody's: who waits is told so, and the group rebalances", () => {
  const bench = new GroupBench();
  const [leader, follower] = [joinWithId(bench), joinWithId(bench)];
  bench.clock.advance(9_000);
  const waiting = sync(bench, follower.memberId, 1);
  bench.failure = failure;
  expect(() => sync(bench, leader.memberId, 1, { assignments: { [follower.memberId]: "all" } })).toThrow(
    failure,
  );
  expect(errorOf(waiting)).toBe("NOT_COORDINATOR");
  expect(bench.group()).toMatchObject({ state: "PreparingRebalance", generationId: 1 });
  expect(bench.group().members.get(follower.memberId)?.assignment).toHaveLength(0);
  expect(beat(bench, follower.memberId, 1)).toBe("REBALANCE_IN_PROGRESS");
});

test("a static member whose return can't be written keeps its former member id", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{ groupInstanceId: "a" }, { groupInstanceId: "b" }]);
  bench.failure = failure;
  expect(() => join(bench, { groupInstanceId: "b" })).toThrow(failure);
  expect(bench.group().members.idOfInstance("b")).toBe(ids[1] ?? "");
  expect(beat(bench, ids[1] ?? "", 1, "b")).toBe("NONE");
  bench.clock.advance(SESSION_MS);
  expect(bench.group().state).toBe("Empty");
});

test("a group that has been left is empty even if that can't be written", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  bench.failure = failure;
  expect(() => leave(bench, { memberId: ids[0] })).toThrow(failure);
  expect(bench.group()).toMatchObject({ state: "Empty", generationId: 2 });
});

test("so is one whose last session has ended", () => {
  const bench = new GroupBench();
  stableGroup(bench, [{}]);
  bench.failure = failure;
  bench.clock.advance(SESSION_MS + 1_000);
  expect(bench.group()).toMatchObject({ state: "Empty", generationId: 2 });
});

test("where the coordinator gives the group up because of it, nothing begins anew", () => {
  const bench = new GroupBench();
  const { memberId } = joinWithId(bench);
  bench.clock.advance(3_000);
  const group = bench.group();
  const names = { protocolType: "consumer", protocolName: "range" };
  const request = {
    groupId: "group",
    generationId: 1,
    memberId,
    groupInstanceId: null,
    ...names,
    assignments: [],
  };
  const { afterwards } = syncGroup(bench.shard, group, request, bench.clock.now());
  groupUnloaded(group, "NOT_COORDINATOR");
  afterwards?.(failure);
  expect(group.state).toBe("Dead");
});
