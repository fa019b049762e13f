import { expect, test } from "bun:test";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { GroupBroker } from "../../../support/group-broker.ts";
import { lookFor } from "../support/find-coordinator.ts";
import { commit, fetchAll, joinAlone, OffsetCommit } from "../support/offset-requests.ts";

async function start(...configs: string[]): Promise<GroupBroker> {
  const broker = await GroupBroker.start({ configs });
  broker.createTopic("t", 3);
  await lookFor(broker, "g");
  return broker;
}

test("Offsets that nobody's member commits make a group of their own, and are there after a restart", async () => {
  const broker = await start();
  expect(await commit(broker, "g", { "t-0": 5, "t-2": 2n ** 63n - 1n })).toEqual({
    "t-0": "NONE",
    "t-2": "NONE",
  });
  const committed = { "t-0": 5n, "t-2": 2n ** 63n - 1n };
  expect(await fetchAll(broker, "g")).toEqual(committed);
  expect(broker.groups.listGroups({ states: [], types: [] })).toEqual([
    { groupId: "g", protocolType: "", groupState: "Empty", groupType: "classic" },
  ]);
  const again = await broker.restart();
  expect(await fetchAll(again, "g")).toEqual(committed);
});

test("A later commit takes the place of an earlier one, in every version", async () => {
  const broker = await start();
  for (let version = 2; version <= 10; version++) {
    expect(await commit(broker, "g", { "t-1": version }, { version })).toEqual({ "t-1": "NONE" });
    expect(await fetchAll(broker, "g")).toEqual({ "t-1": BigInt(version) });
  }
});

test("Topics and partitions that there aren't are refused one by one", async () => {
  const broker = await start();
  expect(await commit(broker, "g", { "nowhere-0": 1, "t-7": 2, "t-1": 3 })).toEqual({
    "nowhere-0": "UNKNOWN_TOPIC_OR_PARTITION",
    "t-7": "UNKNOWN_TOPIC_OR_PARTITION",
    "t-1": "NONE",
  });
  expect(await fetchAll(broker, "g")).toEqual({ "t-1": 3n });
});

test("A topic id that no topic has is told as such", async () => {
  const broker = await start();
  const topicId = broker.createTopic("gone");
  broker.deleteTopic("gone");
  const body = {
    groupId: "g",
    generationIdOrMemberEpoch: -1,
    memberId: "",
    topics: [{ topicId, partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: "" }] }],
  };
  const answer = await broker.ask(OffsetCommit, 10, body);
  expect(answer.topics).toMatchObject([
    { topicId, partitions: [{ partitionIndex: 0, errorCode: ErrorCode.UNKNOWN_TOPIC_ID }] },
  ]);
});

test("Metadata may have as many characters as the broker's limit", async () => {
  const broker = await start("offset.metadata.max.bytes=10");
  expect(await commit(broker, "g", { "t-0": 1 }, { metadata: "ö".repeat(10) })).toEqual({ "t-0": "NONE" });
  expect(await commit(broker, "g", { "t-0": 2 }, { metadata: "x".repeat(11) })).toEqual({
    "t-0": "OFFSET_METADATA_TOO_LARGE",
  });
  expect(await commit(broker, "g", { "t-0": 3 }, { metadata: null })).toEqual({ "t-0": "NONE" });
  expect(await fetchAll(broker, "g")).toEqual({ "t-0": 3n });
});

test("A generation of a group that there isn't is refused, by the name that the version knows", async () => {
  const broker = await start();
  const options = { generationIdOrMemberEpoch: 3, memberId: "somebody" };
  expect(await commit(broker, "g", { "t-0": 1 }, { ...options, version: 8 })).toEqual({
    "t-0": "ILLEGAL_GENERATION",
  });
  expect(await commit(broker, "g", { "t-0": 1 }, { ...options, version: 9 })).toEqual({
    "t-0": "GROUP_ID_NOT_FOUND",
  });
});

test("Of a group with members only they commit, in their generation", async () => {
  const broker = await start();
  const { memberId, generationId } = await joinAlone(broker, "g", ["t"]);
  const as = (id: string, generation: number) =>
    commit(broker, "g", { "t-0": 1 }, { memberId: id, generationIdOrMemberEpoch: generation });
  expect(await as(memberId, generationId)).toEqual({ "t-0": "NONE" });
  expect(await as(memberId, generationId + 1)).toEqual({ "t-0": "ILLEGAL_GENERATION" });
  expect(await as("stranger", generationId)).toEqual({ "t-0": "UNKNOWN_MEMBER_ID" });
  expect(await as("", -1)).toEqual({ "t-0": "UNKNOWN_MEMBER_ID" });
});

test("A commit keeps its member's session alive", async () => {
  const broker = await start();
  const { memberId, generationId } = await joinAlone(broker, "g", ["t"]);
  for (let round = 0; round < 4; round++) {
    broker.clock.advance(8_000);
    const options = { memberId, generationIdOrMemberEpoch: generationId };
    expect(await commit(broker, "g", { "t-0": round }, options)).toEqual({ "t-0": "NONE" });
  }
  broker.clock.advance(10_001);
  expect(broker.groups.listGroups({ states: ["empty"], types: [] })).toHaveLength(1);
});

test("Without the groups' topic there is no coordinator to commit to", async () => {
  const broker = await GroupBroker.start();
  broker.createTopic("t");
  expect(await commit(broker, "g", { "t-0": 1 })).toEqual({ "t-0": "NOT_COORDINATOR" });
});

test("A topic that stands twice in a request is answered once, with all its partitions", async () => {
  const broker = await start();
  const partition = (partitionIndex: number) => ({
    partitionIndex,
    committedOffset: 1,
    committedMetadata: "",
  });
  const answer = await broker.ask(OffsetCommit, 9, {
    groupId: "g",
    generationIdOrMemberEpoch: -1,
    memberId: "",
    topics: [
      { name: "t", partitions: [partition(0), partition(9)] },
      { name: "t", partitions: [partition(1)] },
    ],
  });
  expect(answer.topics).toHaveLength(1);
  expect(answer.topics[0]?.partitions).toEqual([
    { partitionIndex: 9, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION },
    { partitionIndex: 0, errorCode: ErrorCode.NONE },
    { partitionIndex: 1, errorCode: ErrorCode.NONE },
  ]);
});
