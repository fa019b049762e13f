/**
 * What the tools ask of topics.
 */
import { checkError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import { UnsupportedVersionError } from "../../../client/errors.ts";
import { ErrorCode } from "../../../protocol/errors.ts";
import {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from "../../../protocol/messages/describe-topic-partitions.ts";
import type { Uuid } from "../../../protocol/uuid.ts";
import { ToolFailure } from "../../tool/failure.ts";

export interface PartitionDescription {
  readonly partition: number;
  /** -1 when there is none. */
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** Eligible leader replicas (KIP-966): null where the broker doesn't say. */
  readonly elr: readonly number[] | null;
  readonly lastKnownElr: readonly number[] | null;
}

export interface TopicDescription {
  readonly name: string;
  readonly id: Uuid;
  readonly internal: boolean;
  readonly partitions: readonly PartitionDescription[];
}

interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** The names of all topics, sorted. */
export async function topicNames(client: KafkaClient): Promise<string[]> {
  const { topics } = await client.metadata(null);
  return topics.flatMap(({ name }) => name ?? []).sort();
}

/** Topics with their partitions, by name, as a metadata request finds them. Rejects with a KafkaError. */
export async function describeFromMetadata(
  client: KafkaClient,
  names: readonly string[] | null,
): Promise<TopicDescription[]> {
  const { topics } = await client.metadata(names);
  return topics
    .map(({ name, topicId, isInternal, partitions, errorCode }) => {
      checkTopic(name, errorCode);
      return {
        name: name ?? "",
        id: topicId,
        internal: isInternal,
        partitions: partitions.map(({ partitionIndex, leaderId, replicaNodes, isrNodes }) => ({
          partition: partitionIndex,
          leader: leaderId,
          replicas: replicaNodes,
          isr: isrNodes,
          elr: null,
          lastKnownElr: null,
        })),
      };
    })
    .sort(byName);
}

/** Topics with their partitions, by name, asked for page by page. Rejects with a KafkaError. */
export async function describeTopics(
  client: KafkaClient,
  names: readonly string[],
  partitionsPerResponse = 2000,
): Promise<TopicDescription[]> {
  // A request without names would be one for all topics.
  if (names.length === 0) return [];
  try {
    return await describeByPages(client, names, partitionsPerResponse);
  } catch (error) {
    if (error instanceof UnsupportedVersionError) return describeFromMetadata(client, names);
    throw error;
  }
}

interface Cursor {
  readonly topicName: string;
  readonly partitionIndex: number;
}

async function describeByPages(
  client: KafkaClient,
  names: readonly string[],
  partitionsPerResponse: number,
): Promise<TopicDescription[]> {
  const found = new Map<string, TopicDescription>();
  let cursor: Cursor | null = null;
  do {
    cursor = await describePage(client, names, partitionsPerResponse, cursor, found);
  } while (cursor !== null);
  return [...found.values()].sort(byName);
}

/** Adds a page to what was found, and returns where the next one begins; null after the last one. */
async function describePage(
  client: KafkaClient,
  names: readonly string[],
  partitionsPerResponse: number,
  cursor: Cursor | null,
  found: Map<string, TopicDescription>,
): Promise<Cursor | null> {
  const { topics, nextCursor } = await client.send(
    "any",
    DescribeTopicPartitionsRequest,
    DescribeTopicPartitionsResponse,
    {
      topics: names.filter((name) => cursor === null || name >= cursor.topicName).map((name) => ({ name })),
      responsePartitionLimit: partitionsPerResponse,
      cursor,
    },
  );
  for (const { name, topicId, isInternal, partitions, errorCode } of topics) {
    checkTopic(name, errorCode);
    const before = found.get(name ?? "")?.partitions ?? [];
    const page = partitions.map((one) => ({
      partition: one.partitionIndex,
      leader: one.leaderId,
      replicas: one.replicaNodes,
      isr: one.isrNodes,
      elr: one.eligibleLeaderReplicas,
      lastKnownElr: one.lastKnownElr,
    }));
    const all = [...before, ...page].sort((a, b) => a.partition - b.partition);
    found.set(name ?? "", { name: name ?? "", id: topicId, internal: isInternal, partitions: all });
  }
  return nextCursor;
}

function checkTopic(name: string | null, errorCode: number): void {
  const isUnknown = errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  checkError(errorCode, isUnknown ? `Topic ${name} not found.` : null);
}

const byName = (a: { name: string }, b: { name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

/** Partitions by the broker that leads them. Rejects with a ToolFailure when there is none of that name or number. */
export async function byLeader<T extends TopicPartition>(
  client: KafkaClient,
  partitions: readonly T[],
): Promise<Map<number, T[]>> {
  const names = [...new Set(partitions.map(({ topic }) => topic))];
  const topics = new Map((await describeFromMetadata(client, names)).map((topic) => [topic.name, topic]));
  const leaders = new Map<number, T[]>();
  for (const one of partitions) {
    const found = topics.get(one.topic)?.partitions.find(({ partition }) => partition === one.partition);
    if (found === undefined) throw new ToolFailure(`There is no partition ${one.topic}-${one.partition}`);
    const led = leaders.get(found.leader) ?? [];
    led.push(one);
    leaders.set(found.leader, led);
  }
  return leaders;
}

/** By topic, as most requests want partitions grouped. */
export function byTopic<T extends TopicPartition>(partitions: readonly T[]): Map<string, T[]> {
  return Map.groupBy(partitions, ({ topic }) => topic);
}

/** Those of the partitions that there are, with a leader or without. */
export async function existingPartitions<T extends TopicPartition>(
  client: KafkaClient,
  partitions: readonly T[],
): Promise<T[]> {
  const names = [...new Set(partitions.map(({ topic }) => topic))];
  if (names.length === 0) return [];
  const { topics } = await client.metadata(names);
  const counts = new Map(topics.map(({ name, partitions: all }) => [name, all.length]));
  return partitions.filter(({ topic, partition }) => partition < (counts.get(topic) ?? 0));
}
