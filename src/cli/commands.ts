/**
 * The commands there are besides running the broker.
 */
import { administration } from "./administration.ts";
import type { CommandEntry } from "./command.ts";
import { dataTools } from "./data-tools.ts";

export const commands: readonly CommandEntry[] = [
  ...administration,
  ...dataTools,
  {
    name: "format",
    summary: "prepares log directories for a first start",
    load: async () => (await import("./format/format.ts")).format,
  },
  {
    name: "dump-log",
    summary: "prints what the files of a log directory hold",
    load: async () => (await import("./dump-log/dump-log.ts")).dumpLog,
    kafkaName: "kafka-dump-log",
    loadKafka: async () => (await import("./dump-log/kafka-dump-log.ts")).kafkaDumpLog,
  },
  {
    name: "check",
    summary: "verifies a whole log directory, and changes nothing",
    load: async () => (await import("./check/check.ts")).check,
  },
  {
    name: "health",
    summary: "says whether the broker that runs here is ready",
    load: async () => (await import("./health/health.ts")).health,
  },
  {
    name: "doctor",
    summary: "finds out why clients can't connect, or the broker can't start",
    load: async () => (await import("./doctor/doctor.ts")).doctor,
  },
  {
    name: "tool-names",
    summary: "prints by which names of Kafka's tools the executable answers",
    load: async () => (await import("./tool-names.ts")).toolNames,
  },
  {
    name: "configure",
    summary: "writes the properties file that a container's environment asks for",
    load: async () => (await import("./configure/configure.ts")).configure,
  },
];
