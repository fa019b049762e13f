/**
 * DescribeTopicPartitions (75). Topics with their partitions, sorted by name, page by page: an answer holds at most
 * `responsePartitionLimit` partitions (and never more than max.request.partition.size.limit), and says in `nextCursor`
 * where the next one begins (KIP-966). No topics in the request means all.
 */
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from "../protocol/messages/describe-topic-partitions.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { ZERO_UUID } from "../protocol/uuid.ts";
import { api } from "./api.ts";
import { topicOperations } from "./authorized-operations.ts";
import type { RequestContext } from "./context.ts";
import { isInternalTopic } from "./internal-topics.ts";
import { partitionState } from "./partition-state.ts";
import { unknownTopicCode } from "./unknown-topic.ts";

type Request = Decoded<typeof DescribeTopicPartitionsRequest>;
type Response = Encodable<typeof DescribeTopicPartitionsResponse>;
type Topic = Response["topics"][number];

export const describeTopicPartitions = api(DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse, {
  handle: page,
  fail: ({ topics }, { code }) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name }) => ({
      errorCode: code,
      name,
      topicId: ZERO_UUID,
      isInternal: false,
      partitions: [],
    })),
  }),
});

function page(request: Request, context: RequestContext): Response {
  const { cursor } = request;
  const all = request.topics.length === 0;
  const { maxRequestPartitionSizeLimit } = context.broker.config();
  let remaining = Math.max(1, Math.min(maxRequestPartitionSizeLimit, request.responsePartitionLimit));
  const topics: Topic[] = [];
  for (const name of namesFromCursor(request, context)) {
    // A topic nobody knows counts for nothing, but one behind the limit waits for the next page all the same.
    if (remaining === 0)
      return { throttleTimeMs: 0, topics, nextCursor: { topicName: name, partitionIndex: 0 } };
    const first = name === cursor?.topicName ? cursor.partitionIndex : 0;
    const topic = described(name, first, remaining, context);
    if (topic !== null) {
      topics.push(topic.answer);
      if (topic.next !== null) {
        return { throttleTimeMs: 0, topics, nextCursor: { topicName: name, partitionIndex: topic.next } };
      }
      remaining -= topic.answer.partitions.length;
    } else if (!all) {
      topics.push(unknown(name));
    }
  }
  return { throttleTimeMs: 0, topics, nextCursor: null };
}

/** The topics to describe, sorted, without those before the cursor. */
function namesFromCursor({ topics, cursor }: Request, { broker }: RequestContext): readonly string[] {
  const asked =
    topics.length === 0
      ? broker.metadata.image.topicNames()
      : [...new Set(topics.map(({ name }) => name))].sort();
  if (cursor === null) return asked;
  const names = asked.filter((name) => name >= cursor.topicName);
  if (topics.length > 0 && names[0] !== cursor.topicName) {
    throw new KafkaError(
      "INVALID_REQUEST",
      `DescribeTopicPartitionsRequest topic list should contain the cursor topic: ${cursor.topicName}`,
    );
  }
  if (cursor.partitionIndex < 0) {
    throw new KafkaError(
      "INVALID_REQUEST",
      `DescribeTopicPartitionsRequest cursor partition must be valid: ${cursor.partitionIndex}`,
    );
  }
  return names;
}

/** At most `limit` partitions of a topic, and the index of the next one if there are more; null for no such topic. */
function described(name: string, first: number, limit: number, { broker }: RequestContext) {
  const topic = broker.metadata.image.topicByName(name);
  if (topic === undefined) return null;
  const { nodeId } = broker.config();
  const partitions = topic.partitions.slice(first, first + limit).map((partition) => ({
    ...partitionState(partition, nodeId),
    // Unlike Metadata, this API has no error for a partition without a leader.
    errorCode: ErrorCode.NONE,
    eligibleLeaderReplicas: partition.eligibleLeaderReplicas,
    lastKnownElr: partition.lastKnownElr,
  }));
  const answer = {
    errorCode: ErrorCode.NONE,
    name,
    topicId: topic.id,
    isInternal: isInternalTopic(name),
    partitions,
    topicAuthorizedOperations: topicOperations,
  };
  const end = first + partitions.length;
  return { answer, next: partitions.length > 0 && end < topic.partitions.length ? end : null };
}

function unknown(name: string): Topic {
  return {
    errorCode: unknownTopicCode(name),
    name,
    topicId: ZERO_UUID,
    isInternal: isInternalTopic(name),
    partitions: [],
    topicAuthorizedOperations: topicOperations,
  };
}
