import { afterAll, beforeAll, expect, test } from "bun:test";
import { Admin, Consumer, Producer, stringSerializers } from "@platformatic/kafka";
import { readRecords } from "../../src/records/record.ts";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";

let broker: BrokerProcess;
const options = () => ({ clientId: "test", bootstrapBrokers: [`127.0.0.1:${broker.port}`] });

beforeAll(async () => {
  broker = await startBroker();
});
afterAll(async () => {
  await broker.stop();
  removeTemporaryFolders();
});

test("@platformatic/kafka creates a topic, produces to it and fetches from it by its id", async () => {
  const admin = new Admin(options());
  const [created] = await admin.createTopics({ topics: ["pf"], partitions: 2, replicas: 1 });
  const producer = new Producer({ ...options(), serializers: stringSerializers });
  const messages = Array.from({ length: 50 }, (_, index) => ({
    topic: "pf",
    partition: 1,
    key: `k${index}`,
    value: `v${index}`,
    headers: { h: `${index}` },
  }));
  const { offsets } = await producer.send({ messages });
  expect(offsets?.map(({ partition, offset }) => [partition, offset])).toEqual([[1, 0n]]);
  await producer.close();

  const consumer = new Consumer({ ...options(), groupId: "unused" });
  expect((await consumer.listOffsets({ topics: ["pf"] })).get("pf")).toEqual([0n, 50n]);
  if (created === undefined) throw new Error("the topic has not been created");
  const { responses } = await consumer.fetch({
    node: 1,
    topics: [
      {
        topicId: created.id,
        partitions: [
          {
            partition: 1,
            currentLeaderEpoch: -1,
            fetchOffset: 10n,
            lastFetchedEpoch: -1,
            partitionMaxBytes: 2 ** 20,
          },
        ],
      },
    ],
  });
  const fetched = responses[0]?.partitions[0];
  expect(fetched?.errorCode).toBe(0);
  expect(fetched?.highWatermark).toBe(50n);
  await consumer.close();
  await admin.deleteTopics({ topics: ["pf"] });
  expect(await admin.listTopics()).not.toContain("pf");
  await admin.close();
});

for (const compression of ["gzip", "snappy", "lz4", "zstd"] as const) {
  test(`@platformatic/kafka's batches of compression ${compression} lie whole in the log`, async () => {
    const topic = `pf-${compression}`;
    const producer = new Producer({
      ...options(),
      serializers: stringSerializers,
      compression,
      autocreateTopics: true,
    });
    const messages = Array.from({ length: 100 }, (_, index) => ({
      topic,
      value: `value ${index} ${"y".repeat(40)}`,
    }));
    await producer.send({ messages });
    await producer.close();
    const log = Buffer.from(
      await Bun.file(`${broker.logDirectory}/${topic}-0/00000000000000000000.log`).arrayBuffer(),
    );
    const values = [...readRecords(log, 0)].map(({ value }) => Buffer.from(value ?? []).toString());
    expect(values).toEqual(messages.map(({ value }) => value));
  });
}
