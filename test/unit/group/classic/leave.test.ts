import { expect, test } from "bun:test";
import { GroupBench } from "./support/bench.ts";
import { errorOf, join, joinWithId, leave, replyOf, stableGroup } from "./support/requests.ts";

test("a member that leaves makes the others rebalance", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  expect(leave(bench, { memberId: ids[0] })).toEqual(["NONE"]);
  expect(bench.group()).toMatchObject({ state: "PreparingRebalance", leaderId: ids[1] });
  expect(replyOf(join(bench, { memberId: ids[1] }))).toMatchObject({ generationId: 2, leader: ids[1] });
});

test("a group that everybody has left is empty, in the next generation", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  expect(leave(bench, ...ids.map((memberId) => ({ memberId })))).toEqual(["NONE", "NONE"]);
  expect(bench.group()).toMatchObject({ state: "Empty", generationId: 2 });
  expect(bench.records().at(-1)?.value).toMatchObject({ generation: 2, members: [] });
});

test("of several that leave, each has its own error", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}, { groupInstanceId: "a" }, { groupInstanceId: "b" }]);
  const errors = leave(
    bench,
    { memberId: ids[0] },
    { memberId: "nobody" },
    { groupInstanceId: "a" },
    { groupInstanceId: "nobody" },
    { memberId: ids[1], groupInstanceId: "b" },
    {},
    { memberId: ids[0] },
  );
  expect(errors).toEqual([
    "NONE",
    "UNKNOWN_MEMBER_ID",
    "NONE",
    "UNKNOWN_MEMBER_ID",
    "FENCED_INSTANCE_ID",
    "UNKNOWN_MEMBER_ID",
    "UNKNOWN_MEMBER_ID",
  ]);
  expect(Array.from(bench.group().members, ({ memberId }) => memberId)).toEqual([ids[1] ?? "", ids[3] ?? ""]);
});

test("where nobody of those named is there, the group goes on", () => {
  const bench = new GroupBench();
  stableGroup(bench, [{}]);
  leave(bench, { memberId: "nobody" });
  expect(bench.group().state).toBe("Stable");
});

test("a member id that was handed out and not used can be given back", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  const { memberId } = replyOf(join(bench));
  const rejoined = join(bench, { memberId: ids[0] });
  expect(rejoined.value).toBeUndefined();
  expect(leave(bench, { memberId })).toEqual(["NONE"]);
  expect(replyOf(rejoined).generationId).toBe(2);
});

test("the last one that a rebalance waits for can leave, and the rebalance ends", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  const rejoined = join(bench, { memberId: ids[0] });
  leave(bench, { memberId: ids[1] });
  expect(replyOf(rejoined).members).toHaveLength(1);
});

test("a member that leaves while its join waits is answered", () => {
  const bench = new GroupBench();
  const { memberId, answer } = joinWithId(bench);
  leave(bench, { memberId });
  expect(errorOf(answer)).toBe("UNKNOWN_MEMBER_ID");
});

test("giving back a member id leaves an empty group empty", () => {
  const bench = new GroupBench();
  const { memberId } = replyOf(join(bench));
  expect(leave(bench, { memberId })).toEqual(["NONE"]);
  expect(bench.group()).toMatchObject({ state: "Empty", generationId: 0 });
});
