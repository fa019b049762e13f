/**
 * What Kafka's command line tools print, as recorded in test/fixtures/cli/tool-runs.json: commands that are run one
 * after the other against a fresh broker with a few records in it, each with its output.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { KafkaClient } from "../../src/client/client.ts";
import { clientConfig } from "../../src/client/config.ts";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../src/protocol/messages/create-topics.ts";
import { ProduceRequest, ProduceResponse } from "../../src/protocol/messages/produce.ts";
import { buildBatch } from "../../src/records/builder.ts";

export interface RecordedRun {
  readonly tool: string;
  /** `$broker` stands for the broker's address, `$file(name)` for a file. */
  readonly words: readonly string[];
  readonly code: number;
  readonly output: string;
  /** The first line of standard error, where the tool failed. */
  readonly complaint: string;
}

const folder = join(import.meta.dir, "..", "fixtures", "cli");
export const runsFile = join(folder, "tool-runs.json");

/** The records are old, and stay. */
export const brokerOptions = { properties: { "log.retention.check.interval.ms": 24 * 3600 * 1000 } };

/** The time of the first record; each of the others is a second later. */
const FIRST_TIMESTAMP = Date.UTC(2024, 0, 1);
const RECORDS = 10;
/** Of Produce, the last that names topics by their names. */
const PRODUCE_VERSION = 12;

/** Makes the topic `orders` with three partitions, and ten records in the first. */
export async function prepare(port: number): Promise<void> {
  const client = new KafkaClient(`127.0.0.1:${port}`, clientConfig(new Map()));
  const topic = { name: "orders", numPartitions: 3, replicationFactor: 1, assignments: [], configs: [] };
  await client.send("any", CreateTopicsRequest, CreateTopicsResponse, {
    topics: [topic],
    validateOnly: false,
  });
  const records = Array.from({ length: RECORDS }, (_, index) => ({
    timestamp: FIRST_TIMESTAMP + index * 1000,
    key: null,
    value: Buffer.from(`order ${index}`),
  }));
  const batch = buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, records });
  await client.send(
    "any",
    ProduceRequest,
    ProduceResponse,
    {
      acks: -1,
      timeoutMs: 5000,
      topicData: [{ name: "orders", partitionData: [{ index: 0, records: batch }] }],
    },
    { maxVersion: PRODUCE_VERSION },
  );
  client.close();
}

/** Files that tools are given, by their names. */
const files: Readonly<Record<string, string>> = {
  "delete.json": '{"version":1,"partitions":[{"topic":"orders","partition":0,"offset":2}]}',
  "delete-too-much.json": '{"version":1,"partitions":[{"topic":"orders","partition":0,"offset":200}]}',
  "delete-twice.json":
    '{"partitions":[{"topic":"a","partition":0,"offset":2},{"topic":"a","partition":0,"offset":3}]}',
  "elect.json": '{"partitions":[{"topic":"orders","partition":0},{"topic":"orders","partition":1}]}',
  "offsets.csv": "orders,0,4\norders,1,0\n",
};

/** The words with what they stand for, the files written into a folder. */
export function filledIn(words: readonly string[], port: number, filesIn: string): string[] {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(filesIn, name), content);
  return words.map((word) =>
    word.replace("$broker", `127.0.0.1:${port}`).replace(/\$file\((.*?)\)/, (_, name) => join(filesIn, name)),
  );
}

/** The output without what differs from one broker, and from one run, to the next. */
export function normalized(output: string, port: number, logDirectory: string): string {
  return output
    .replaceAll(logDirectory, "$logs")
    .replaceAll(`127.0.0.1:${port}`, "$broker")
    .replaceAll(new RegExp(`\\b${port}\\b`, "g"), "$port")
    .replaceAll(/(TopicId: |Cluster ID: |ClusterId: +)\S{22}/g, "$1$$id")
    .replaceAll(/\b1[6-9]\d{11}\b/g, "$time")
    .replaceAll(
      /Configs: (\S+)/g,
      (_, configs: string) => `Configs: ${configs.split(",").toSorted().join(",")}`,
    )
    .replaceAll(/(HighWatermark: +|Epoch: )\d+/g, "$1$$offset")
    .split("\n")
    .map((line) => (line.startsWith("{") ? sortedJson(line) : line.trimEnd()))
    .join("\n");
}

/** JSON with its elements in an order of their own: Kafka's come out of hash tables. */
function sortedJson(line: string): string {
  return JSON.stringify(JSON.parse(line), (_, value) => {
    if (!Array.isArray(value)) return value;
    return value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  });
}

/** The lines in an order of their own, for outputs whose order means nothing. */
export function inAnyOrder(output: string): string[] {
  return output.split("\n").toSorted();
}
