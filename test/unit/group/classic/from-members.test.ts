import { expect, test } from "bun:test";
import { type Downgrade, downgrade } from "../../../../src/group/classic/from-members.ts";
import { retireGroup } from "../../../../src/group/classic/lifecycle.ts";
import { GroupBench } from "./support/bench.ts";
import {
  assignmentOf,
  beat,
  errorOf,
  join,
  joinWithId,
  replyOf,
  SESSION_MS,
  stableGroup,
  subscription,
  sync,
} from "./support/requests.ts";

const [range, sticky] = [subscription(["t"]), subscription(["t"], 1)];

function member(memberId: string, groupInstanceId: string | null = null) {
  const protocols = [
    { name: "sticky", metadata: sticky },
    { name: "range", metadata: range },
  ];
  const identity = { memberId, groupInstanceId, clientId: "c", clientHost: "/h" };
  return { ...identity, rebalanceTimeoutMs: 60_000, sessionTimeoutMs: SESSION_MS, protocols };
}

function downgraded(bench: GroupBench, rebalance: boolean): Downgrade {
  const made = downgrade({
    groupId: "group",
    generationId: 5,
    members: [member("one"), member("two", "b")],
    assignmentOf: (memberId, said) => Buffer.from(`${memberId} of ${said.length}`),
    nowMs: bench.clock.now(),
  });
  bench.run((shard) => ({
    records: [made.record],
    reply: undefined,
    afterwards: () => made.complete(shard, rebalance),
  }));
  return made;
}

test("members of another group make a stable classic one of the same generation, with what they had", () => {
  const bench = new GroupBench();
  downgraded(bench, false);
  expect(bench.group()).toMatchObject({
    state: "Stable",
    generationId: 5,
    leaderId: "one",
    protocolName: "sticky",
  });
  expect(errorOf(sync(bench, "two", 5, { protocolName: "range" }))).toBe("INCONSISTENT_GROUP_PROTOCOL");
  expect(assignmentOf(sync(bench, "one", 5, { protocolName: "sticky" }))).toBe(`one of ${sticky.length}`);
});

test("their sessions begin", () => {
  const bench = new GroupBench();
  downgraded(bench, false);
  bench.clock.advance(SESSION_MS - 1);
  expect(beat(bench, "one", 5)).toBe("NONE");
  bench.clock.advance(1);
  expect(beat(bench, "one", 5)).toBe("REBALANCE_IN_PROGRESS");
  expect(bench.group().members.has("two")).toBeFalse();
});

test("they keep all the protocols that they offer", () => {
  const bench = new GroupBench();
  downgraded(bench, false);
  expect(replyOf(join(bench, { memberId: "two", protocols: { sticky, range } }))).toMatchObject({
    generationId: 5,
    leader: "one",
  });
});

test("where a member has left, they rebalance", () => {
  const bench = new GroupBench();
  downgraded(bench, true);
  expect(beat(bench, "one", 5)).toBe("REBALANCE_IN_PROGRESS");
  const joins = ["one", "two"].map((memberId) => join(bench, { memberId, protocols: { sticky, range } }));
  expect(joins.map((answer) => replyOf(answer).generationId)).toEqual([6, 6]);
});

test("members without a common protocol make no group", () => {
  const one = { ...member("one"), protocols: [{ name: "range", metadata: range }] };
  const two = { ...member("two"), protocols: [{ name: "sticky", metadata: sticky }] };
  const members = [one, two];
  const assignmentOf = () => new Uint8Array();
  expect(() => downgrade({ groupId: "g", generationId: 1, members, assignmentOf, nowMs: 0 })).toThrow();
});

test("a group that is replaced has whoever waits join again, and no timer left", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  const rejoining = join(bench, { memberId: ids[0] });
  joinWithId(bench);
  join(bench);
  const group = bench.group();
  bench.run((shard) => ({
    records: group.tombstones(),
    reply: undefined,
    afterwards: () => retireGroup(shard, group),
  }));
  expect(errorOf(rejoining)).toBe("REBALANCE_IN_PROGRESS");
  expect(bench.clock.pending).toBe(0);
});
