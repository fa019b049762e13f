/**
 * produce, consume and perf, as they are run at a console, against the broker that they come with.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  type BrokerProcess,
  executable,
  freePort,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../support/broker-process.ts";
import { runConsole, startConsole } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { runProgram } from "../support/program-run.ts";

const TIMEOUT_MS = 60_000;

let broker: BrokerProcess;
let servers: string[];
beforeAll(async () => {
  broker = await startBroker({
    properties: {
      // Members of the consumer protocol do as the broker says.
      "group.consumer.min.heartbeat.interval.ms": 100,
      "group.consumer.heartbeat.interval.ms": 100,
    },
  });
  servers = ["--bootstrap-server", `127.0.0.1:${broker.port}`];
});
afterAll(async () => {
  await broker.stop();
  removeTemporaryFolders();
});

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => String(from + index));
const asLines = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
const sorted = (lines: readonly string[]) => [...lines].sort((a, b) => Number(a) - Number(b));

/** Creates a topic. */
async function create(topic: string, partitions: number): Promise<void> {
  const words = ["--create", "--topic", topic, "--partitions", String(partitions)];
  expect(await runConsole("topics", [...servers, ...words])).toMatchObject({ code: 0 });
}

/** Sends lines, and sees to it that nothing was complained of. */
async function produce(topic: string, lines: readonly string[], ...words: readonly string[]): Promise<void> {
  const run = await runConsole("produce", [...servers, "--topic", topic, ...words], asLines(lines));
  expect(run).toEqual({ code: 0, output: "", complaint: "" });
}

/** Reads so many records from the beginning. */
async function read(count: number, ...words: readonly string[]): Promise<string[]> {
  const all = [...servers, "--max-messages", String(count), ...words];
  const from = words.includes("--offset") ? [] : ["--from-beginning"];
  const run = await runConsole("consume", [...all, ...from]);
  expect(run).toMatchObject({ code: 0, complaint: `Processed a total of ${count} messages\n` });
  return run.output.split("\n").slice(0, -1);
}

describe("records that are produced", () => {
  test.each(["none", "gzip", "snappy", "lz4", "zstd"])(
    "come out as they went in: %s",
    async (codec) => {
      const lines = numbers(0, 5000);
      await produce(`codec-${codec}`, lines, "--compression-codec", codec);
      expect(await read(5000, "--topic", `codec-${codec}`)).toEqual(lines);
    },
    TIMEOUT_MS,
  );

  test(
    "come out of many partitions, each once, and of one in their order",
    async () => {
      await create("spread", 3);
      await produce("spread", numbers(0, 20_000));
      expect(sorted(await read(20_000, "--topic", "spread"))).toEqual(numbers(0, 20_000));
      const place = ["--topic", "spread", "--partition", "1", "--offset", "100"];
      const ofOne = await read(50, ...place);
      expect(ofOne).toEqual(sorted(ofOne));
    },
    TIMEOUT_MS,
  );

  test(
    "are sent one at a time with --sync, and that fails at the first one",
    async () => {
      await produce("synchronous", ["a", "b"], "--sync");
      expect(await read(2, "--topic", "synchronous")).toEqual(["a", "b"]);
      const words = [...servers, "--topic", "bad topic name", "--sync"];
      const run = await runConsole("produce", words, "a\nb\n");
      expect(run).toMatchObject({ code: 1, output: "" });
      expect(run.complaint).toContain("A topic can't have this name");
    },
    TIMEOUT_MS,
  );

  test(
    "are told of one by one where they can't be sent",
    async () => {
      const words = [...servers, "--topic", "large", "--command-property", "max.request.size=100"];
      const run = await runConsole("produce", words, `small\n${"x".repeat(200)}\n`);
      expect(run.code).toBe(1);
      expect(run.complaint).toMatch(
        /^Error when sending message to topic large with key: null, value: 200 bytes with error: org.apache.kafka.common.errors.RecordTooLargeException: The message is \d+ bytes/,
      );
      expect(await read(1, "--topic", "large")).toEqual(["small"]);
    },
    TIMEOUT_MS,
  );

  test(
    "are given up when no broker is there for as long as they may wait",
    async () => {
      const words = ["--bootstrap-server", `127.0.0.1:${await freePort()}`, "--max-block-ms", "200"];
      const run = await runConsole("produce", [...words, "--topic", "nowhere"], "a\n");
      expect(run.code).toBe(1);
      expect(run.complaint).toContain(
        "org.apache.kafka.common.errors.TimeoutException: Topic nowhere not present in metadata after 200 ms.",
      );
    },
    TIMEOUT_MS,
  );

  test.each([
    ["alone", []],
    ["in a classic group", ["--group", "survivors"]],
    ["in a consumer group", ["--group", "survivors", "--command-property", "group.protocol=consumer"]],
  ])(
    "come through a kill of the broker to one who reads %s",
    async (_, group) => {
      const port = await freePort();
      const logDirectory = temporaryFolder();
      const properties = { listeners: `PLAINTEXT://127.0.0.1:${port}` };
      const first = await startBroker({ port, logDirectory, properties });
      const address = ["--bootstrap-server", `127.0.0.1:${port}`, "--topic", "survivors"];
      const patient = [
        "--message-send-max-retries",
        "100000",
        "--request-timeout-ms",
        "30000",
        "--timeout",
        "1",
      ];
      const producer = startConsole("produce", [...address, ...patient]);
      producer.type("0");
      // A call that fails once has taken too long: that must not be the end of it.
      const hasty = ["--command-property", "default.api.timeout.ms=50", "--from-beginning"];
      const consumer = startConsole("consume", [...address, ...group, ...hasty]);
      for (const line of numbers(1, 100)) producer.type(line);
      await eventually(() => expect(consumer.lines).toHaveLength(100));
      await first.kill();
      for (const line of numbers(100, 200)) producer.type(line);
      const second = await startBroker({ port, logDirectory, properties });
      await eventually(() => expect(consumer.lines).toContain("199"));
      const read = group.length === 0 ? consumer.lines : [...new Set(consumer.lines)];
      expect(sorted(read)).toEqual(numbers(0, 200));
      await Promise.all([producer.end("SIGINT"), consumer.end("SIGINT")]);
      await second.stop();
    },
    TIMEOUT_MS,
  );
});

