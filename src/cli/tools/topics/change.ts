/**
 * Creating, altering and deleting topics.
 */

import { checkError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
} from "../../../protocol/messages/create-partitions.ts";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../../protocol/messages/create-topics.ts";
import { DeleteTopicsRequest, DeleteTopicsResponse } from "../../../protocol/messages/delete-topics.ts";
import { ZERO_UUID } from "../../../protocol/uuid.ts";
import { ToolFailure } from "../../tool/failure.ts";
import { ask } from "../admin/ask.ts";
import { describeFromMetadata } from "../admin/topics.ts";
import type { TopicsGiven } from "./options.ts";

/** What the broker chooses by itself. */
const BY_THE_BROKER = -1;
const MAX_REPLICATION_FACTOR = 32767;

/** Creates the topic. */
export async function create(
  client: KafkaClient,
  given: TopicsGiven,
  print: (text: string) => void,
): Promise<void> {
  const { topic: name = "", partitions, "replication-factor": replicationFactor } = given;
  const configs = topicConfigs(given.config);
  if (/[._]/.test(name)) {
    print(
      "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. " +
        "To avoid issues it is best to use either, but not both.",
    );
  }
  if (
    replicationFactor !== undefined &&
    (replicationFactor < 1 || replicationFactor > MAX_REPLICATION_FACTOR)
  ) {
    throw new ToolFailure("The replication factor must be between 1 and 32767 inclusive");
  }
  if (partitions !== undefined && partitions < 1) {
    throw new ToolFailure("The partitions must be greater than 0");
  }
  const assignment = replicaAssignment(given["replica-assignment"]);
  const topic = {
    name,
    numPartitions: partitions ?? BY_THE_BROKER,
    replicationFactor: replicationFactor ?? BY_THE_BROKER,
    assignments: assignment.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs,
  };
  try {
    await ask(client, async () => {
      const answer = await client.sendOnce("controller", CreateTopicsRequest, CreateTopicsResponse, {
        topics: [topic],
        timeoutMs: client.config.requestTimeoutMs,
        validateOnly: false,
      });
      for (const { errorCode, errorMessage } of answer.topics) checkError(errorCode, errorMessage);
    });
  } catch (error) {
    const exists = error instanceof KafkaError && error.errorName === "TOPIC_ALREADY_EXISTS";
    if (exists && given["if-not-exists"]) return;
    throw error;
  }
  print(`Created topic ${name}.`);
}

/** Adds partitions to topics. */
export async function alter(
  client: KafkaClient,
  given: TopicsGiven,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  const assignment = replicaAssignment(given["replica-assignment"]);
  const described = assignment.length > 0 ? await describeFromMetadata(client, names) : [];
  const added = (name: string) => {
    if (assignment.length === 0) return null;
    const has = described.find((topic) => topic.name === name)?.partitions.length ?? 0;
    return assignment.slice(has).map((brokerIds) => ({ brokerIds }));
  };
  await ask(client, async () => {
    const { results } = await client.sendOnce(
      "controller",
      CreatePartitionsRequest,
      CreatePartitionsResponse,
      {
        topics: names.map((name) => ({ name, count: given.partitions ?? 0, assignments: added(name) })),
        timeoutMs: client.config.requestTimeoutMs,
        validateOnly: false,
      },
    );
    for (const { errorCode, errorMessage } of results) checkError(errorCode, errorMessage);
  });
}

/** Deletes topics. */
export async function remove(client: KafkaClient, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await ask(client, async () => {
    const { responses } = await client.sendOnce("controller", DeleteTopicsRequest, DeleteTopicsResponse, {
      topics: names.map((name) => ({ name, topicId: ZERO_UUID })),
      topicNames: names,
      timeoutMs: client.config.requestTimeoutMs,
    });
    for (const { errorCode, errorMessage } of responses) checkError(errorCode, errorMessage);
  });
}

function topicConfigs(words: readonly string[]): { name: string; value: string }[] {
  const pairs = words.map((word) => word.split(/\s*=\s*/));
  if (pairs.some((pair) => pair.length !== 2)) {
    throw new ToolFailure(
      'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".',
    );
  }
  const configs = new Map(pairs.map(([name = "", value = ""]) => [name.trim(), value.trim()]));
  return [...configs].map(([name, value]) => ({ name, value }));
}

/** The brokers of each partition, of `1:2,2:1`. */
function replicaAssignment(text: string | undefined): number[][] {
  if (text === undefined || text === "") return [];
  const partitions = text.split(",").map((part) => part.split(":").map((word) => brokerId(word.trim())));
  for (const [index, brokers] of partitions.entries()) {
    const twice = brokers.filter((id, at) => brokers.indexOf(id) !== at);
    if (twice.length > 0) {
      throw new ToolFailure(`Partition replica lists may not contain duplicate entries: ${twice.join(",")}`);
    }
    if (brokers.length !== partitions[0]?.length) {
      throw new ToolFailure(`Partition ${index} has different replication factor: [${brokers.join(", ")}]`);
    }
  }
  return partitions;
}

function brokerId(word: string): number {
  if (!/^\d+$/.test(word)) throw new ToolFailure(`For input string: "${word}"`);
  return Number(word);
}
