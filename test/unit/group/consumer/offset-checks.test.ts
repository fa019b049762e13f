import { describe, expect, test } from "bun:test";
import type { OffsetCommitter } from "../../../../src/group/group.ts";
import type { Uuid } from "../../../../src/protocol/uuid.ts";
import { ConsumerBench } from "./support/bench.ts";
import { rejoinClassic } from "./support/classic.ts";
import { beat, join, refusal } from "./support/heartbeats.ts";

const committer: OffsetCommitter = {
  memberId: "a",
  groupInstanceId: null,
  generationIdOrMemberEpoch: 2,
  transactional: false,
  apiVersion: 10,
};

function oneMember(): { bench: ConsumerBench; id: Uuid } {
  const bench = new ConsumerBench();
  const id = bench.topics.set("t", 2);
  join(bench, "a", ["t"]);
  return { bench, id };
}

describe("a commit", () => {
  test("is good with the member's epoch, for any partition", () => {
    const { bench } = oneMember();
    expect(bench.group().validateOffsetCommit(committer)).toBeUndefined();
  });

  test("of somebody else, with an epoch that is yet to come, or in a version without epochs isn't", () => {
    const { bench } = oneMember();
    const group = bench.group();
    const commit = (more: Partial<OffsetCommitter>) =>
      refusal(() => group.validateOffsetCommit({ ...committer, ...more }));
    expect(commit({ memberId: "b" })).toBe("UNKNOWN_MEMBER_ID");
    expect(commit({ memberId: "", generationIdOrMemberEpoch: -1 })).toBe("UNKNOWN_MEMBER_ID");
    expect(commit({ generationIdOrMemberEpoch: 3 })).toBe("STALE_MEMBER_EPOCH");
    expect(commit({ apiVersion: 8 })).toBe("UNSUPPORTED_VERSION");
    expect(commit({ apiVersion: 8, transactional: true })).toBe("NONE");
  });

  test("with an epoch from before is good for what the member has had since then", () => {
    const { bench, id } = oneMember();
    join(bench, "b", ["t"]);
    beat(bench, { memberId: "a", memberEpoch: 2 });
    const group = bench.group();
    // Partition 1 is being given up, and still the member's.
    beat(bench, { memberId: "a", memberEpoch: 2, owned: { [id]: [0] } });
    bench.topics.set("t", 3);
    beat(bench, { memberId: "a", memberEpoch: 3, owned: { [id]: [0] } });
    expect(group.members.get("a")?.memberEpoch).toBe(4);
    const validate = group.validateOffsetCommit({ ...committer, generationIdOrMemberEpoch: 2 });
    expect(refusal(() => validate?.("t", id, 0))).toBe("NONE");
    expect(refusal(() => validate?.("t", id, 1))).toBe("STALE_MEMBER_EPOCH");
    expect(refusal(() => validate?.("t", id, 7))).toBe("STALE_MEMBER_EPOCH");
    const early = group.validateOffsetCommit({ ...committer, generationIdOrMemberEpoch: 1 });
    expect(refusal(() => early?.("t", id, 0))).toBe("STALE_MEMBER_EPOCH");
  });

  test("of a member of the classic protocol fails with the classic error", () => {
    const { bench, id } = oneMember();
    const { memberId } = rejoinClassic(bench, { topics: ["t"], apiVersion: 3 });
    const group = bench.group();
    const late = { ...committer, memberId, apiVersion: 8 };
    expect(refusal(() => group.validateOffsetCommit({ ...late, generationIdOrMemberEpoch: 4 }))).toBe(
      "ILLEGAL_GENERATION",
    );
    const validate = group.validateOffsetCommit({ ...late, generationIdOrMemberEpoch: 2 });
    expect(refusal(() => validate?.("t", id, 0))).toBe("ILLEGAL_GENERATION");
  });

  test("of an administrator is good while nobody is in the group, and of an anonymous transaction always", () => {
    const { bench } = oneMember();
    const group = bench.group();
    const nobody = { ...committer, memberId: "", generationIdOrMemberEpoch: -1 };
    expect(refusal(() => group.validateOffsetCommit({ ...nobody, transactional: true }))).toBe("NONE");
    beat(bench, { memberId: "a", memberEpoch: -1 });
    expect(refusal(() => group.validateOffsetCommit(nobody))).toBe("NONE");
  });
});

test("offsets are fetched by a member with its epoch, or by nobody in particular", () => {
  const { bench } = oneMember();
  const group = bench.group();
  expect(refusal(() => group.validateOffsetFetch(null, -1))).toBe("NONE");
  expect(refusal(() => group.validateOffsetFetch("a", 2))).toBe("NONE");
  expect(refusal(() => group.validateOffsetFetch("a", 1))).toBe("STALE_MEMBER_EPOCH");
  expect(refusal(() => group.validateOffsetFetch("b", 2))).toBe("UNKNOWN_MEMBER_ID");
});

test("an offset expires from its commit on, once nobody subscribes to the topic", () => {
  const { bench, id } = oneMember();
  const offset = {
    offset: 1n,
    leaderEpoch: -1,
    metadata: "",
    commitTimestampMs: 123,
    expireTimestampMs: -1,
    topicId: id,
    recordOffset: 0,
  };
  expect(bench.group().offsetRetentionStart(offset, "t")).toBeUndefined();
  expect(bench.group().offsetRetentionStart(offset, "other")).toBe(123);
  beat(bench, { memberId: "a", memberEpoch: -1 });
  expect(bench.group().offsetRetentionStart(offset, "t")).toBe(123);
});
