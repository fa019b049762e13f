import { afterAll, expect } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../src/protocol/messages/create-topics.ts";
import { ProduceRequest, ProduceResponse } from "../../src/protocol/messages/produce.ts";
import { buildBatch } from "../../src/records/builder.ts";
import { CompressionType } from "../../src/records/compression/codec.ts";
import { type KafkaProcess, kafkaTool, runTool, startKafka } from "../support/apache-kafka.ts";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { eventually } from "../support/eventually.ts";
import { digestPartition, type PartitionDigest } from "../support/partition-digest.ts";
import { SeededRandom } from "../support/random.ts";
import { RawClient } from "../support/raw-client.ts";
import { requires } from "../support/requirements.ts";

const { test } = requires("java", "kafka");

const compressions = Object.entries(CompressionType) as [keyof typeof CompressionType, CompressionType][];
/** The smallest that Kafka allows. */
const SMALL_SEGMENT = 1_048_576;
/** Of random bytes, which no compression makes smaller: each partition takes more than one segment. */
const VALUE_SIZE = 5000;
const BATCHES = 60;

const brokers: (BrokerProcess | KafkaProcess)[] = [];
afterAll(async () => {
  for (const broker of brokers) await broker.kill();
  removeTemporaryFolders();
});

/** Topics of every compression and of several segments, written through the broker. */
async function write(client: RawClient): Promise<string[]> {
  const random = new SeededRandom(4);
  const names = compressions.map(([name]) => `with-${name}`);
  const { topics } = await client.request(CreateTopicsRequest, CreateTopicsResponse, 7, {
    topics: names.map((name) => ({
      name,
      numPartitions: 2,
      replicationFactor: 1,
      assignments: [],
      configs: [
        { name: "segment.bytes", value: String(SMALL_SEGMENT) },
        { name: "retention.ms", value: "-1" },
      ],
    })),
    timeoutMs: 5000,
    validateOnly: false,
  });
  expect(topics.map(({ errorCode }) => errorCode)).toEqual(names.map(() => 0));
  for (const [name, compression] of compressions) {
    for (let batch = 0; batch < BATCHES; batch++) {
      const records = Array.from({ length: 10 }, (_, index) => ({
        timestamp: 1_700_000_000_000 + batch * 1000 + index,
        key: Buffer.from(`key ${index}`),
        value: randomBytes(random),
        headers: [{ key: "batch", value: Buffer.from(String(batch)) }],
      }));
      const answer = await client.request(ProduceRequest, ProduceResponse, 11, {
        acks: -1,
        timeoutMs: 5000,
        topicData: [
          {
            name: `with-${name}`,
            partitionData: [
              {
                index: batch % 2,
                records: buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, compression, records }),
              },
            ],
          },
        ],
      });
      expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(0);
    }
  }
  return names;
}

function randomBytes(random: SeededRandom): Buffer {
  const bytes = Buffer.alloc(VALUE_SIZE);
  for (let at = 0; at < VALUE_SIZE; at += 4) bytes.writeUInt32LE(random.below(2 ** 32), at);
  return bytes;
}

async function digests(port: number, topics: readonly string[]): Promise<Record<string, PartitionDigest>> {
  const client = await RawClient.connect(port);
  const found: Record<string, PartitionDigest> = {};
  for (const topic of topics) {
    for (const partition of [0, 1])
      found[`${topic}-${partition}`] = await digestPartition(client, topic, partition);
  }
  client.close();
  return found;
}

/** Every log, index and time index of the topics. */
function filesOf(logDirectory: string, topics: readonly string[]): string[] {
  return topics
    .flatMap((topic) => [0, 1].map((partition) => join(logDirectory, `${topic}-${partition}`)))
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
    .filter((file) => /\.(log|index|timeindex)$/.test(file));
}

/** The tool counts offsets from 0 in every file, and so complains of each segment that begins later. */
function withoutBeginnings(complaint: string): string {
  return complaint.replaceAll(
    /^Non-consecutive offsets in \S*\/0*(\d+)\.log\n {2}-1 is followed by \1\n/gm,
    "",
  );
}

for (const end of ["stop", "kill"] as const) {
  test(`Apache Kafka serves the same records from a directory that Houska left by a ${end}, and finds nothing wrong in a file`, async () => {
    const houska = await startBroker();
    brokers.push(houska);
    const topics = await write(await RawClient.connect(houska.port));
    const before = await digests(houska.port, topics);
    await houska[end]();

    const files = filesOf(houska.logDirectory, topics);
    expect(files.filter((file) => file.endsWith(".log")).length).toBeGreaterThan(compressions.length * 2);
    const complete = end === "stop" ? files : files.filter((file) => file.endsWith(".log"));
    const dump = await runTool("kafka-dump-log", ["--deep-iteration", "--files", complete.join(",")]);
    expect(dump.code).toBe(0);
    expect(withoutBeginnings(dump.complaint)).toBe("");
    expect(dump.output).not.toMatch(
      /Mismatches|non-consecutive|isvalid: false|not valid|Found timestamp mismatch|out of order/i,
    );
    expect(dump.output.match(/isvalid: true/g)?.length).toBe(BATCHES * compressions.length);

    const kafka = await startKafka(houska.logDirectory);
    brokers.push(kafka);
    // Kafka accepts connections a moment before it leads its partitions.
    await eventually(async () => expect(await digests(kafka.port, topics)).toEqual(before));
    const described = await kafkaTool("kafka-topics", kafka.port, ["--describe", "--topic", "with-zstd"]);
    expect(described).toContain(`segment.bytes=${SMALL_SEGMENT}`);
    expect(described).toContain("PartitionCount: 2");
    await kafka.stop();
    const complaints = kafka
      .output()
      .match(/^.* (WARN|ERROR) .*(UnifiedLog|LogLoader|LogManager|OffsetIndex|TimeIndex|stray).*$/gim);
    expect(complaints ?? []).toEqual([]);

    const again = await startBroker({ logDirectory: houska.logDirectory });
    brokers.push(again);
    expect(await digests(again.port, topics)).toEqual(before);
    await again.stop();
  }, 120_000);
}
