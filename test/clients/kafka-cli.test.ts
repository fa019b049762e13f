import { afterAll, beforeAll, describe, expect } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { kafkaTool } from "../support/apache-kafka.ts";
import {
  type BrokerProcess,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../support/broker-process.ts";
import { requires } from "../support/requirements.ts";

const { test, missing } = requires("java", "kafka");

let broker: BrokerProcess;
beforeAll(async () => {
  if (missing === null) broker = await startBroker();
});
afterAll(async () => {
  if (missing === null) await broker.stop();
  removeTemporaryFolders();
});

const tool = (name: string, words: readonly string[], input = "") =>
  kafkaTool(name, broker.port, words, input);
const TIMEOUT_MS = 60_000;

describe("Kafka's own command line", () => {
  test(
    "creates, describes, alters and deletes a topic",
    async () => {
      const create = ["--create", "--topic", "cli", "--partitions", "2", "--replication-factor", "1"];
      expect(await tool("kafka-topics", [...create, "--config", "retention.ms=60000"])).toContain(
        "Created topic cli.",
      );
      const described = await tool("kafka-topics", ["--describe", "--topic", "cli"]);
      expect(described).toMatch(
        /Topic: cli\tTopicId: \S{22}\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: .*retention\.ms=60000/,
      );
      expect(described).toMatch(/Topic: cli\tPartition: 1\tLeader: 1\tReplicas: 1\tIsr: 1/);
      await tool("kafka-topics", ["--alter", "--topic", "cli", "--partitions", "4"]);
      expect(await tool("kafka-topics", ["--describe", "--topic", "cli"])).toContain("PartitionCount: 4");
      expect(await tool("kafka-topics", ["--list"])).toContain("cli\n");
      await tool("kafka-topics", ["--delete", "--topic", "cli"]);
      expect(await tool("kafka-topics", ["--list"])).not.toContain("cli\n");
    },
    TIMEOUT_MS,
  );

  test(
    "alters and describes a topic's configs",
    async () => {
      await tool("kafka-topics", ["--create", "--topic", "configured"]);
      const entity = ["--entity-type", "topics", "--entity-name", "configured"];
      await tool("kafka-configs", [
        "--alter",
        ...entity,
        "--add-config",
        "cleanup.policy=compact,segment.bytes=2000000",
      ]);
      const described = await tool("kafka-configs", ["--describe", ...entity]);
      expect(described).toContain("cleanup.policy=compact sensitive=false");
      expect(described).toContain("segment.bytes=2000000 sensitive=false");
      await tool("kafka-configs", ["--alter", ...entity, "--delete-config", "cleanup.policy"]);
      expect(await tool("kafka-configs", ["--describe", ...entity])).not.toContain("cleanup.policy");
      await expect(
        tool("kafka-configs", ["--alter", ...entity, "--add-config", "retention.ms=soon"]),
      ).rejects.toThrow("Invalid value soon for configuration retention.ms");
    },
    TIMEOUT_MS,
  );

  test(
    "produces idempotently and consumes from a partition's beginning",
    async () => {
      const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}\n`).join("");
      await tool("kafka-console-producer", ["--topic", "console"], lines);
      const words = [
        "--topic",
        "console",
        "--partition",
        "0",
        "--offset",
        "earliest",
        "--max-messages",
        "1000",
      ];
      expect(await tool("kafka-console-consumer", words)).toBe(lines);
    },
    TIMEOUT_MS,
  );

  test(
    "shows a topic's offsets and deletes its records",
    async () => {
      await tool("kafka-console-producer", ["--topic", "trimmed"], "a\nb\nc\n");
      expect(await tool("kafka-get-offsets", ["--topic", "trimmed"])).toBe("trimmed:0:3\n");
      const file = join(temporaryFolder(), "offsets.json");
      writeFileSync(
        file,
        JSON.stringify({ partitions: [{ topic: "trimmed", partition: 0, offset: 2 }], version: 1 }),
      );
      expect(await tool("kafka-delete-records", ["--offset-json-file", file])).toContain("low_watermark: 2");
      expect(await tool("kafka-get-offsets", ["--topic", "trimmed", "--time", "earliest"])).toBe(
        "trimmed:0:2\n",
      );
      const words = ["--topic", "trimmed", "--partition", "0", "--offset", "earliest", "--max-messages", "1"];
      expect(await tool("kafka-console-consumer", words)).toBe("c\n");
    },
    TIMEOUT_MS,
  );

  test(
    "describes the log directories",
    async () => {
      await tool("kafka-console-producer", ["--topic", "sized"], "a\n");
      const output = await tool("kafka-log-dirs", ["--describe", "--topic-list", "sized"]);
      const json = JSON.parse(output.split("\n").find((line) => line.startsWith("{")) ?? "{}");
      expect(json.brokers[0].logDirs[0].error).toBeNull();
      expect(json.brokers[0].logDirs[0].partitions[0]).toMatchObject({
        partition: "sized-0",
        offsetLag: 0,
        isFuture: false,
      });
      expect(json.brokers[0].logDirs[0].partitions[0].size).toBeGreaterThan(60);
    },
    TIMEOUT_MS,
  );

  test(
    "lists the broker's API versions",
    async () => {
      const output = await tool("kafka-broker-api-versions", []);
      expect(output).toContain(`127.0.0.1:${broker.port} (id: 1 rack: null isFenced: false) -> (`);
      expect(output).toMatch(/Produce\(0\): 0 to 13 \[usable: 13\]/);
      expect(output).toMatch(/Fetch\(1\): 4 to 18 \[usable: 18\]/);
    },
    TIMEOUT_MS,
  );
});
