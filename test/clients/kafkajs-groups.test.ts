import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Consumer, Kafka, logLevel } from "kafkajs";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { eventually } from "../support/eventually.ts";

let broker: BrokerProcess;
let kafka: Kafka;
const consumers: Consumer[] = [];

beforeAll(async () => {
  broker = await startBroker();
  kafka = new Kafka({ brokers: [`127.0.0.1:${broker.port}`], logLevel: logLevel.NOTHING });
});
afterAll(async () => {
  await Promise.all(consumers.map((consumer) => consumer.disconnect()));
  await broker.stop();
  removeTemporaryFolders();
});

/** A member of a group that notes what it gets. */
async function member(groupId: string, topic: string) {
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: 6000,
    heartbeatInterval: 200,
    // A member hears of a rebalance only between two fetches.
    maxWaitTimeInMs: 200,
  });
  consumers.push(consumer);
  const values: string[] = [];
  let partitions: number[] = [];
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    partitions = payload.memberAssignment[topic] ?? [];
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommitThreshold: 1,
    eachMessage: async ({ message }) => void values.push(message.value?.toString() ?? ""),
  });
  return { consumer, values, partitions: () => partitions };
}

async function produce(topic: string, from: number, to: number): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: to - from }, (_, index) => ({
    partition: (from + index) % 4,
    value: String(from + index),
  }));
  await producer.send({ topic, messages });
  await producer.disconnect();
}

test("kafkajs members share a topic's partitions, and one goes on with what another has committed", async () => {
  const topic = "js-shared";
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 4 }] });
  await produce(topic, 0, 100);
  const first = await member("js-group", topic);
  await eventually(() => expect(first.values).toHaveLength(100));
  const second = await member("js-group", topic);
  await eventually(() => {
    expect([...first.partitions(), ...second.partitions()].sort()).toEqual([0, 1, 2, 3]);
    expect(second.partitions()).toHaveLength(2);
  });
  await produce(topic, 100, 200);
  await eventually(() => expect(first.values.length + second.values.length).toBe(200));
  await first.consumer.disconnect();
  await eventually(() => expect(second.partitions()).toHaveLength(4));
  await produce(topic, 200, 220);
  await eventually(() => {
    const seen = [...first.values, ...second.values].map(Number).sort((left, right) => left - right);
    expect(seen).toEqual(Array.from({ length: 220 }, (_, index) => index));
  });
  const [committed] = await admin.fetchOffsets({ groupId: "js-group", topics: [topic] });
  expect(committed?.partitions.map(({ offset }) => offset)).toEqual(["55", "55", "55", "55"]);
  await admin.disconnect();
}, 60_000);

test("kafkajs lists, describes and deletes groups, and resets offsets", async () => {
  const admin = kafka.admin();
  await admin.connect();
  await produce("js-reset", 0, 8);
  await admin.setOffsets({
    groupId: "js-reset",
    topic: "js-reset",
    partitions: [{ partition: 0, offset: "1" }],
  });
  const { groups } = await admin.listGroups();
  expect(groups.map(({ groupId }) => groupId)).toContain("js-reset");
  const described = await admin.describeGroups(["js-reset"]);
  expect(described.groups[0]?.state).toBe("Empty");
  await admin.deleteGroups(["js-reset"]);
  expect((await admin.listGroups()).groups.map(({ groupId }) => groupId)).not.toContain("js-reset");
  await admin.disconnect();
});
