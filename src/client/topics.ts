/**
 * Topics as a producer and a consumer see them: partitions and who leads them.
 */
import { ErrorCode } from "../protocol/errors.ts";
import { MetadataRequest, MetadataResponse } from "../protocol/messages/metadata.ts";
import type { Uuid } from "../protocol/uuid.ts";
import { checkError } from "./check-error.ts";
import type { KafkaClient } from "./client.ts";

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A partition as Kafka writes it, and by which it can be told from others. */
export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

/** What there is of each topic, as requests have it: topic by topic. */
export function byTopic<T extends { readonly topic: string }>(items: Iterable<T>): [string, T[]][] {
  const topics = new Map<string, T[]>();
  for (const item of items) {
    const others = topics.get(item.topic);
    if (others === undefined) topics.set(item.topic, [item]);
    else others.push(item);
  }
  return [...topics];
}

export interface PartitionInfo {
  readonly partition: number;
  /** The id of the broker that leads it, −1 for none just now. */
  readonly leader: number;
  readonly leaderEpoch: number;
}

export interface TopicInfo {
  readonly name: string;
  readonly id: Uuid;
  readonly isInternal: boolean;
  /** By their numbers. */
  readonly partitions: readonly PartitionInfo[];
}

/** Errors that say that a topic isn't there, or not yet. */
const missing = new Set<number>([ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.LEADER_NOT_AVAILABLE]);

/**
 * Those of the topics that exist; all there are for null. Rejects with a KafkaError for one that may not be seen or
 * has no possible name, and as `KafkaClient.send` does.
 *
 * @param create lets the brokers create what is missing, if they are configured so
 */
export async function findTopics(
  client: KafkaClient,
  names: readonly string[] | null,
  create: boolean,
): Promise<TopicInfo[]> {
  const { topics } = await client.send("any", MetadataRequest, MetadataResponse, {
    topics: names?.map((name) => ({ name })) ?? null,
    allowAutoTopicCreation: create,
  });
  const found: TopicInfo[] = [];
  for (const { name, topicId, isInternal, errorCode, partitions } of topics) {
    if (name === null || missing.has(errorCode)) continue;
    checkError(errorCode);
    found.push({
      name,
      id: topicId,
      isInternal,
      partitions: partitions
        .map(({ partitionIndex, leaderId, leaderEpoch }) => ({
          partition: partitionIndex,
          leader: leaderId,
          leaderEpoch,
        }))
        .sort((a, b) => a.partition - b.partition),
    });
  }
  return found;
}
