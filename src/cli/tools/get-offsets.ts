/**
 * kafka-get-offsets: the offsets of partitions by time.
 */
import { WrongUse } from "../command.ts";
import { connectionOptions } from "../tool/connect.ts";
import { failureText, ToolFailure } from "../tool/failure.ts";
import { tool } from "../tool/tool.ts";
import { listOffsets, SpecialTimestamp } from "./admin/offsets.ts";
import { isInternalTopic, topicMatcher } from "./admin/topic-filter.ts";
import { describeFromMetadata } from "./admin/topics.ts";

const options = {
  ...connectionOptions,
  topic: {
    type: "string",
    takes: "topic",
    description: "The topics, by a name or a regular expression; all when left out.",
  },
  partitions: {
    type: "string",
    takes: "partition ids",
    description: "The numbers of the partitions with commas between them; all when left out.",
  },
  "topic-partitions": {
    type: "string",
    takes: "topic1:1,topic2:0-3,topic3,topic4:5-,topic5:-3",
    description:
      "Topics (regular expressions) with their partitions: a number, a range that the second number is not part " +
      "of, or a range open to one side.",
  },
  time: {
    type: "string",
    takes:
      "<timestamp> / -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / -5 or " +
      "latest-tiered / -6 or earliest-pending-upload",
    description:
      "What to look for: a special offset, or the first record that isn't older than a timestamp in milliseconds.",
    default: "latest",
  },
  "exclude-internal-topics": { description: "Leave the brokers' own topics out." },
} as const;

type PartitionFilter = (topic: string, partition: number) => boolean;

export const getOffsets = tool({
  description: "Shows the offsets of partitions by time.",
  options,
  json: true,
  async run(given, { connect, output, json }) {
    const timestamp = timestampOf(given.time);
    const isMeant = partitionFilter(given.topic, given.partitions, given["topic-partitions"]);
    const client = connect(given);
    const topics = (await describeFromMetadata(client, null)).filter(
      ({ name }) => !(given["exclude-internal-topics"] && isInternalTopic(name)),
    );
    const queries = topics.flatMap(({ name, partitions }) =>
      partitions
        .filter(({ partition }) => isMeant(name, partition))
        .map(({ partition }) => ({ topic: name, partition, timestamp })),
    );
    if (queries.length === 0) {
      throw new ToolFailure("Could not match any topic-partitions with the specified filters");
    }
    const found = (await listOffsets(client, queries)).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    for (const { error, ...one } of found) {
      if (error === null) continue;
      output.complain(
        `Skip getting offsets for topic-partition ${nameOf(one)} due to error: ${error.message}`,
      );
    }
    const there = found.filter(({ offset, error }) => error === null && offset !== -1n);
    if (json) {
      output.line(
        JSON.stringify(
          there.map(({ topic, partition, offset }) => ({ topic, partition, offset: Number(offset) })),
        ),
      );
    } else {
      for (const { topic, partition, offset } of there) output.line(`${topic}:${partition}:${offset}`);
    }
    return 0;
  },
  fail(error, output) {
    const text = failureText(error);
    if (text !== null) output.complain(`Error occurred: ${text}`);
    return text !== null;
  },
});

const nameOf = ({ topic, partition }: { topic: string; partition: number }): string =>
  `${topic}-${partition}`;

function timestampOf(text: string): bigint {
  if (Object.hasOwn(SpecialTimestamp, text)) return SpecialTimestamp[text as keyof typeof SpecialTimestamp];
  if (/^[+-]?\d{1,18}$/.test(text)) return BigInt(text);
  throw new ToolFailure(
    `Malformed time argument ${text}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or ` +
      "earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload, or a specified long format timestamp",
  );
}

function partitionFilter(
  topic: string | undefined,
  partitions: string | undefined,
  patterns: string | undefined,
): PartitionFilter {
  if (patterns !== undefined) {
    if (topic !== undefined || partitions !== undefined) {
      throw new ToolFailure("--topic-partitions cannot be used with --topic or --partitions");
    }
    const filters = patterns.split(",").map(patternFilter);
    return (name, partition) => filters.some((filter) => filter(name, partition));
  }
  const isTopic = topicMatcher(topic ?? ".*");
  const numbers = partitionNumbers(partitions);
  return (name, partition) => isTopic(name) && (numbers.size === 0 || numbers.has(partition));
}

function partitionNumbers(text: string | undefined): Set<number> {
  if (!text) return new Set();
  const words = text.split(",");
  if (!words.every((word) => /^\d+$/.test(word))) {
    throw new ToolFailure(
      `--partitions expects a comma separated list of numeric partition ids, but received: ${text}`,
    );
  }
  return new Set(words.map(Number));
}

/** `topic`, `topic:1`, `topic:0-3`, `topic:5-` or `topic:-3`; the topic may be left out. */
function patternFilter(text: string): PartitionFilter {
  const match = /^([^:,]*)(?::(?:([0-9]*)|(?:([0-9]*)-([0-9]*))))?$/.exec(text);
  if (match === null) throw new WrongUse(`Invalid rule specification: ${text}`);
  const [, topic, only, from, to] = match;
  const isTopic = topicMatcher(topic || ".*");
  const low = Number(only || from || 0);
  const high = only ? low + 1 : to ? Number(to) : Number.POSITIVE_INFINITY;
  return (name, partition) => isTopic(name) && partition >= low && partition < high;
}
