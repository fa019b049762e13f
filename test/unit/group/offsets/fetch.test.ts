import { expect, test } from "bun:test";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { ZERO_UUID } from "../../../../src/protocol/uuid.ts";
import { GroupBroker } from "../../../support/group-broker.ts";
import { lookFor } from "../support/find-coordinator.ts";
import { commit, fetchAll, OffsetFetch } from "../support/offset-requests.ts";

async function start(): Promise<GroupBroker> {
  const broker = await GroupBroker.start();
  broker.createTopic("t", 2);
  await lookFor(broker, "g");
  await commit(broker, "g", { "t-1": 7 }, { metadata: "note" });
  return broker;
}

test("One group's offsets are told in the old versions, with -1 where nothing is committed", async () => {
  const broker = await start();
  for (let version = 1; version <= 7; version++) {
    const body = { groupId: "g", topics: [{ name: "t", partitionIndexes: [0, 1] }] };
    const { topics, errorCode } = await broker.ask(OffsetFetch, version, body);
    expect(errorCode).toBe(0);
    expect(topics).toMatchObject([
      {
        name: "t",
        partitions: [
          { partitionIndex: 0, committedOffset: -1n, metadata: "", errorCode: 0 },
          { partitionIndex: 1, committedOffset: 7n, metadata: "note", errorCode: 0 },
        ],
      },
    ]);
  }
});

test("From version 2 on null stands for all topics", async () => {
  const broker = await start();
  for (let version = 2; version <= 7; version++) {
    const { topics } = await broker.ask(OffsetFetch, version, { groupId: "g", topics: null });
    expect(topics).toMatchObject([{ name: "t", partitions: [{ partitionIndex: 1, committedOffset: 7n }] }]);
  }
});

test("Several groups are told at once, those that there aren't as without offsets", async () => {
  const broker = await start();
  await lookFor(broker, "other");
  await commit(broker, "other", { "t-0": 9 });
  const topics = [{ name: "t", partitionIndexes: [0] }];
  const groups = ["g", "other", "nobody's"].map((groupId) => ({ groupId, topics }));
  const answer = await broker.ask(OffsetFetch, 8, { groups });
  const offsets = answer.groups.map(({ groupId, errorCode, topics: [topic] }) => [
    groupId,
    errorCode,
    topic?.partitions[0]?.committedOffset,
  ]);
  expect(offsets).toEqual([
    ["g", 0, -1n],
    ["other", 0, 9n],
    ["nobody's", 0, -1n],
  ]);
  expect(await fetchAll(broker, "nobody's")).toEqual({});
});

test("Version 10 names topics by id, and tells an id that no topic has", async () => {
  const broker = await start();
  const topicId = broker.metadata.image.topicByName("t")?.id ?? ZERO_UUID;
  const goneId = broker.createTopic("gone");
  broker.deleteTopic("gone");
  const topics = [
    { topicId: goneId, partitionIndexes: [4] },
    { topicId, partitionIndexes: [1] },
  ];
  const some = await broker.ask(OffsetFetch, 10, { groups: [{ groupId: "g", topics }] });
  expect(some.groups[0]?.topics).toMatchObject([
    { topicId, partitions: [{ partitionIndex: 1, committedOffset: 7n, errorCode: 0 }] },
    { topicId: goneId, partitions: [{ partitionIndex: 4, errorCode: ErrorCode.UNKNOWN_TOPIC_ID }] },
  ]);
  const all = await broker.ask(OffsetFetch, 10, { groups: [{ groupId: "g", topics: null }] });
  expect(all.groups[0]?.topics).toMatchObject([{ topicId, partitions: [{ committedOffset: 7n }] }]);
});

test("Without the groups' topic the group's error is told: of partitions in version 1, of the group later", async () => {
  const broker = await GroupBroker.start();
  const topics = [{ name: "t", partitionIndexes: [3] }];
  const oldest = await broker.ask(OffsetFetch, 1, { groupId: "g", topics });
  expect(oldest.topics[0]?.partitions).toMatchObject([
    { partitionIndex: 3, committedOffset: -1n, errorCode: ErrorCode.NOT_COORDINATOR },
  ]);
  const old = await broker.ask(OffsetFetch, 7, { groupId: "g", topics });
  expect([old.errorCode, old.topics]).toEqual([ErrorCode.NOT_COORDINATOR, []]);
  expect(await fetchAll(broker, "g")).toBe("NOT_COORDINATOR");
});
