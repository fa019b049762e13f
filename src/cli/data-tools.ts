/**
 * The tools that move records: into topics, out of them, and much of both to see how fast that is.
 */
import type { CommandEntry } from "./command.ts";

export const dataTools: readonly CommandEntry[] = [
  {
    name: "produce",
    kafkaName: "kafka-console-producer",
    summary: "sends the lines of standard input as records",
    load: async () => (await import("./tools/produce/produce.ts")).produce,
  },
  {
    name: "consume",
    kafkaName: "kafka-console-consumer",
    summary: "prints the records of topics as they come",
    load: async () => (await import("./tools/consume/consume.ts")).consume,
  },
  {
    name: "perf",
    summary: "measures how fast records go into a topic (perf produce) and out of it (perf consume)",
    load: async () => (await import("./tools/perf/perf.ts")).perf,
  },
  {
    name: "perf-produce",
    kafkaName: "kafka-producer-perf-test",
    summary: "the same as perf produce",
    load: async () => (await import("./tools/perf/perf.ts")).producerPerfTest,
  },
  {
    name: "perf-consume",
    kafkaName: "kafka-consumer-perf-test",
    summary: "the same as perf consume",
    load: async () => (await import("./tools/perf/perf.ts")).consumerPerfTest,
  },
];
