/**
 * kafka-delete-records: deletes the records of partitions before an offset.
 */
import { javaText, serverError } from "../../client/check-error.ts";
import type { KafkaClient } from "../../client/client.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { DeleteRecordsRequest, DeleteRecordsResponse } from "../../protocol/messages/delete-records.ts";
import { connectionOptions } from "../tool/connect.ts";
import { ToolFailure } from "../tool/failure.ts";
import { textOfFile } from "../tool/file.ts";
import { tool } from "../tool/tool.ts";
import { arrayOf, integerOf, objectOf, parseJson, stringOf } from "./admin/json.ts";
import { byTopic, describeFromMetadata } from "./admin/topics.ts";

const options = {
  ...connectionOptions,
  "offset-json-file": {
    type: "string",
    takes: "file",
    description:
      "A file that says where each partition shall begin:\n" +
      '{"partitions": [{"topic": "foo", "partition": 1, "offset": 1}], "version": 1}\n' +
      "The offset -1 stands for the high watermark.",
    required: true,
  },
} as const;

interface Before {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

interface Deleted extends Omit<Before, "offset"> {
  readonly lowWatermark: bigint;
  readonly error: KafkaError | null;
}

export const deleteRecords = tool({
  description: "Deletes the records of partitions before an offset.",
  options,
  json: true,
  async run(given, { connect, output, json }) {
    const wanted = readOffsets(given["offset-json-file"]);
    const client = connect(given);
    if (!json) output.line("Executing records delete operation");
    const deleted = await deleteBefore(client, wanted);
    if (json) {
      output.line(
        JSON.stringify(
          deleted.map(({ topic, partition, lowWatermark, error }) =>
            error === null
              ? { topic, partition, lowWatermark: Number(lowWatermark) }
              : { topic, partition, error: error.errorName },
          ),
        ),
      );
      return 0;
    }
    output.line("Records delete operation completed:");
    for (const { topic, partition, lowWatermark, error } of deleted) {
      const outcome = error === null ? `low_watermark: ${lowWatermark}` : `error: ${javaText(error)}`;
      output.line(`partition: ${topic}-${partition}\t${outcome}`);
    }
    return 0;
  },
});

function readOffsets(path: string): Before[] {
  const file = objectOf(parseJson(textOfFile(path), path), path);
  const version = file.version === undefined ? 1 : integerOf(file.version, "version");
  if (version !== 1) throw new ToolFailure(`Not supported version field value ${version}`);
  if (file.partitions === undefined) throw new ToolFailure("Missing partitions field");
  const offsets = arrayOf(file.partitions, "partitions").map((element) => {
    const { topic, partition, offset } = objectOf(element, "an element of partitions");
    return {
      topic: stringOf(topic, "topic"),
      partition: integerOf(partition, "partition"),
      offset: integerOf(offset, "offset"),
    };
  });
  const names = offsets.map(({ topic, partition }) => `${topic}-${partition}`);
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  if (twice.length > 0) {
    throw new ToolFailure(`Offset json file contains duplicate topic partitions: ${twice.join(",")}`);
  }
  return offsets;
}

async function deleteBefore(client: KafkaClient, wanted: readonly Before[]): Promise<Deleted[]> {
  const leaders = await leadersOf(client, wanted);
  const there = wanted.filter((one) => leaders.has(one));
  const missing = wanted
    .filter((one) => !leaders.has(one))
    .map(({ topic, partition }) => ({
      topic,
      partition,
      lowWatermark: -1n,
      error: new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", "This server does not host this topic-partition."),
    }));
  const byNode = Map.groupBy(there, (one) => leaders.get(one) ?? -1);
  const answers = await Promise.all([...byNode].map(([node, led]) => deleteAt(client, node, led)));
  return [...answers.flat(), ...missing];
}

/** The brokers that lead them; a partition that isn't there has none. */
async function leadersOf(client: KafkaClient, wanted: readonly Before[]): Promise<Map<Before, number>> {
  const topics = new Map((await describeFromMetadata(client, null)).map((topic) => [topic.name, topic]));
  return new Map(
    wanted.flatMap((one) => {
      const found = topics.get(one.topic)?.partitions.find(({ partition }) => partition === one.partition);
      return found === undefined ? [] : [[one, found.leader]];
    }),
  );
}

async function deleteAt(client: KafkaClient, node: number, wanted: readonly Before[]): Promise<Deleted[]> {
  const { topics } = await client.send({ node }, DeleteRecordsRequest, DeleteRecordsResponse, {
    topics: [...byTopic(wanted)].map(([name, partitions]) => ({
      name,
      partitions: partitions.map(({ partition, offset }) => ({ partitionIndex: partition, offset })),
    })),
    timeoutMs: client.config.requestTimeoutMs,
  });
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, lowWatermark, errorCode }) => ({
      topic: name,
      partition: partitionIndex,
      lowWatermark,
      error: serverError(errorCode),
    })),
  );
}
