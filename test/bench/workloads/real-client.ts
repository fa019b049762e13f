/**
 * Apache Kafka's own clients, by way of its tools for that: a producer, and a consumer with a group.
 */
import { runTool } from "../../support/apache-kafka.ts";
import type { BenchBroker } from "../brokers/broker.ts";
import { createTopic, deleteTopic } from "../load/topics.ts";
import { type LoadWorkload, perGib, type RunOptions, withCpu } from "../workload.ts";

const RECORDS = 100_000;
const RECORD_BYTES = 1024;

/** Runs a tool against the broker; returns what it printed. */
async function tool({ port }: BenchBroker, name: string, words: readonly string[]): Promise<string> {
  const run = await runTool(name, ["--bootstrap-server", `127.0.0.1:${port}`, ...words]);
  if (run.code !== 0) throw new Error(`${name} fails against port ${port}:\n${run.output}\n${run.complaint}`);
  return run.output;
}

let groups = 0;

const javaClient: LoadWorkload = {
  name: "java-client",
  what: `${RECORDS} records of 1 KiB by kafka-producer-perf-test, as it comes, and by kafka-consumer-perf-test`,
  most: 3,
  metrics: [
    { name: "broker CPU, produce", unit: "s/GiB" },
    { name: "broker CPU, consume", unit: "s/GiB" },
    { name: "produced", unit: "MiB/s" },
    { name: "consumed", unit: "MiB/s" },
  ],
  async run(broker, { scale }: RunOptions) {
    const topic = await createTopic(broker.port, 4);
    const records = String(Math.ceil(RECORDS * scale));
    const bytes = Number(records) * RECORD_BYTES;
    const produced = await withCpu(broker, () =>
      tool(broker, "kafka-producer-perf-test", [
        ...["--topic", topic.name, "--num-records", records, "--record-size", String(RECORD_BYTES)],
        ...["--throughput", "-1"],
      ]),
    );
    const group = `bench-perf-${process.pid}-${groups++}`;
    const consumed = await withCpu(broker, () =>
      tool(broker, "kafka-consumer-perf-test", [
        ...["--topic", topic.name, "--num-records", records, "--group", group, "--hide-header"],
      ]),
    );
    await deleteTopic(broker, topic);
    return {
      "broker CPU, produce": perGib(produced.brokerCpu, bytes),
      "broker CPU, consume": perGib(consumed.brokerCpu, bytes),
      // `… (97.66 MB/sec), … ms avg latency …` on the last line; the consumer's is the fourth field.
      produced: Number(/\(([\d.]+) MB\/sec\)(?![\s\S]*MB\/sec)/.exec(produced.result)?.[1]),
      consumed: Number(consumed.result.trim().split("\n").at(-1)?.split(",")[3]),
    };
  },
};

export const realClientWorkloads: readonly LoadWorkload[] = [javaClient];
