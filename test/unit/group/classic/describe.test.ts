import { expect, test } from "bun:test";
import { describeClassicGroup } from "../../../../src/group/classic/describe.ts";
import { GroupBench } from "./support/bench.ts";
import { join, joinWithId, leave, stableGroup, subscription } from "./support/requests.ts";

test("a stable group is described with its protocol and all that its members say and have", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, { groupInstanceId: "a", clientId: "other" }]);
  const described = describeClassicGroup(bench.group());
  expect(described).toMatchObject({
    groupId: "group",
    groupState: "Stable",
    protocolType: "consumer",
    protocolData: "range",
  });
  expect(described.members).toEqual([
    {
      memberId: ids[0] ?? "",
      groupInstanceId: null,
      clientId: "client",
      clientHost: "/127.0.0.1",
      memberMetadata: subscription(["t"]),
      memberAssignment: Buffer.from(`part of ${ids[0]}`),
    },
    {
      memberId: ids[1] ?? "",
      groupInstanceId: "a",
      clientId: "other",
      clientHost: "/127.0.0.1",
      memberMetadata: subscription(["t"]),
      memberAssignment: Buffer.from(`part of ${ids[1]}`),
    },
  ]);
});

test("of a group that rebalances neither protocol nor subscriptions are told", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  join(bench, { memberId: ids[0] });
  const described = describeClassicGroup(bench.group());
  expect(described).toMatchObject({
    groupState: "PreparingRebalance",
    protocolType: "consumer",
    protocolData: "",
  });
  expect(described.members[1]).toMatchObject({
    memberMetadata: Buffer.alloc(0),
    memberAssignment: Buffer.from(`part of ${ids[1]}`),
  });
});

test("nor of one that waits for its assignment", () => {
  const bench = new GroupBench();
  joinWithId(bench);
  bench.clock.advance(3_000);
  const described = describeClassicGroup(bench.group());
  expect(described).toMatchObject({ groupState: "CompletingRebalance", protocolData: "" });
});

test("an empty group still says what type it was", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  leave(bench, { memberId: ids[0] });
  const described = describeClassicGroup(bench.group());
  expect(described).toMatchObject({
    groupState: "Empty",
    protocolType: "consumer",
    protocolData: "",
    members: [],
  });
});
