/**
 * The commands there are besides running the broker.
 */
import type { CommandEntry } from "./command.ts";

export const commands: readonly CommandEntry[] = [
  {
    name: "format",
    summary: "prepares log directories for a first start",
    load: async () => (await import("./format/format.ts")).format,
  },
  {
    name: "dump-log",
    summary: "prints what the files of a log directory hold",
    load: async () => (await import("./dump-log/dump-log.ts")).dumpLog,
  },
  {
    name: "check",
    summary: "verifies a whole log directory, and changes nothing",
    load: async () => (await import("./check/check.ts")).check,
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
  {
    name: "topics",
    kafkaName: "kafka-topics",
    summary: "creates, lists, describes, alters and deletes topics",
    load: async () => (await import("./tools/topics/topics.ts")).topics,
  },
  {
    name: "get-offsets",
    kafkaName: "kafka-get-offsets",
    summary: "shows the offsets of partitions by time",
    load: async () => (await import("./tools/get-offsets.ts")).getOffsets,
  },
  {
    name: "delete-records",
    kafkaName: "kafka-delete-records",
    summary: "deletes the records of partitions before an offset",
    load: async () => (await import("./tools/delete-records.ts")).deleteRecords,
  },
  {
    name: "log-dirs",
    kafkaName: "kafka-log-dirs",
    summary: "shows what lies in the log directories",
    load: async () => (await import("./tools/log-dirs.ts")).logDirs,
  },
  {
    name: "cluster",
    kafkaName: "kafka-cluster",
    summary: "shows a cluster's id and its brokers",
    load: async () => (await import("./tools/cluster.ts")).cluster,
  },
  {
    name: "api-versions",
    kafkaName: "kafka-broker-api-versions",
    summary: "shows which APIs the brokers serve, in which versions",
    load: async () => (await import("./tools/broker-api-versions.ts")).brokerApiVersions,
  },
];
