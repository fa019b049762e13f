/**
 * Topics that Houska recompresses, read by Apache Kafka: its tools find nothing wrong in the files, and its broker
 * serves the same records.
 */
import { afterAll, expect } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../src/protocol/messages/create-topics.ts";
import { ProduceRequest, ProduceResponse } from "../../src/protocol/messages/produce.ts";
import { buildBatch } from "../../src/records/builder.ts";
import { CompressionType } from "../../src/records/compression/codec.ts";
import { type KafkaProcess, runTool, startKafka } from "../support/apache-kafka.ts";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { digestPartition } from "../support/partition-digest.ts";
import { RawClient } from "../support/raw-client.ts";
import { requires } from "../support/requirements.ts";

const { test } = requires("java", "kafka");

const brokers: (BrokerProcess | KafkaProcess)[] = [];
afterAll(async () => {
  for (const broker of brokers) await broker.kill();
  removeTemporaryFolders();
});

const sources = Object.values(CompressionType);
const topics = ["gzip", "snappy", "lz4", "zstd", "uncompressed"].flatMap((compression) =>
  ["CreateTime", "LogAppendTime"].map((timestampType) => ({
    name: `${compression}-${timestampType}`,
    configs: [
      { name: "compression.type", value: compression },
      { name: "message.timestamp.type", value: timestampType },
      { name: "compression.gzip.level", value: "9" },
      { name: "compression.lz4.level", value: "12" },
      { name: "compression.zstd.level", value: "-7" },
    ],
  })),
);

async function write(client: RawClient): Promise<void> {
  const created = await client.request(CreateTopicsRequest, CreateTopicsResponse, 7, {
    topics: topics.map((topic) => ({ ...topic, numPartitions: 1, replicationFactor: 1, assignments: [] })),
    timeoutMs: 5000,
    validateOnly: false,
  });
  expect(created.topics.map(({ errorCode }) => errorCode)).toEqual(topics.map(() => 0));
  for (const { name } of topics) {
    for (const compression of sources) {
      const records = Array.from({ length: 30 }, (_, index) => ({
        timestamp: Date.now() - index,
        key: Buffer.from(`key ${index}`),
        value: index % 7 === 0 ? null : Buffer.from(`value ${index} `.repeat(index)),
        headers: [{ key: "from", value: Buffer.from(String(compression)) }],
      }));
      const batch = buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, compression, records });
      const answer = await client.request(ProduceRequest, ProduceResponse, 11, {
        acks: -1,
        timeoutMs: 5000,
        topicData: [{ name, partitionData: [{ index: 0, records: batch }] }],
      });
      expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(0);
    }
  }
}

async function digests(port: number) {
  const client = await RawClient.connect(port);
  const found = [];
  for (const { name } of topics) found.push([name, await digestPartition(client, name, 0)]);
  client.close();
  return found;
}

test("Apache Kafka reads what Houska has compressed anew", async () => {
  const houska = await startBroker();
  brokers.push(houska);
  await write(await RawClient.connect(houska.port));
  const before = await digests(houska.port);
  await houska.stop();

  const files = topics.flatMap(({ name }) => {
    const folder = join(houska.logDirectory, `${name}-0`);
    return readdirSync(folder).flatMap((file) => (file.endsWith(".log") ? [join(folder, file)] : []));
  });
  const dump = await runTool("kafka-dump-log", ["--deep-iteration", "--files", files.join(",")]);
  expect(dump.complaint).toBe("");
  expect(dump.output.match(/isvalid: true/g)?.length).toBe(topics.length * sources.length);
  expect(dump.output).not.toMatch(/isvalid: false/);
  for (const codec of ["GZIP", "SNAPPY", "LZ4", "ZSTD", "NONE"]) {
    expect(dump.output.match(new RegExp(`compresscodec: ${codec}`, "gi"))?.length).toBe(2 * sources.length);
  }

  const kafka = await startKafka(houska.logDirectory);
  brokers.push(kafka);
  expect(await digests(kafka.port)).toEqual(before);
  await kafka.stop();
}, 120_000);
