import { expect, test } from "bun:test";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { GroupBench } from "./support/bench.ts";
import { errorOf, join, joinWithId, leave, replyOf, stableGroup, subscription } from "./support/requests.ts";

test("a group id is not empty", () => {
  expect(errorOf(join(new GroupBench(), { groupId: "" }))).toBe("INVALID_GROUP_ID");
});

test.each([5_999, 1_800_001])(
  "a session timeout of %d ms is out of the broker's bounds",
  (sessionTimeoutMs) => {
    const bench = new GroupBench();
    expect(errorOf(join(bench, { sessionTimeoutMs }))).toBe("INVALID_SESSION_TIMEOUT");
    expect(bench.shard.groups.size).toBe(0);
  },
);

test.each([6_000, 1_800_000])(
  "a session timeout of %d ms is within the broker's bounds",
  (sessionTimeoutMs) => {
    expect(errorOf(join(new GroupBench(), { sessionTimeoutMs }))).toBe("MEMBER_ID_REQUIRED");
  },
);

test("a member id is not known where there is no group", () => {
  const reply = replyOf(join(new GroupBench(), { memberId: "nobody" }));
  expect(reply).toMatchObject({ errorCode: ErrorCode.UNKNOWN_MEMBER_ID, memberId: "nobody" });
});

test.each([
  ["without a protocol type", { protocolType: "" }],
  ["without a protocol", { protocols: {} }],
])("a first join %s is refused, and leaves no group behind", (_, options) => {
  const bench = new GroupBench();
  expect(errorOf(join(bench, options))).toBe("INCONSISTENT_GROUP_PROTOCOL");
  expect(bench.log).toEqual([]);
});

test("a member of another type is refused", () => {
  const bench = new GroupBench();
  stableGroup(bench, [{}]);
  expect(errorOf(join(bench, { protocolType: "connect" }))).toBe("INCONSISTENT_GROUP_PROTOCOL");
});

test("a member that shares no protocol with all others is refused", () => {
  const bench = new GroupBench();
  const [range, sticky] = [subscription(["t"]), subscription(["t"])];
  stableGroup(bench, [{ protocols: { range, sticky } }, { protocols: { range } }]);
  expect(errorOf(join(bench, { protocols: { sticky } }))).toBe("INCONSISTENT_GROUP_PROTOCOL");
  expect(errorOf(join(bench, { protocols: { sticky, range } }))).toBe("MEMBER_ID_REQUIRED");
});

test("an empty group may be joined by members of another type", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  leave(bench, { memberId: ids[0] ?? "" });
  const { answer } = joinWithId(bench, { protocolType: "connect", protocols: { v1: new Uint8Array(1) } });
  bench.clock.advance(3_000);
  expect(replyOf(answer)).toMatchObject({ protocolType: "connect", protocolName: "v1", generationId: 3 });
});

test("a full group takes no new members, and keeps those it has", () => {
  const bench = new GroupBench();
  bench.config.groupMaxSize = 2;
  const { ids } = stableGroup(bench, [{}, {}]);
  expect(replyOf(join(bench))).toMatchObject({ errorCode: ErrorCode.GROUP_MAX_SIZE_REACHED, memberId: "" });
  const rejoined = ids.map((memberId) => join(bench, { memberId }));
  expect(rejoined.map(errorOf)).toEqual(["NONE", "NONE"]);
});

test("a group that has become too large loses whom joins again last", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}, {}]);
  bench.config.groupMaxSize = 2;
  const [leader, second, third] = ids.map((memberId) => join(bench, { memberId }));
  expect(third && errorOf(third)).toBe("GROUP_MAX_SIZE_REACHED");
  bench.clock.advance(60_000);
  expect([leader, second].map((answer) => answer && errorOf(answer))).toEqual(["NONE", "NONE"]);
  expect(bench.group().members.size).toBe(2);
});
