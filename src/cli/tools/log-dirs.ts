/**
 * kafka-log-dirs: what lies in the brokers' log directories.
 */
import { checkError } from "../../client/check-error.ts";
import type { KafkaClient } from "../../client/client.ts";
import { exceptionOf } from "../../client/exceptions.ts";
import { errorName } from "../../protocol/errors.ts";
import {
  DescribeLogDirsRequest,
  DescribeLogDirsResponse,
} from "../../protocol/messages/describe-log-dirs.ts";
import type { Decoded } from "../../protocol/schema.ts";
import { WrongUse } from "../command.ts";
import { connectionOptions } from "../tool/connect.ts";
import { ToolFailure } from "../tool/failure.ts";
import { tool } from "../tool/tool.ts";

const options = {
  ...connectionOptions,
  describe: { description: "Describe the log directories: the one thing that this tool does." },
  "topic-list": {
    type: "list",
    takes: "topic, topic, ...",
    description: "The topics to show; all when left out.",
    default: "",
  },
  "broker-list": {
    type: "list",
    takes: "id, id, ...",
    description: "The brokers to ask; all when left out.",
    default: "",
  },
} as const;

type LogDirectory = Decoded<typeof DescribeLogDirsResponse>["results"][number];

export const logDirs = tool({
  description: "Shows what lies in the brokers' log directories, as JSON.",
  options,
  json: true,
  async run(given, { connect, output, json }) {
    if (!given.describe && !json) throw new WrongUse('Missing required argument "[describe]"');
    const client = connect(given);
    const brokers = await chosenBrokers(client, given["broker-list"]);
    if (!json) output.line("Querying brokers for log directories information");
    const directories = await Promise.all(brokers.map((node) => logDirectories(client, node)));
    const wanted = new Set(given["topic-list"]);
    const described = brokers.map((broker, index) => ({
      broker,
      logDirs: (directories[index] ?? []).map((directory) => describedDirectory(directory, wanted)),
    }));
    if (!json) output.line(`Received log directory information from brokers ${brokers.join(",")}`);
    output.line(JSON.stringify({ brokers: described, version: 1 }));
    return 0;
  },
});

async function chosenBrokers(client: KafkaClient, words: readonly string[]): Promise<number[]> {
  const there = await client.nodes();
  if (words.length === 0) return there;
  const missing = words.filter((word) => !there.includes(Number(word)));
  if (missing.length > 0) {
    throw new ToolFailure(
      `ERROR: The given brokers do not exist from --broker-list: ${missing.join(",")}. ` +
        `Current existent brokers: ${there.join(",")}`,
    );
  }
  return [...new Set(words.map(Number))];
}

async function logDirectories(client: KafkaClient, node: number): Promise<LogDirectory[]> {
  const answer = await client.send({ node }, DescribeLogDirsRequest, DescribeLogDirsResponse, {
    topics: null,
  });
  checkError(answer.errorCode);
  return answer.results;
}

function describedDirectory({ logDir, errorCode, topics }: LogDirectory, wanted: ReadonlySet<string>) {
  const partitions = topics
    .filter(({ name }) => wanted.size === 0 || wanted.has(name))
    .flatMap(({ name, partitions: all }) =>
      all.map(({ partitionIndex, partitionSize, offsetLag, isFutureKey }) => ({
        partition: `${name}-${partitionIndex}`,
        size: Number(partitionSize),
        offsetLag: Number(offsetLag),
        isFuture: isFutureKey,
      })),
    );
  return { partitions, error: exceptionClass(errorCode), logDir };
}

function exceptionClass(code: number): string | null {
  const name = errorName(code);
  return name === "NONE" ? null : `org.apache.kafka.common.errors.${exceptionOf(name).name}`;
}
