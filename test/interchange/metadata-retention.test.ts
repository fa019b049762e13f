/** A metadata log of which Houska has deleted old segments and snapshots, opened by Apache Kafka, and by Houska again. */
import { afterAll, expect } from "bun:test";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../src/protocol/messages/create-topics.ts";
import { DeleteTopicsRequest, DeleteTopicsResponse } from "../../src/protocol/messages/delete-topics.ts";
import { MetadataRequest, MetadataResponse } from "../../src/protocol/messages/metadata.ts";
import { ZERO_UUID } from "../../src/protocol/uuid.ts";
import { type KafkaProcess, startKafka } from "../support/apache-kafka.ts";
import {
  type BrokerProcess,
  executable,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../support/broker-process.ts";
import { eventually } from "../support/eventually.ts";
import { RawClient } from "../support/raw-client.ts";
import { requires } from "../support/requirements.ts";

const { test } = requires("java", "kafka");

const ROUNDS = 60;

const brokers: (BrokerProcess | KafkaProcess)[] = [];
afterAll(async () => {
  for (const broker of brokers) await broker.kill();
  removeTemporaryFolders();
});

/** Creates topics, most of which go again. */
async function change(client: RawClient): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const { topics } = await client.request(CreateTopicsRequest, CreateTopicsResponse, 7, {
      topics: [`kept-${round}`, `gone-${round}`].map((name) => ({
        name,
        numPartitions: 3,
        replicationFactor: 1,
        assignments: [],
        configs: [{ name: "retention.ms", value: String(1_000_000 + round) }],
      })),
      timeoutMs: 5000,
      validateOnly: false,
    });
    expect(topics.map(({ errorCode }) => errorCode)).toEqual([0, 0]);
    const { responses } = await client.request(DeleteTopicsRequest, DeleteTopicsResponse, 6, {
      topics: [{ name: `gone-${round}`, topicId: ZERO_UUID }],
      timeoutMs: 5000,
    });
    expect(responses.map(({ errorCode }) => errorCode)).toEqual([0]);
  }
}

async function topicsOf(port: number): Promise<Record<string, string>> {
  const client = await RawClient.connect(port);
  const { topics } = await client.request(MetadataRequest, MetadataResponse, 12, { topics: null });
  client.close();
  return Object.fromEntries(
    topics.map(({ name, topicId, partitions }) => [name ?? "", `${topicId} of ${partitions.length}`]),
  );
}

test("Apache Kafka opens a metadata log that it has begun and that no longer has its beginning, and goes on with it", async () => {
  const logDirectory = join(temporaryFolder(), "data");
  mkdirSync(logDirectory);
  const begun = await startKafka(logDirectory);
  brokers.push(begun);
  await begun.stop();

  const houska = await startBroker({
    logDirectory,
    properties: {
      "metadata.log.max.record.bytes.between.snapshots": 3000,
      "metadata.max.retention.bytes": 50_000,
      "internal.metadata.log.segment.bytes": 4000,
    },
  });
  brokers.push(houska);
  const client = await RawClient.connect(houska.port);
  await change(client);
  const topics = await topicsOf(houska.port);
  expect(Object.keys(topics)).toHaveLength(ROUNDS);
  client.close();
  await houska.stop();
  const names = readdirSync(join(logDirectory, "__cluster_metadata-0"));
  expect(names).not.toContain("00000000000000000000.log");
  expect(names.filter((name) => name.endsWith(".checkpoint")).length).toBeGreaterThan(0);

  const check = Bun.spawnSync([executable, "check", logDirectory]);
  expect(check.exitCode).toBe(0);
  expect(check.stdout.toString()).not.toContain("__cluster_metadata");

  const kafka = await startKafka(logDirectory);
  brokers.push(kafka);
  await eventually(async () => expect(await topicsOf(kafka.port)).toEqual(topics));
  await kafka.stop();
  const complaints = kafka
    .output()
    .match(/^.* (WARN|ERROR) .*(UnifiedLog|LogLoader|LogManager|MetadataLog|snapshot).*$/gim);
  expect(complaints ?? []).toEqual([]);

  const again = await startBroker({ logDirectory });
  brokers.push(again);
  expect(await topicsOf(again.port)).toEqual(topics);
  await again.stop();
}, 120_000);
