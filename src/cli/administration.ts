/**
 * The tools that look after a cluster, as Kafka has them.
 */
import type { CommandEntry } from "./command.ts";

export const administration: readonly CommandEntry[] = [
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
    name: "storage",
    kafkaName: "kafka-storage",
    summary: "prepares log directories, and tells of them",
    load: async () => (await import("./tools/storage/storage.ts")).storage,
  },
  {
    name: "api-versions",
    kafkaName: "kafka-broker-api-versions",
    summary: "shows which APIs the brokers serve, in which versions",
    load: async () => (await import("./tools/broker-api-versions.ts")).brokerApiVersions,
  },
  {
    name: "groups",
    kafkaName: "kafka-consumer-groups",
    summary: "lists, describes and deletes consumer groups, and sets their offsets",
    load: async () => (await import("./tools/groups/consumer-groups.ts")).consumerGroups,
  },
  {
    name: "configs",
    kafkaName: "kafka-configs",
    summary: "shows and changes configs of topics, brokers and groups",
    load: async () => (await import("./tools/configs/configs.ts")).configs,
  },
  {
    name: "transactions",
    kafkaName: "kafka-transactions",
    summary: "shows transactions, and puts an end to those that hang",
    load: async () => (await import("./tools/transactions/transactions.ts")).transactions,
  },
  {
    name: "features",
    kafkaName: "kafka-features",
    summary: "shows and changes the levels of features",
    load: async () => (await import("./tools/features.ts")).features,
  },
  {
    name: "metadata-quorum",
    kafkaName: "kafka-metadata-quorum",
    summary: "tells of the quorum that writes the metadata log",
    load: async () => (await import("./tools/metadata-quorum.ts")).metadataQuorum,
  },
  {
    name: "leader-election",
    kafkaName: "kafka-leader-election",
    summary: "has leaders of partitions elected",
    load: async () => (await import("./tools/leader-election.ts")).leaderElection,
  },
  {
    name: "start",
    kafkaName: "kafka-server-start",
    summary: "runs a broker with the arguments of Kafka's script",
    load: async () => (await import("./tools/server-start.ts")).serverStart,
  },
  {
    name: "stop",
    kafkaName: "kafka-server-stop",
    summary: "asks the brokers that run here to stop",
    load: async () => (await import("./tools/server-stop.ts")).serverStop,
  },
  {
    name: "run-class",
    kafkaName: "kafka-run-class",
    summary: "runs the tool that a class of Kafka's is",
    load: async () => (await import("./tools/run-class.ts")).runClass,
  },
  {
    name: "reassign-partitions",
    kafkaName: "kafka-reassign-partitions",
    summary: "shows and changes on which brokers partitions lie",
    load: async () => (await import("./tools/reassign/reassign.ts")).reassignPartitions,
  },
  {
    name: "acls",
    kafkaName: "kafka-acls",
    summary: "lists, adds and removes rules of who may do what",
    load: async () => (await import("./tools/acls/acls.ts")).acls,
  },
];
