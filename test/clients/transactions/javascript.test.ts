import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  Consumer,
  type Message,
  Producer,
  stringDeserializers,
  stringSerializers,
} from "@platformatic/kafka";
import { Kafka, logLevel } from "kafkajs";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../../support/broker-process.ts";
import { committedValues, createTopic, writeValues } from "../../support/client-topics.ts";
import { committedOffsets } from "../../support/committed-offsets.ts";
import { eventually } from "../../support/eventually.ts";
import { RawClient } from "../../support/raw-client.ts";

const PARTITIONS = 2;
const PER_PARTITION = 60;
const AT_A_TIME = 10;
const TIMEOUT_MS = 60_000;

let broker: BrokerProcess;
let client: RawClient;
beforeAll(async () => {
  broker = await startBroker();
  client = await RawClient.connect(broker.port);
});
afterAll(async () => {
  await broker.stop();
  removeTemporaryFolders();
});

/** Writes what is to be transformed. Returns what a reader of committed records is to find in the end. */
async function writeInput(from: string, to: string): Promise<string[]> {
  await createTopic(client, from, PARTITIONS);
  await createTopic(client, to, PARTITIONS);
  const expected: string[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const values = Array.from({ length: PER_PARTITION }, (_, index) => `${partition}-${index}`);
    await writeValues(client, from, partition, values);
    expected.push(...values.map((value) => `seen ${value}`));
  }
  return expected.sort();
}

async function expectExactlyOnce(from: string, to: string, expected: readonly string[]): Promise<void> {
  expect((await committedValues(client, to, PARTITIONS)).sort()).toEqual([...expected]);
  expect(await committedOffsets(client, `${from}-group`)).toEqual(
    Array.from({ length: PARTITIONS }, (_, partition) => `${from}-${partition} ${PER_PARTITION}`),
  );
}

test(
  "kafkajs transforms every record exactly once, with its offsets, in transactions of which some abort",
  async () => {
    const expected = await writeInput("js-from", "js-to");
    const kafka = new Kafka({ brokers: [`127.0.0.1:${broker.port}`], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({
      transactionalId: "js-transform",
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    const consumer = kafka.consumer({ groupId: "js-from-group", maxBytesPerPartition: 200 });
    await consumer.connect();
    await consumer.subscribe({ topic: "js-from", fromBeginning: true });
    let done = 0;
    const transform = async (
      partition: number,
      values: string[],
      behind: string,
      end: "commit" | "abort",
    ) => {
      const transaction = await producer.transaction();
      const messages = values.map((value) => ({ partition, value: `seen ${value}` }));
      await transaction.send({ topic: "js-to", messages });
      const offsets = [{ topic: "js-from", partitions: [{ partition, offset: behind }] }];
      await transaction.sendOffsets({ consumerGroupId: "js-from-group", topics: offsets });
      await transaction[end]();
    };
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { partition, messages }, resolveOffset, heartbeat }) => {
        for (let at = 0; at < messages.length; at += AT_A_TIME) {
          const some = messages.slice(at, at + AT_A_TIME);
          const last = some.at(-1)?.offset ?? "";
          const values = some.map(({ value }) => String(value));
          const behind = String(Number(last) + 1);
          await transform(partition, values, behind, "abort");
          await transform(partition, values, behind, "commit");
          resolveOffset(last);
          await heartbeat();
          done += some.length;
        }
      },
    });
    await eventually(() => expect(done).toBe(expected.length));
    await consumer.disconnect();
    await producer.disconnect();
    await expectExactlyOnce("js-from", "js-to", expected);
  },
  TIMEOUT_MS,
);

test(
  "@platformatic/kafka transforms every record exactly once, with its offsets, in transactions of which some abort",
  async () => {
    const expected = await writeInput("pf-from", "pf-to");
    const options = { clientId: "test", bootstrapBrokers: [`127.0.0.1:${broker.port}`] };
    const producer = new Producer({
      ...options,
      transactionalId: "pf-transform",
      idempotent: true,
      serializers: stringSerializers,
    });
    const consumer = new Consumer({
      ...options,
      groupId: "pf-from-group",
      deserializers: stringDeserializers,
    });
    const stream = await consumer.consume({
      topics: ["pf-from"],
      mode: "committed",
      fallbackMode: "earliest",
      autocommit: false,
    });
    const transform = async (
      messages: readonly Message<string, string, string, string>[],
      end: "commit" | "abort",
    ) => {
      const transaction = await producer.beginTransaction();
      await transaction.addConsumer(consumer);
      await transaction.send({
        messages: messages.map(({ partition, value }) => ({
          topic: "pf-to",
          partition,
          value: `seen ${value}`,
        })),
      });
      for (const message of messages) await transaction.addOffset(message);
      await transaction[end]();
    };
    const waiting: Message<string, string, string, string>[] = [];
    let done = 0;
    for await (const message of stream) {
      waiting.push(message);
      if (waiting.length < AT_A_TIME) continue;
      await transform(waiting, "abort");
      await transform(waiting, "commit");
      done += waiting.splice(0).length;
      if (done === expected.length) break;
    }
    await stream.close();
    await consumer.close();
    await producer.close();
    await expectExactlyOnce("pf-from", "pf-to", expected);
  },
  TIMEOUT_MS,
);
