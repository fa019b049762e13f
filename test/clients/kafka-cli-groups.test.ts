import { afterAll, beforeAll, describe, expect } from "bun:test";
import { kafkaTool } from "../support/apache-kafka.ts";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
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
const groups = (...words: string[]) => tool("kafka-consumer-groups", words);
const TIMEOUT_MS = 120_000;
const lines = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join("");

for (const protocol of ["classic", "consumer"] as const) {
  describe(`Kafka's command line with the ${protocol} protocol`, () => {
    const topic = `cli-${protocol}`;
    const group = `group-${protocol}`;
    const consume = (count: number) =>
      tool("kafka-console-consumer", [
        ...["--topic", topic, "--group", group, "--from-beginning", "--max-messages", String(count)],
        ...["--command-property", `group.protocol=${protocol}`],
      ]);
    const row = (output: string) => {
      const [header, ...rows] = output
        .split("\n")
        .filter((line) => line.trim() !== "" && !line.startsWith("Consumer group"));
      const names = header?.trim().split(/\s+/) ?? [];
      const cells =
        rows
          .find((line) => line.includes(group))
          ?.trim()
          .split(/\s+/) ?? [];
      return Object.fromEntries(names.map((name, index) => [name, cells[index]]));
    };

    test(
      "consumes in a group from the beginning, and goes on where it left off",
      async () => {
        await tool("kafka-topics", ["--create", "--topic", topic, "--partitions", "1"]);
        await tool("kafka-console-producer", ["--topic", topic], lines);
        expect(await consume(15)).toBe(lines.split("\n").slice(0, 15).join("\n").concat("\n"));
        expect(await consume(5)).toBe(lines.split("\n").slice(15).join("\n"));
      },
      TIMEOUT_MS,
    );

    test(
      "lists the group and describes its offsets, members and state",
      async () => {
        expect(await groups("--list")).toContain(`${group}\n`);
        expect(row(await groups("--describe", "--group", group))).toMatchObject({
          TOPIC: topic,
          "CURRENT-OFFSET": "20",
          "LOG-END-OFFSET": "20",
          LAG: "0",
        });
        expect(await groups("--describe", "--group", group, "--members", "--verbose")).not.toContain(topic);
        expect(await groups("--describe", "--group", group, "--state")).toMatch(
          new RegExp(`${group} .*Empty`),
        );
      },
      TIMEOUT_MS,
    );

    test(
      "resets offsets in every way",
      async () => {
        const reset = async (...how: string[]) => {
          const output = await groups(
            "--reset-offsets",
            "--group",
            group,
            "--topic",
            topic,
            "--execute",
            ...how,
          );
          return row(output)["NEW-OFFSET"];
        };
        expect(await reset("--to-earliest")).toBe("0");
        expect(await reset("--to-latest")).toBe("20");
        expect(await reset("--to-offset", "7")).toBe("7");
        expect(await reset("--shift-by", "3")).toBe("10");
        expect(await reset("--to-current")).toBe("10");
        expect(await reset("--to-datetime", "2020-01-01T00:00:00.000")).toBe("0");
        expect(await reset("--by-duration", "PT1H")).toBe("0");
        expect(await consume(1)).toBe("line 0\n");
      },
      TIMEOUT_MS,
    );

    test(
      "deletes a topic's offsets, and the group",
      async () => {
        expect(await groups("--delete-offsets", "--group", group, "--topic", topic)).toMatch(/Successful/);
        expect(await groups("--delete", "--group", group)).toContain("was successful");
        expect(await groups("--list")).not.toContain(`${group}\n`);
      },
      TIMEOUT_MS,
    );
  });
}