describe("a consumer", () => {
  test(
    "reads topics that match a pattern, and one that is created later",
    async () => {
      await produce("matching-1", ["one"]);
      await produce("other-1", ["other"]);
      const words = ["--include", "matching-.*", "--from-beginning"];
      const more = ["--command-property", "metadata.max.age.ms=100"];
      const consumer = startConsole("consume", [...servers, ...words, ...more]);
      await eventually(() => expect(consumer.lines).toEqual(["one"]));
      await produce("matching-2", ["two"]);
      await eventually(() => expect(consumer.lines).toEqual(["one", "two"]));
      expect(await consumer.end("SIGINT")).toBe(130);
      expect(consumer.complaints).toEqual(["Processed a total of 2 messages"]);
    },
    TIMEOUT_MS,
  );

  test(
    "waits for a topic that isn't there yet, and misses nothing of it",
    async () => {
      const words = ["--topic", "awaited", "--command-property", "allow.auto.create.topics=false"];
      const consumer = startConsole("consume", [...servers, ...words, "--from-beginning"]);
      await produce("awaited", ["first"]);
      await eventually(() => expect(consumer.lines).toEqual(["first"]));
      expect(await consumer.end("SIGTERM")).toBe(143);
    },
    TIMEOUT_MS,
  );

  test(
    "ends when nothing comes any more",
    async () => {
      const run = await runConsole("consume", [...servers, "--topic", "quiet", "--timeout-ms", "200"]);
      expect(run).toEqual({ code: 0, output: "", complaint: "Processed a total of 0 messages\n" });
    },
    TIMEOUT_MS,
  );

  test(
    "ends without a word when nobody reads what it prints",
    async () => {
      await produce("piped", numbers(0, 50_000));
      const words = [executable, "consume", ...servers, "--topic", "piped", "--from-beginning"];
      const script = `${words.map((word) => `'${word}'`).join(" ")} | head -n 2; echo "code \${PIPESTATUS[0]}"`;
      expect(await runProgram(["bash", "-c", script])).toEqual({
        ...{ code: 0, output: "0\n1\ncode 0\n", complaint: "" },
      });
    },
    TIMEOUT_MS,
  );

  test(
    "reads only what is committed, if that is asked for",
    async () => {
      const records = ["--num-records", "300", "--payload-monotonic", "--throughput", "-1"];
      const words = [...servers, "--topic", "transactions", ...records, "--transactional-id", "perf"];
      expect((await runConsole("perf produce", words)).code).toBe(0);
      const read_committed = ["--isolation-level", "read_committed"];
      expect(await read(300, "--topic", "transactions", ...read_committed)).toEqual(numbers(0, 300));
    },
    TIMEOUT_MS,
  );

  test(
    "passes over records that it can't print, or ends at the first one",
    async () => {
      await produce("numbers", ["abcd", "x", "efgh"]);
      const integers = ["--value-deserializer", "org.apache.kafka.common.serialization.IntegerDeserializer"];
      const words = [
        ...servers,
        "--topic",
        "numbers",
        "--from-beginning",
        "--max-messages",
        "3",
        ...integers,
      ];
      const strict = await runConsole("consume", words);
      expect(strict).toMatchObject({ code: 1, output: "1633837924\n" });
      expect(strict.complaint).toBe(
        "Processed a total of 2 messages\nSize of data received by IntegerDeserializer is not 4\n",
      );
      const lenient = await runConsole("consume", [...words, "--skip-message-on-error"]);
      expect(lenient).toMatchObject({ code: 0, output: "1633837924\n1701209960\n" });
      expect(lenient.complaint).toContain("skipping this message");
    },
    TIMEOUT_MS,
  );
});

