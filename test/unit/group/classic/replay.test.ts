import { expect, test } from "bun:test";
import { classicGroup } from "../../../../src/group/classic/find-group.ts";
import type { ClassicGroup } from "../../../../src/group/classic/group.ts";
import { replayGroupMetadata } from "../../../../src/group/classic/replay.ts";
import { GroupBench } from "./support/bench.ts";
import {
  assignmentOf,
  beat,
  errorOf,
  join,
  joinWithId,
  leave,
  replyOf,
  SESSION_MS,
  stableGroup,
  subscription,
  sync,
} from "./support/requests.ts";

/** What of a group stands in the log. */
function logged(group: ClassicGroup | undefined) {
  return (
    group && {
      state: group.state,
      since: group.stateSinceMs,
      generationId: group.generationId,
      protocolType: group.protocolType,
      protocolName: group.protocolName,
      leaderId: group.leaderId,
      topics: group.topics,
      members: Array.from(group.members, (member) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeoutMs: member.rebalanceTimeoutMs,
        sessionTimeoutMs: member.sessionTimeoutMs,
        metadata: member.metadataFor(group.protocolName),
        assignment: member.assignment,
      })),
    }
  );
}

test("a stable group is after a restart what it was", () => {
  const bench = new GroupBench();
  stableGroup(bench, [{ groupInstanceId: "a" }, { protocols: { range: subscription(["u"]) } }]);
  const before = logged(bench.group());
  bench.restart();
  expect(logged(bench.group())).toEqual(before);
});

test("so is an empty one", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  leave(bench, { memberId: ids[0] });
  const before = logged(bench.group());
  bench.restart();
  expect(logged(bench.group())).toEqual(before);
});

test("after a restart members go on in their generation, and fetch their assignment if they have missed it", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  bench.restart();
  expect(beat(bench, ids[0] ?? "", 1)).toBe("NONE");
  expect(assignmentOf(sync(bench, ids[1] ?? "", 1))).toBe(`part of ${ids[1]}`);
});

test("after a restart members have a whole session to be heard of", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  bench.clock.advance(SESSION_MS - 1);
  bench.restart();
  bench.clock.advance(SESSION_MS - 1);
  expect(bench.group().members.has(ids[0] ?? "")).toBeTrue();
  bench.clock.advance(1);
  expect(bench.group().state).toBe("Empty");
});

test("a generation without an assignment is forgotten with a restart, and the one before is back", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  for (const memberId of ids) join(bench, { memberId });
  expect(bench.group().generationId).toBe(2);
  bench.restart();
  expect(bench.group()).toMatchObject({ state: "Stable", generationId: 1 });
  expect(errorOf(sync(bench, ids[0] ?? "", 2))).toBe("ILLEGAL_GENERATION");
});

test("members that wait while the coordinator ends are sent to look for it", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}, {}]);
  const joining = join(bench, { memberId: ids[0] });
  bench.restart();
  expect(errorOf(joining)).toBe("NOT_COORDINATOR");
  for (const memberId of ids) join(bench, { memberId, protocols: { range: subscription(["u"]) } });
  const syncing = sync(bench, ids[1] ?? "", 2);
  bench.restart();
  expect(errorOf(syncing)).toBe("NOT_COORDINATOR");
});

test("what was deleted is gone after a restart", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  leave(bench, { memberId: ids[0] });
  const group = bench.group();
  bench.run(() => ({ records: group.tombstones(), reply: undefined }));
  expect(bench.shard.groups.size).toBe(0);
  bench.restart();
  expect(bench.shard.groups.size).toBe(0);
});

test("a group that is loaded with more members than allowed rebalances", () => {
  const bench = new GroupBench();
  stableGroup(bench, [{}, {}]);
  bench.config.groupMaxSize = 1;
  bench.restart();
  expect(bench.group().state).toBe("PreparingRebalance");
});

test("while a group lives, its members keep the protocols that were not chosen", () => {
  const bench = new GroupBench();
  const [range, sticky] = [subscription(["t"]), subscription(["u"])];
  const { ids } = stableGroup(bench, [{}, { protocols: { range, sticky } }]);
  expect(replyOf(join(bench, { memberId: ids[1], protocols: { range, sticky } })).generationId).toBe(1);
  bench.restart();
  expect(join(bench, { memberId: ids[1], protocols: { range, sticky } }).value).toBeUndefined();
});

test("a static member that came back keeps the protocols that were not chosen", () => {
  const bench = new GroupBench();
  const [range, sticky] = [subscription(["t"]), subscription(["u"])];
  stableGroup(bench, [{}, { groupInstanceId: "a", protocols: { range, sticky } }]);
  const { memberId } = replyOf(join(bench, { groupInstanceId: "a", protocols: { range, sticky } }));
  expect(replyOf(join(bench, { memberId, protocols: { range, sticky } })).generationId).toBe(1);
});

test("records of version 0 know no rebalance timeout: it is the session timeout", () => {
  const bench = new GroupBench();
  replayGroupMetadata(
    bench.shard,
    { group: "old" },
    {
      protocolType: "consumer",
      generation: 7,
      protocol: "range",
      leader: "m",
      currentStateTimestamp: -1n,
      members: [
        {
          memberId: "m",
          groupInstanceId: null,
          clientId: "c",
          clientHost: "/h",
          rebalanceTimeout: -1,
          sessionTimeout: 9_000,
          subscription: Buffer.from([0, 0]),
          assignment: Buffer.alloc(0),
        },
      ],
    },
  );
  const group = bench.group("old");
  expect(group).toMatchObject({ state: "Stable", stateSinceMs: null, generationId: 7 });
  expect(group.members.first()).toMatchObject({ rebalanceTimeoutMs: 9_000, sessionTimeoutMs: 9_000 });
});

test("a tombstone leaves a group of another type alone", () => {
  const bench = new GroupBench();
  joinWithId(bench);
  const group = bench.group();
  Object.defineProperty(group, "type", { value: "consumer" });
  replayGroupMetadata(bench.shard, { group: "group" }, null);
  expect(bench.shard.groups.size).toBe(1);
  expect(classicGroup(bench.shard, "group")).toBeUndefined();
});
