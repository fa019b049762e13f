import { afterAll, expect } from "bun:test";
import expected from "../fixtures/logdirs/kafka-4.3.1.expected.json" with { type: "json" };
import { kafkaTool, startKafka } from "../support/apache-kafka.ts";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { eventually } from "../support/eventually.ts";
import { unpackGoldenDirectory } from "../support/golden-directory.ts";
import { requires } from "../support/requirements.ts";

const { test } = requires("java", "kafka");
const TIMEOUT_MS = 180_000;

const started: { kill(): Promise<void> }[] = [];
afterAll(async () => {
  for (const broker of started) await broker.kill();
  removeTemporaryFolders();
});

async function start(logDirectory?: string): Promise<BrokerProcess> {
  const broker = await startBroker({ ...(logDirectory && { logDirectory }) });
  started.push(broker);
  return broker;
}

/** Each partition's committed offset, log end offset and lag, as Kafka's tool tells them. */
async function described(port: number, group: string): Promise<Record<string, string[]>> {
  const output = await kafkaTool("kafka-consumer-groups", port, ["--describe", "--group", group]);
  const rows = output.split("\n").map((line) => line.trim().split(/\s+/));
  const found = rows.filter(([name]) => name === group);
  return Object.fromEntries(
    found.map(([, topic, partition, ...offsets]) => [`${topic}-${partition}`, offsets.slice(0, 3)]),
  );
}

for (const [group, offsets] of Object.entries(expected.groups)) {
  test(
    `${group}, which Apache Kafka 4.3.1 left, is found with its offsets, and goes on from them`,
    async () => {
      const broker = await start(unpackGoldenDirectory());
      const committed = await described(broker.port, group);
      const wanted = Object.entries(offsets).map(([partition, text]) => [partition, text.split(" ")[0]]);
      expect(
        Object.entries(committed)
          .map(([partition, [offset]]) => [partition, offset])
          .sort(),
      ).toEqual(wanted.sort());
      // Retention has taken what was read: the partitions begin at 150, and the group goes on with what comes now.
      const lines = Array.from({ length: 10 }, (_, index) => `${index}\n`);
      await kafkaTool("kafka-console-producer", broker.port, ["--topic", "plain-zstd"], lines.join(""));
      const read = await kafkaTool("kafka-console-consumer", broker.port, [
        ...["--topic", "plain-zstd", "--group", group, "--from-beginning", "--max-messages", "10"],
        ...["--command-property", `group.protocol=${group.replace("group-", "")}`],
      ]);
      expect([...(read.match(/^\d\n/gm) ?? [])].sort()).toEqual(lines);
      const after = await described(broker.port, group);
      const moved = ["plain-zstd-0", "plain-zstd-1"].map((partition) => Number(after[partition]?.[0]));
      expect(moved.reduce((sum, offset) => sum + offset, 0)).toBe(310);
      expect(after["plain-none-0"]).toEqual(committed["plain-none-0"] ?? []);
    },
    TIMEOUT_MS,
  );
}

test(
  "Apache Kafka finds the groups, offsets and lags of a directory that Houska left",
  async () => {
    const houska = await start();
    const { port, logDirectory } = houska;
    const lines = Array.from({ length: 20 }, (_, index) => `${index}\n`).join("");
    await kafkaTool("kafka-console-producer", port, ["--topic", "read"], lines);
    for (const protocol of ["classic", "consumer"]) {
      await kafkaTool("kafka-console-consumer", port, [
        ...["--topic", "read", "--group", protocol, "--from-beginning", "--max-messages", "15"],
        ...["--command-property", `group.protocol=${protocol}`],
      ]);
    }
    const before = { classic: await described(port, "classic"), consumer: await described(port, "consumer") };
    expect(before).toEqual({
      classic: { "read-0": ["15", "20", "5"] },
      consumer: { "read-0": ["15", "20", "5"] },
    });
    await houska.stop();
    const kafka = await startKafka(logDirectory);
    started.push(kafka);
    await eventually(async () => {
      const after = {
        classic: await described(kafka.port, "classic"),
        consumer: await described(kafka.port, "consumer"),
      };
      expect(after).toEqual(before);
    });
    const listed = await kafkaTool("kafka-groups", kafka.port, ["--list"]);
    expect(listed).toMatch(/classic +Classic/);
    expect(listed).toMatch(/consumer +Consumer/);
    await kafka.stop();
  },
  TIMEOUT_MS,
);
