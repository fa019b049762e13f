/**
 * Creating, widening and deleting topics. What Kafka answers to each request is in kafka-answers.test.ts; this is what
 * comes of it, in all versions, and when it goes wrong.
 */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { createPartitions } from "../../../src/api/create-partitions.ts";
import { createTopics } from "../../../src/api/create-topics.ts";
import { deleteTopics } from "../../../src/api/delete-topics.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
} from "../../../src/protocol/messages/create-partitions.ts";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../../src/protocol/messages/create-topics.ts";
import { DeleteTopicsRequest, DeleteTopicsResponse } from "../../../src/protocol/messages/delete-topics.ts";
import { ZERO_UUID } from "../../../src/protocol/uuid.ts";
import { MetadataBroker } from "../../support/metadata-broker.ts";

const creation = [CreateTopicsRequest, CreateTopicsResponse] as const;
const deletion = [DeleteTopicsRequest, DeleteTopicsResponse] as const;
const widening = [CreatePartitionsRequest, CreatePartitionsResponse] as const;
const timeoutMs = 5000;

let broker: MetadataBroker;

beforeEach(async () => {
  broker = await MetadataBroker.start();
});
afterEach(() => broker.close());

async function restart(...overrides: string[]): Promise<void> {
  broker.close();
  broker = await MetadataBroker.start(overrides, broker.disk);
}

function create(names: string[], version = 7, configs: Record<string, string> = {}) {
  const topics = names.map((name) => ({
    name,
    numPartitions: 2,
    replicationFactor: 1,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  }));
  return broker.ask(creation, version, { topics, timeoutMs, validateOnly: false });
}

const remove = (topicNames: string[], version = 5) =>
  broker.ask(deletion, version, { topicNames, timeoutMs });

const widen = (name: string, count: number, version = 3) =>
  broker.ask(widening, version, {
    topics: [{ name, count, assignments: null }],
    timeoutMs,
    validateOnly: false,
  });

const codes = (answers: readonly { errorCode: number }[]) => answers.map(({ errorCode }) => errorCode);

test("Topics are created in every version, and are there after a restart", async () => {
  expect(createTopics.served).toEqual({ min: 2, max: 7 });
  for (let version = 2; version <= 7; version++) {
    const { topics } = await create([`v${version}`], version);
    expect(topics).toMatchObject([{ name: `v${version}`, errorCode: ErrorCode.NONE, errorMessage: null }]);
    expect(topics[0]?.numPartitions).toBe(version >= 5 ? 2 : -1);
    expect(topics[0]?.topicId === ZERO_UUID).toBe(version < 7);
  }
  await restart();
  expect(broker.metadata.image.topicNames()).toEqual(["v2", "v3", "v4", "v5", "v6", "v7"]);
  expect(broker.metadata.image.topicByName("v2")?.partitions).toHaveLength(2);
});

test("The id that is told is the topic's", async () => {
  const { topics } = await create(["t"]);
  expect(topics[0]?.topicId).toEqual(broker.metadata.image.topicByName("t")?.id);
});

test("Configs that are told are the topic's own over the broker's", async () => {
  await restart("log.segment.bytes=2000000");
  const { topics } = await create(["t"], 5, { "retention.ms": "1000" });
  const told = new Map(
    topics[0]?.configs?.map(({ name, value, configSource }) => [name, { value, configSource }]),
  );
  expect(told.get("retention.ms")).toEqual({ value: "1000", configSource: 1 });
  expect(told.get("segment.bytes")).toEqual({ value: "2000000", configSource: 4 });
  expect(told.get("max.message.bytes")).toEqual({ value: "1048588", configSource: 5 });
});

test("Partitions are added in every version, and are there after a restart", async () => {
  await create(["t"]);
  expect(createPartitions.served).toEqual({ min: 0, max: 3 });
  for (let version = 0; version <= 3; version++) {
    const { results } = await widen("t", 3 + version, version);
    expect(results).toEqual([{ name: "t", errorCode: ErrorCode.NONE, errorMessage: null }]);
  }
  await restart();
  expect(
    broker.metadata.image.topicByName("t")?.partitions.map(({ index, leader }) => [index, leader]),
  ).toEqual([0, 1, 2, 3, 4, 5].map((index) => [index, 1]));
});

test("Topics are deleted in every version, with their configs, and stay deleted", async () => {
  expect(deleteTopics.served).toEqual({ min: 1, max: 6 });
  for (let version = 1; version <= 5; version++) {
    await create([`v${version}`], 7, { "retention.ms": "1000" });
    const { responses } = await remove([`v${version}`], version);
    expect(responses).toMatchObject([{ name: `v${version}`, errorCode: ErrorCode.NONE }]);
  }
  await restart();
  expect(broker.metadata.image.topicNames()).toEqual([]);
  expect([...broker.metadata.image.configResources()]).toEqual([]);
});

test("A topic of the name of a deleted one has another id and none of its configs", async () => {
  const first = await create(["t"], 7, { "retention.ms": "1000" });
  await remove(["t"]);
  const second = await create(["t"]);
  expect(second.topics[0]?.topicId).not.toEqual(first.topics[0]?.topicId ?? ZERO_UUID);
  expect(broker.metadata.image.configs(2, "t").size).toBe(0);
});

test.each([
  [1, ErrorCode.INVALID_REQUEST],
  [2, ErrorCode.INVALID_REQUEST],
  [3, ErrorCode.TOPIC_DELETION_DISABLED],
  [5, ErrorCode.TOPIC_DELETION_DISABLED],
])("Where delete.topic.enable is false, version %i answers %i", async (version, code) => {
  await restart("delete.topic.enable=false");
  await create(["a", "b"]);
  const { responses } = await remove(["a", "b"], version);
  expect(codes(responses)).toEqual([code, code]);
  expect(broker.metadata.image.topicNames()).toEqual(["a", "b"]);
});

test("Where delete.topic.enable is false, ids are answered as they were given", async () => {
  await restart("delete.topic.enable=false");
  const { topics } = await create(["a"]);
  const topicId = topics[0]?.topicId ?? ZERO_UUID;
  const asked = [
    { name: null, topicId },
    { name: "a", topicId: ZERO_UUID },
  ];
  const { responses } = await broker.ask(deletion, 6, { topics: asked, timeoutMs });
  expect(responses).toMatchObject(
    asked.map((one) => ({ ...one, errorCode: ErrorCode.TOPIC_DELETION_DISABLED })),
  );
});

test("What can't be written down is KAFKA_STORAGE_ERROR for each topic, and changes nothing", async () => {
  await create(["t"]);
  const before = broker.metadata.image.lastOffset;
  broker.disk.failure = (operation) => (operation === "write" ? "ENOSPC" : undefined);
  const error = ErrorCode.KAFKA_STORAGE_ERROR;
  expect(codes((await create(["a", "b"])).topics)).toEqual([error, error]);
  expect(codes((await widen("t", 5)).results)).toEqual([error]);
  expect(codes((await remove(["t"])).responses)).toEqual([error]);
  expect(broker.metadata.image.lastOffset).toBe(before);
  expect(broker.metadata.image.topicNames()).toEqual(["t"]);
});
