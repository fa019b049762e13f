import { afterAll, describe, expect } from "bun:test";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { INITIAL_FEATURE_LEVELS } from "../../src/metadata/feature-levels.ts";
import { type KafkaProcess, kafkaTool, runTool, startKafka } from "../support/apache-kafka.ts";
import { removeTemporaryFolders, temporaryFolder } from "../support/broker-process.ts";
import { runCommand } from "../support/command-run.ts";
import { unpackGoldenDirectory } from "../support/golden-directory.ts";
import { requires } from "../support/requirements.ts";

const { test } = requires("java", "kafka");

const FIRST_SEGMENT = "00000000000000000000.log";

const started: KafkaProcess[] = [];
afterAll(async () => {
  for (const kafka of started) await kafka.kill();
  removeTemporaryFolders();
});

/** JSON in a line with the members of objects in one order, since Kafka's order is that of its own schemas. */
function normalized(line: string): string {
  return line
    .replaceAll('"kRaftVersion', '"kraftVersion')
    .replaceAll(/(?<=(key|payload|[a-z]:?) )\{.*?\}(?= payload: |$)/gi, (json) =>
      JSON.stringify(sorted(JSON.parse(json))),
    );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

describe("houska dump-log prints what Apache Kafka's tool prints", () => {
  const data = unpackGoldenDirectory();
  const filesIn = (pattern: RegExp, names: RegExp) =>
    readdirSync(data)
      .filter((folder) => pattern.test(folder))
      .flatMap((folder) => readdirSync(join(data, folder)).map((name) => join(data, folder, name)))
      .filter((file) => names.test(file))
      .sort();
  const ofTopics = /^(?!__).*-\d+$/;

  for (const [what, decoder, files] of [
    ["the metadata log", "--cluster-metadata-decoder", filesIn(/^__cluster_metadata-0$/, /\.log$/)],
    ["metadata snapshots", "--cluster-metadata-decoder", [join(data, "bootstrap.checkpoint")]],
    ["the groups' log", "--offsets-decoder", filesIn(/^__consumer_offsets-/, /\.log$/)],
    ["the transactions' log", "--transaction-log-decoder", filesIn(/^__transaction_state-/, /\.log$/)],
    ["the logs of topics", "--deep-iteration", filesIn(ofTopics, /\.log$/)],
    ["keys and values that are text", "--print-data-log", filesIn(/^(transactional|compacted)-/, /\.log$/)],
    [
      "indexes and snapshots",
      "--deep-iteration",
      filesIn(ofTopics, /\.(index|timeindex|txnindex|snapshot)$/),
    ],
  ] as const) {
    test(`of ${what}`, async () => {
      expect(files.length).toBeGreaterThan(0);
      const words = [decoder, "--files", files.join(",")];
      const kafka = await runTool("kafka-dump-log", words);
      const houska = await runCommand("dump-log", ...words);
      expect(houska.complaint).toBe("");
      expect(houska.lines.map(normalized)).toEqual(kafka.output.trimEnd().split("\n").map(normalized));
    }, 30_000);
  }
});

test("houska format gives a directory the feature levels that kafka-storage gives it", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "server.properties");
  writeFileSync(file, serverProperties(join(folder, "kafka"), "127.0.0.2:9093"));
  const levels = [...INITIAL_FEATURE_LEVELS].flatMap(([name, level]) => ["--feature", `${name}=${level}`]);
  const clusterId = ["--cluster-id", "MkU3OEVBNTcwNTJENDM2Qk"];
  const kafka = await runTool("kafka-storage", [
    "format",
    ...["--standalone", ...clusterId, "--config", file],
    ...levels,
  ]);
  expect(kafka.code).toBe(0);
  const houska = await runCommand("format", "--override", `log.dirs=${folder}/houska`, ...clusterId);
  expect(houska.code).toBe(0);
  const inKafka = "00000000000000000000-0000000000.checkpoint";
  expect(await featureRecords(join(folder, "houska", "__cluster_metadata-0", FIRST_SEGMENT))).toEqual(
    await featureRecords(join(folder, "kafka", "__cluster_metadata-0", inKafka)),
  );
}, 30_000);

/** The records of feature levels in a metadata log or a snapshot, in their order. */
async function featureRecords(file: string): Promise<string[]> {
  const { lines } = await runCommand("dump-log", "--cluster-metadata-decoder", "--files", file);
  const found = lines.flatMap((line) => /\{"type":"FEATURE_LEVEL_RECORD".*$/.exec(line)?.[0] ?? []);
  expect(found.length).toBeGreaterThan(0);
  return found;
}

function serverProperties(directory: string, controller: string): string {
  return (
    `process.roles=broker,controller\nnode.id=1\nlog.dirs=${directory}\nlisteners=PLAINTEXT://127.0.0.1:9092,` +
    `CONTROLLER://${controller}\ncontroller.listener.names=CONTROLLER\ncontroller.quorum.bootstrap.servers=` +
    `${controller}\nlistener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT\n`
  );
}

describe("Apache Kafka starts on a directory that houska format has prepared", () => {
  for (const [how, words] of [
    ["with the voters in the configuration", []],
    ["for a release", ["--release-version", "4.0"]],
  ] as const) {
    test(how, async () => {
      const directory = join(temporaryFolder(), "data");
      const formatted = await runCommand(
        "format",
        ...["--override", `log.dirs=${directory}`, "--cluster-id", "MkU3OEVBNTcwNTJENDM2Qk"],
        ...words,
      );
      expect(formatted.code).toBe(0);
      await startAndUse(directory);
    }, 60_000);
  }

  test("with the voter in the metadata log", async () => {
    const folder = temporaryFolder();
    const directory = join(folder, "data");
    const file = join(folder, "server.properties");
    writeFileSync(file, serverProperties(directory, "127.0.0.2:9093"));
    const formatted = await runCommand("format", "--config", file, "--standalone", "--cluster-id", "x");
    expect(formatted.code).toBe(0);
    await startAndUse(directory);
  }, 60_000);
});

/** Lets Apache Kafka start, makes a topic, and looks at what it leaves. */
async function startAndUse(directory: string): Promise<void> {
  const kafka = await startKafka(directory);
  started.push(kafka);
  await kafkaTool("kafka-topics", kafka.port, ["--create", "--topic", "t", "--partitions", "2"]);
  const inUse = await runCommand("check", directory);
  expect(inUse.lines[0]).toContain("in use by process ");
  expect(inUse.lines.filter((line) => line.startsWith("problem"))).toEqual([]);
  await kafka.stop();
  const closed = await runCommand("check", directory);
  expect(closed.lines[0]).toEndWith("closed cleanly");
  expect(closed.lines.slice(1, -1)).toEqual([]);
  expect(closed.lines.at(-1)).toContain("1 topic, 2 partitions");
}
