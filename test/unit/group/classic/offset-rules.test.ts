import { expect, test } from "bun:test";
import { ClassicGroup } from "../../../../src/group/classic/group.ts";
import type { OffsetCommitter } from "../../../../src/group/group.ts";
import type { CommittedOffset } from "../../../../src/group/offsets/committed-offset.ts";
import { KafkaError } from "../../../../src/protocol/errors.ts";
import { ZERO_UUID } from "../../../../src/protocol/uuid.ts";
import { GroupBench } from "./support/bench.ts";
import { join, joinWithId, leave, stableGroup, subscription } from "./support/requests.ts";

const nobody: OffsetCommitter = {
  memberId: "",
  groupInstanceId: null,
  generationIdOrMemberEpoch: -1,
  transactional: false,
  apiVersion: 9,
};

function errorIn(run: () => void): string {
  try {
    run();
    return "NONE";
  } catch (error) {
    if (error instanceof KafkaError) return error.errorName;
    throw error;
  }
}

function commit(group: ClassicGroup, committer: Partial<OffsetCommitter>): string {
  return errorIn(() => group.validateOffsetCommit({ ...nobody, ...committer }));
}

function committed(bench: GroupBench): CommittedOffset {
  const commitTimestampMs = bench.clock.now() - 5_000;
  return {
    offset: 1n,
    leaderEpoch: -1,
    metadata: "",
    commitTimestampMs,
    expireTimestampMs: -1,
    topicId: ZERO_UUID,
    recordOffset: 0,
  };
}

test("a member commits in its generation, and in no other", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{ groupInstanceId: "a" }, {}]);
  const group = bench.group();
  const [memberId = "", other = ""] = ids;
  expect(commit(group, { memberId, generationIdOrMemberEpoch: 1 })).toBe("NONE");
  expect(commit(group, { memberId, generationIdOrMemberEpoch: 1, groupInstanceId: "a" })).toBe("NONE");
  expect(commit(group, { memberId, generationIdOrMemberEpoch: 0 })).toBe("ILLEGAL_GENERATION");
  expect(commit(group, { memberId: other, generationIdOrMemberEpoch: 1, groupInstanceId: "a" })).toBe(
    "FENCED_INSTANCE_ID",
  );
  expect(commit(group, { memberId: "stranger", generationIdOrMemberEpoch: 1 })).toBe("UNKNOWN_MEMBER_ID");
});

test("who is no member commits to an empty group only", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  expect(commit(bench.group(), {})).toBe("UNKNOWN_MEMBER_ID");
  expect(commit(bench.group(), { transactional: true })).toBe("NONE");
  leave(bench, { memberId: ids[0] });
  expect(commit(bench.group(), {})).toBe("NONE");
  expect(commit(bench.group(), { memberId: ids[0] })).toBe("NONE");
  expect(commit(bench.group(), { memberId: ids[0], generationIdOrMemberEpoch: 2 })).toBe("UNKNOWN_MEMBER_ID");
});

test("during a rebalance members commit what they have read, until the next generation begins", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  const [memberId = "", other = ""] = ids;
  join(bench, { memberId });
  expect(commit(bench.group(), { memberId: other, generationIdOrMemberEpoch: 1 })).toBe("NONE");
  join(bench, { memberId: other });
  expect(commit(bench.group(), { memberId: other, generationIdOrMemberEpoch: 1 })).toBe("ILLEGAL_GENERATION");
  const now = { memberId: other, generationIdOrMemberEpoch: 2 };
  expect(commit(bench.group(), now)).toBe("REBALANCE_IN_PROGRESS");
  expect(commit(bench.group(), { ...now, transactional: true })).toBe("NONE");
});

test("a group with members can't be deleted", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}]);
  expect(errorIn(() => bench.group().validateDeleteGroup())).toBe("NON_EMPTY_GROUP");
  leave(bench, { memberId: ids[0] });
  expect(errorIn(() => bench.group().validateDeleteGroup())).toBe("NONE");
});

test("offsets can be deleted while consumers are subscribed to other topics, and not beside members of another type", () => {
  const bench = new GroupBench();
  stableGroup(bench, [
    { protocols: { range: subscription(["a"]) } },
    { protocols: { range: subscription(["b"]) } },
  ]);
  expect(errorIn(() => bench.group().validateOffsetDelete())).toBe("NONE");
  expect(["a", "b", "c"].map((topic) => bench.group().isSubscribedToTopic(topic))).toEqual([
    true,
    true,
    false,
  ]);
  joinWithId(bench, { groupId: "connect", protocolType: "connect" });
  expect(errorIn(() => bench.group("connect").validateOffsetDelete())).toBe("NON_EMPTY_GROUP");
  expect(bench.group("connect").isSubscribedToTopic("a")).toBeFalse();
});

test("consumers whose subscription can't be read may be subscribed to anything", () => {
  const bench = new GroupBench();
  stableGroup(bench, [{ protocols: { range: Uint8Array.of(0, 1, 0, 0, 0, 9) } }]);
  expect(bench.group().isSubscribedToTopic("anything")).toBeTrue();
  expect(bench.group().offsetRetentionStart(committed(bench), "anything")).toBeUndefined();
});

test("a group that the coordinator has given up answers nothing", () => {
  const bench = new GroupBench();
  stableGroup(bench, [{}]);
  const group = bench.group();
  bench.restart();
  expect(commit(group, {})).toBe("COORDINATOR_NOT_AVAILABLE");
  expect(errorIn(() => group.validateOffsetFetch())).toBe("GROUP_ID_NOT_FOUND");
  expect(errorIn(() => group.validateOffsetDelete())).toBe("GROUP_ID_NOT_FOUND");
  expect(errorIn(() => group.validateDeleteGroup())).toBe("GROUP_ID_NOT_FOUND");
});

test("retention counts from the commit where nobody is subscribed, and from when the group became empty", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{ protocols: { range: subscription(["a"]) } }]);
  const offset = committed(bench);
  expect(bench.group().offsetRetentionStart(offset, "a")).toBeUndefined();
  expect(bench.group().offsetRetentionStart(offset, "b")).toBe(offset.commitTimestampMs);
  leave(bench, { memberId: ids[0] });
  expect(bench.group().offsetRetentionStart(offset, "a")).toBe(bench.clock.now());
  expect(new ClassicGroup("simple").offsetRetentionStart(offset, "a")).toBe(offset.commitTimestampMs);
});

test("nothing expires while the group rebalances, nor beside members that are no consumers", () => {
  const bench = new GroupBench();
  const { ids } = stableGroup(bench, [{}, {}]);
  const offset = committed(bench);
  join(bench, { memberId: ids[0] });
  expect(bench.group().offsetRetentionStart(offset, "other")).toBeUndefined();
  const { memberId } = joinWithId(bench, { groupId: "connect", protocolType: "connect" });
  bench.clock.advance(3_000);
  expect(memberId).not.toBe("");
  expect(bench.group("connect").offsetRetentionStart(offset, "other")).toBeUndefined();
});
