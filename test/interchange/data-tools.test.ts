/**
 * produce, consume and perf beside Kafka's own tools, on a broker of Kafka's: what one writes the other reads, and both
 * print the same.
 */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { join } from "node:path";
import { type KafkaProcess, runTool, startKafka } from "../support/apache-kafka.ts";
import { removeTemporaryFolders, temporaryFolder } from "../support/broker-process.ts";
import { runConsole } from "../support/console.ts";
import { requires } from "../support/requirements.ts";

const { test, missing } = requires("java", "kafka");
const TIMEOUT_MS = 120_000;

let kafka: KafkaProcess;
let servers: string[];
beforeAll(async () => {
  if (missing !== null) return;
  kafka = await startKafka(join(temporaryFolder(), "data"), ["num.partitions=3"]);
  servers = ["--bootstrap-server", `127.0.0.1:${kafka.port}`];
}, TIMEOUT_MS);
afterAll(async () => {
  if (missing === null) await kafka.kill();
  removeTemporaryFolders();
});

/** Runs Kafka's tool and ours with the same words, at the same time. */
async function both(name: string, words: readonly string[], input = "") {
  const [theirs, ours] = await Promise.all([
    runTool(name, [...servers, ...words], input),
    runConsole(name, [...servers, ...words], input),
  ]);
  return { theirs, ours };
}

/** What a consumer prints of all records, line by line; of the partitions, which come in any order, sorted. */
async function printedOurs(topic: string, count: number, properties: readonly string[]): Promise<string[]> {
  const words = ["--topic", topic, "--from-beginning", "--max-messages", String(count)];
  const { output } = await runConsole("kafka-console-consumer", [
    ...servers,
    ...words,
    ...properties.flatMap((property) => ["--formatter-property", property]),
  ]);
  return output.trimEnd().split("\n").sort();
}

const reader = [
  "parse.key=true",
  "parse.headers=true",
  "null.marker=NULL",
  "key.separator=|",
  "ignore.error=true",
];
const readerWords = reader.flatMap((property) => ["--reader-property", property]);
const lines = [
  ...Array.from({ length: 50 }, (_, index) => `h1:v${index},h2:NULL\tkey ${index}|välue ${index}`),
  "NULL\tkey|no headers",
  "a:1\tkey|NULL",
  "no separator of the headers|value",
];
const columns = ["print.key=true", "print.headers=true", "print.partition=true"];

describe("the console tools beside Kafka's", () => {
  test(
    "make the same records of the same lines, in the same partitions",
    async () => {
      const input = lines.map((line) => `${line}\n`).join("");
      const produce = (run: typeof runTool, topic: string) =>
        run("kafka-console-producer", [...servers, "--topic", topic, ...readerWords], input);
      const runs = await Promise.all([produce(runTool, "theirs"), produce(runConsole, "ours")]);
      expect(runs.map(({ code }) => code)).toEqual([0, 0]);
      const ofTheirs = await printedOurs("theirs", lines.length, columns);
      expect(ofTheirs).toHaveLength(lines.length);
      expect(await printedOurs("ours", lines.length, columns)).toEqual(ofTheirs);
    },
    TIMEOUT_MS,
  );

  test(
    "print the same of the same records",
    async () => {
      const all = [...columns, "print.timestamp=true", "print.offset=true", "print.delivery=true"];
      const separators = ["key.separator=;", "headers.separator=&", "null.literal=<null>"];
      const words = [...all, ...separators].flatMap((property) => ["--formatter-property", property]);
      const place = ["--topic", "theirs", "--partition", "0", "--offset", "1", "--max-messages", "10"];
      const { theirs, ours } = await both("kafka-console-consumer", [...place, ...words]);
      expect(theirs.output.split("\n")).toHaveLength(11);
      expect(ours.output).toBe(theirs.output);
      expect(ours).toMatchObject({ code: theirs.code, complaint: "Processed a total of 10 messages\n" });
      expect(theirs.complaint).toEndWith("Processed a total of 10 messages\n");
    },
    TIMEOUT_MS,
  );

  test(
    "go on in a group where the other one has stopped, and see the same of it in the offsets' topic",
    async () => {
      const member = (run: typeof runTool, ...words: readonly string[]) =>
        run("kafka-console-consumer", [
          ...[...servers, "--topic", "theirs", "--group", "shared", "--from-beginning", ...words],
          ...["--command-property", "group.protocol=consumer"],
        ]);
      const first = await member(runConsole, "--max-messages", "20");
      const second = await member(runTool, "--max-messages", String(lines.length - 25));
      const third = await member(runConsole, "--max-messages", "5");
      const read = (first.output + second.output + third.output).trimEnd().split("\n").sort();
      expect(read).toEqual(await printedOurs("theirs", lines.length, []));

      const formatter = ["--formatter", "org.apache.kafka.tools.consumer.OffsetsMessageFormatter"];
      const place = ["--topic", "__consumer_offsets", "--from-beginning", "--timeout-ms", "4000"];
      const offsets = await both("kafka-console-consumer", [...place, ...formatter]);
      // Kafka's prints no line ends between the objects.
      const ofTheirs = offsets.theirs.output.replaceAll('}{"key"', '}\n{"key"').split("\n").sort();
      expect(ofTheirs.length).toBeGreaterThanOrEqual(3);
      expect(offsets.ours.output.trimEnd().split("\n").sort()).toEqual(ofTheirs);
    },
    TIMEOUT_MS,
  );

  test(
    "refuse the same words",
    async () => {
      const wrong: [name: string, words: string[]][] = [
        ["kafka-console-consumer", []],
        ["kafka-console-consumer", ["--topic", "t", "--partition", "0", "--group", "g"]],
        ["kafka-consumer-perf-test", ["--topic", "t"]],
      ];
      for (const { theirs, ours } of await Promise.all(wrong.map(([name, words]) => both(name, words)))) {
        expect(ours.complaint.split("\n")[0]).toBe(theirs.complaint.split("\n")[0] ?? "");
        expect([theirs.code, ours.code]).toEqual([1, 1]);
      }
    },
    TIMEOUT_MS,
  );
});

describe("the performance tests beside Kafka's", () => {
  /** A line with its figures taken out. */
  const shape = (text: string) =>
    text
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d{3}/g, "time")
      .replace(/\d+(\.\d+)?/g, (_, part?: string) => `n${part?.length ?? ""}`);

  test(
    "print figures of the same shape, with transactions, too",
    async () => {
      const records = [
        "--num-records",
        "2000",
        "--record-size",
        "50",
        "--throughput",
        "-1",
        "--warmup-records",
        "10",
      ];
      const produced = await both("kafka-producer-perf-test", [
        ...["--topic", "perf", ...records, "--transaction-duration-ms", "50"],
      ]);
      expect(shape(produced.ours.output)).toBe(shape(produced.theirs.output));
      const read = [
        "--topic",
        "perf",
        "--num-records",
        "1500",
        "--command-property",
        "isolation.level=read_committed",
      ];
      const consumed = await both("kafka-consumer-perf-test", read);
      expect(shape(consumed.ours.output)).toBe(shape(consumed.theirs.output));
    },
    TIMEOUT_MS,
  );
});
