import { expect, test } from "bun:test";
import { type ErrorName, errorName } from "../../../../src/protocol/errors.ts";
import {
  OffsetDeleteRequest,
  OffsetDeleteResponse,
} from "../../../../src/protocol/messages/offset-delete.ts";
import { GroupBroker } from "../../../support/group-broker.ts";
import { lookFor } from "../support/find-coordinator.ts";
import { commit, fetchAll, joinAlone } from "../support/offset-requests.ts";

const OffsetDelete = [OffsetDeleteRequest, OffsetDeleteResponse] as const;

async function start(): Promise<GroupBroker> {
  const broker = await GroupBroker.start();
  broker.createTopic("t", 2);
  broker.createTopic("u");
  await lookFor(broker, "g");
  return broker;
}

async function remove(
  broker: GroupBroker,
  groupId: string,
  partitions: Record<string, number[]>,
): Promise<ErrorName | Record<string, ErrorName>> {
  const topics = Object.entries(partitions).map(([name, indexes]) => ({
    name,
    partitions: indexes.map((partitionIndex) => ({ partitionIndex })),
  }));
  const answer = await broker.ask(OffsetDelete, 0, { groupId, topics });
  if (answer.errorCode !== 0) return errorName(answer.errorCode);
  return Object.fromEntries(
    answer.topics.flatMap(({ name, partitions: answered }) =>
      answered.map(({ partitionIndex, errorCode }) => [`${name}-${partitionIndex}`, errorName(errorCode)]),
    ),
  );
}

test("Offsets of a group without members are deleted, and stay so after a restart", async () => {
  const broker = await start();
  await commit(broker, "g", { "t-0": 1, "t-1": 2, "u-0": 3 });
  expect(await remove(broker, "g", { t: [0], u: [0] })).toEqual({ "t-0": "NONE", "u-0": "NONE" });
  expect(await fetchAll(broker, "g")).toEqual({ "t-1": 2n });
  expect(await fetchAll(await broker.restart(), "g")).toEqual({ "t-1": 2n });
});

test("Offsets of topics that a member is subscribed to stay", async () => {
  const broker = await start();
  const { memberId, generationId } = await joinAlone(broker, "g", ["t"]);
  await commit(broker, "g", { "t-0": 1, "u-0": 3 }, { memberId, generationIdOrMemberEpoch: generationId });
  expect(await remove(broker, "g", { t: [0], u: [0] })).toEqual({
    "t-0": "GROUP_SUBSCRIBED_TO_TOPIC",
    "u-0": "NONE",
  });
  expect(await fetchAll(broker, "g")).toEqual({ "t-0": 1n });
});

test("Partitions that there aren't are refused one by one, and one without an offset is no error", async () => {
  const broker = await start();
  await commit(broker, "g", { "t-0": 1 });
  expect(await remove(broker, "g", { t: [1, 5], nowhere: [0] })).toEqual({
    "t-1": "NONE",
    "t-5": "UNKNOWN_TOPIC_OR_PARTITION",
    "nowhere-0": "UNKNOWN_TOPIC_OR_PARTITION",
  });
});

test("A group that there isn't, and an empty id, are told as such", async () => {
  const broker = await start();
  expect(await remove(broker, "nobody's", { t: [0] })).toBe("GROUP_ID_NOT_FOUND");
  expect(await remove(broker, "", { t: [0] })).toBe("INVALID_GROUP_ID");
});
