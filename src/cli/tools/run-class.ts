/**
 * kafka-run-class: runs the tool that a class of Kafka's is.
 */
import { nearestName } from "../../config/nearest.ts";
import type { Command } from "../command.ts";
import { runTool } from "../run.ts";

const usage = "USAGE: kafka-run-class [-daemon] [-name servicename] [-loggc] classname [opts]";

const packages =
  /^(kafka|org\.apache\.kafka)\.(admin|tools|tools\.consumer|tools\.consumer\.group|tools\.reassign)\./;

/** The tools by their classes' names, without the packages, which have changed over the years. */
const tools: Readonly<Record<string, string>> = {
  AclCommand: "kafka-acls",
  BrokerApiVersionsCommand: "kafka-broker-api-versions",
  ClusterTool: "kafka-cluster",
  ConfigCommand: "kafka-configs",
  ConsoleConsumer: "kafka-console-consumer",
  ConsoleProducer: "kafka-console-producer",
  ConsumerGroupCommand: "kafka-consumer-groups",
  ConsumerPerformance: "kafka-consumer-perf-test",
  DeleteRecordsCommand: "kafka-delete-records",
  DumpLogSegments: "kafka-dump-log",
  FeatureCommand: "kafka-features",
  GetOffsetShell: "kafka-get-offsets",
  LeaderElectionCommand: "kafka-leader-election",
  LogDirsCommand: "kafka-log-dirs",
  MetadataQuorumCommand: "kafka-metadata-quorum",
  ProducerPerformance: "kafka-producer-perf-test",
  ReassignPartitionsCommand: "kafka-reassign-partitions",
  StorageTool: "kafka-storage",
  TopicCommand: "kafka-topics",
  TransactionsCommand: "kafka-transactions",
};

export const runClass: Command = {
  usage,
  readsHelp: true,
  async run(words, output) {
    if (words.length === 0 || words[0] === "--help") {
      output.complain(usage);
      return 1;
    }
    const { name, rest, daemon } = parsed(words);
    if (name === "kafka.Kafka" || name === "kafka.docker.KafkaDockerWrapper") {
      return runTool("kafka-server-start", daemon ? ["-daemon", ...rest] : rest, output);
    }
    const plain = name.replace(packages, "");
    const tool = Object.hasOwn(tools, plain) ? tools[plain] : undefined;
    if (tool !== undefined && packages.test(name)) return runTool(tool, rest, output);
    const nearest = nearestName(plain, Object.keys(tools));
    output.complain(
      `Error: Could not find or load main class ${name}; there is no Java here, and only the tools of Kafka's that ` +
        `the executable has can be run${nearest === null ? "" : `, such as ${nearest}`}`,
    );
    return 1;
  },
};

/** What stands before the class is for the start of Java; only whether to go into the background means something. */
function parsed(words: readonly string[]): { name: string; rest: readonly string[]; daemon: boolean } {
  let daemon = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "-name") at++;
    else if (word === "-daemon") daemon = true;
    else if (word !== "-loggc") return { name: word, rest: words.slice(at + 1), daemon };
  }
  return { name: "", rest: [], daemon };
}
