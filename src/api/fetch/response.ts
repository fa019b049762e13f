/**
 * Puts the answer to a fetch together.
 */
import type { KafkaError } from "../../protocol/errors.ts";
import type { RequestContext } from "../context.ts";
import { leaderEndpoints } from "../current-leader.ts";
import type { SessionAnswer } from "./contexts.ts";
import { isUnknown } from "./failed-partition.ts";
import {
  type FetchRequestBody,
  type FetchResponseBody,
  FIRST_VERSION_WITH_TOPIC_IDS,
  NO_RECORDS,
  type PartitionAnswer,
  type ResponsePartition,
  type ResponseTopic,
  UNKNOWN,
} from "./fetch-partition.ts";

/** The answer, with partitions that follow one another in the same topic under one heading. */
export function fetchResponse(answer: SessionAnswer, context: RequestContext): FetchResponseBody {
  const { errorCode, sessionId, partitions } = answer;
  const nodeEndpoints = leaderEndpoints(
    partitions.map(({ response }) => response),
    context,
  );
  return { throttleTimeMs: 0, errorCode, sessionId, responses: byTopic(partitions), nodeEndpoints };
}

function byTopic(partitions: readonly PartitionAnswer[]): ResponseTopic[] {
  const topics: ResponseTopic[] = [];
  let inTopic: ResponsePartition[] = [];
  let last: PartitionAnswer["target"] | undefined;
  for (const { target, response } of partitions) {
    if (last === undefined || last.topicId !== target.topicId || last.topicName !== target.topicName) {
      inTopic = [];
      topics.push({ topicId: target.topicId, topic: target.topicName ?? "", partitions: inTopic });
      last = target;
    }
    inTopic.push(response);
  }
  return topics;
}

/** The order in which partitions are answered: as they were asked, those nobody knows behind the others. */
export function inAnswerOrder(answers: readonly PartitionAnswer[]): readonly PartitionAnswer[] {
  const unknown = answers.filter(({ response }) => isUnknown(response.errorCode));
  if (unknown.length === 0) return answers;
  return [...answers.filter(({ response }) => !isUnknown(response.errorCode)), ...unknown];
}

/** The answer to a fetch that failed as a whole. Clients that use topic ids look at the error on top alone. */
export function failedFetch(
  request: FetchRequestBody,
  { code }: KafkaError,
  { apiVersion }: RequestContext,
): FetchResponseBody {
  const topics = apiVersion < FIRST_VERSION_WITH_TOPIC_IDS ? request.topics : [];
  const responses = topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition }) => ({
      partitionIndex: partition,
      errorCode: code,
      highWatermark: UNKNOWN,
      abortedTransactions: [],
      records: NO_RECORDS,
    })),
  }));
  return { throttleTimeMs: 0, errorCode: code, sessionId: request.sessionId, responses };
}