describe.each(["classic", "consumer"])("a group of the %s protocol", (protocol) => {
  const member = (topic: string, ...words: readonly string[]) => [
    ...servers,
    ...["--topic", topic, "--group", `group-${protocol}`, "--from-beginning", ...words],
    ...["--command-property", `group.protocol=${protocol}`],
    ...["--command-property", "heartbeat.interval.ms=100"],
  ];

  test(
    "goes on where it has stopped, to the record",
    async () => {
      const topic = `resumed-${protocol}`;
      await produce(topic, numbers(0, 100));
      const first = await runConsole("consume", member(topic, "--max-messages", "30"));
      const second = await runConsole("consume", member(topic, "--max-messages", "70"));
      expect(first.output + second.output).toBe(asLines(numbers(0, 100)));
    },
    TIMEOUT_MS,
  );

  test(
    "shares the partitions among its members, and reads everything once while they come and go",
    async () => {
      const topic = `shared-${protocol}`;
      await create(topic, 4);
      const printing = ["--formatter-property", "print.partition=true"];
      const one = startConsole("consume", member(topic, ...printing));
      const other = startConsole("consume", member(topic, ...printing));
      const producer = startConsole("produce", [
        ...servers,
        "--topic",
        topic,
        "--timeout",
        "1",
        "--batch-size",
        "50",
      ]);
      const values = () => [...one.lines, ...other.lines].map((line) => line.split("\t")[1] ?? "");
      let sent = 0;
      // Until both have got something, so that both have partitions.
      await eventually(() => {
        for (let count = 0; count < 20; count++) producer.type(String(sent++));
        expect(Math.min(one.lines.length, other.lines.length)).toBeGreaterThan(0);
      });
      await eventually(() => expect(values()).toHaveLength(sent));
      expect(await one.end("SIGINT")).toBe(130);
      const before = other.lines.length;
      for (let count = 0; count < 100; count++) producer.type(String(sent++));
      await eventually(() => expect(values()).toHaveLength(sent));
      expect(new Set(other.lines.slice(before).map((line) => line.split("\t")[0])).size).toBe(4);
      expect(sorted(values())).toEqual(numbers(0, sent));
      await Promise.all([other.end("SIGINT"), producer.end("SIGINT")]);
    },
    TIMEOUT_MS,
  );
});

describe("a performance test", () => {
  test(
    "says how fast records went in and came out",
    async () => {
      const records = ["--num-records", "20000", "--record-size", "100", "--throughput", "-1"];
      const sent = await runConsole("kafka-producer-perf-test", [...servers, "--topic", "perf", ...records]);
      expect(sent).toMatchObject({ code: 0, complaint: "" });
      expect(sent.output).toMatch(
        /^20000 records sent, [\d.]+ records\/sec \([\d.]+ MB\/sec\), .* ms 99\.9th\.\n$/,
      );
      const words = [...servers, "--topic", "perf", "--num-records", "20000", "--hide-header"];
      const received = await runConsole("kafka-consumer-perf-test", words);
      expect(received).toMatchObject({ code: 0, complaint: "" });
      expect(received.output.split(", ").slice(2, 5)).toMatchObject(["1.9073", expect.any(String), "20000"]);
    },
    TIMEOUT_MS,
  );

  test(
    "keeps to the throughput that it is told, and takes properties behind each other",
    async () => {
      const records = ["--num-records", "300", "--payload-monotonic", "--throughput", "1000"];
      const properties = ["--command-property", "acks=0", "linger.ms=0", "compression.type=lz4"];
      const run = await runConsole("perf produce", [
        ...servers,
        ...["--topic", "held-back", ...records, ...properties],
      ]);
      expect(run.complaint).toBe("");
      expect(Number(/, ([\d.]+) records\/sec/.exec(run.output)?.[1])).toBeLessThan(1100);
    },
    TIMEOUT_MS,
  );

  test(
    "says when there are fewer records than it was to consume",
    async () => {
      const words = [...servers, "--topic", "perf-short", "--num-records", "5", "--timeout", "300"];
      const { output } = await runConsole("perf consume", words);
      expect(output).toContain(
        "WARNING: Exiting before consuming the expected number of records: timeout (300 ms)",
      );
    },
    TIMEOUT_MS,
  );
});
