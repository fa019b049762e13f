import { afterAll, beforeAll, expect, test } from "bun:test";
import { CompressionTypes, Kafka, logLevel } from "kafkajs";
import { ErrorCode } from "../../src/protocol/errors.ts";
import { FetchRequest, FetchResponse } from "../../src/protocol/messages/fetch.ts";
import { readRecords } from "../../src/records/record.ts";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { RawClient } from "../support/raw-client.ts";

let broker: BrokerProcess;
let kafka: Kafka;

beforeAll(async () => {
  broker = await startBroker();
  kafka = new Kafka({ brokers: [`127.0.0.1:${broker.port}`], logLevel: logLevel.NOTHING });
});
afterAll(async () => {
  await broker.stop();
  removeTemporaryFolders();
});

/** The values of a partition from the beginning, by fetch requests of our own: kafkajs reads only in groups. */
async function valuesOf(topic: string): Promise<string[]> {
  const client = await RawClient.connect(broker.port);
  const answer = await client.request(FetchRequest, FetchResponse, 12, {
    maxWaitMs: 100,
    minBytes: 1,
    isolationLevel: 0,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 2 ** 20 }] }],
    forgottenTopicsData: [],
  });
  client.close();
  const partition = answer.responses[0]?.partitions[0];
  expect(partition?.errorCode).toBe(ErrorCode.NONE);
  const records = partition?.records ?? Buffer.alloc(0);
  const values: string[] = [];
  for (let at = 0; at < records.length; at += records.readInt32BE(at + 8) + 12) {
    for (const { value } of readRecords(records, at)) values.push(Buffer.from(value ?? []).toString());
  }
  return values;
}

test("kafkajs creates topics, describes them and deletes them", async () => {
  const admin = kafka.admin();
  await admin.connect();
  const created = await admin.createTopics({
    topics: [
      { topic: "js-made", numPartitions: 3, configEntries: [{ name: "retention.ms", value: "60000" }] },
    ],
  });
  expect(created).toBe(true);
  const { topics } = await admin.fetchTopicMetadata({ topics: ["js-made"] });
  expect(topics[0]?.partitions.map(({ leader }) => leader)).toEqual([1, 1, 1]);
  await admin.createPartitions({ topicPartitions: [{ topic: "js-made", count: 5 }] });
  const described = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: 2, name: "js-made", configNames: ["retention.ms"] }],
  });
  expect(described.resources[0]?.configEntries[0]?.configValue).toBe("60000");
  expect(await admin.fetchTopicOffsets("js-made")).toHaveLength(5);
  await admin.deleteTopics({ topics: ["js-made"] });
  expect(await admin.listTopics()).not.toContain("js-made");
  await admin.disconnect();
});

for (const [name, compression] of [
  ["no compression", CompressionTypes.None],
  ["gzip", CompressionTypes.GZIP],
] as const) {
  test(`kafkajs produces with ${name}`, async () => {
    const topic = `js-${name.replace(" ", "-")}`;
    const producer = kafka.producer();
    await producer.connect();
    const messages = Array.from({ length: 100 }, (_, index) => ({
      key: `${index}`,
      value: `value ${index}`,
    }));
    const [result] = await producer.send({ topic, messages, compression });
    await producer.disconnect();
    expect(result?.errorCode).toBe(0);
    expect(result?.baseOffset).toBe("0");
    expect(await valuesOf(topic)).toEqual(messages.map(({ value }) => value));
  });
}

test("kafkajs's idempotent producer numbers its batches", async () => {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  for (let index = 0; index < 20; index++) {
    await producer.send({ topic: "js-idempotent", messages: [{ value: `${index}` }] });
  }
  await producer.disconnect();
  expect(await valuesOf("js-idempotent")).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`));
});
