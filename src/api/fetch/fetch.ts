/**
 * Fetch (1). Reads record batches from partitions, as many as fit, and waits for them when there are too few.
 * Versions: 5 adds the log's start; 7 fetch sessions (KIP-227); 9 leader epochs (KIP-320); 11 the nearest replica,
 * which is always this broker (KIP-392); 12 the epoch of what was last fetched, to find out that logs have parted
 * (KIP-595); 13 topic ids (KIP-516); 16 says who leads (KIP-951); 15, 17 and 18 concern followers.
 *
 * Records go out as they lie in the log: batches of format 2, never converted, the last one cut
 * off where the answer is full. An answer with an error does not wait, whatever else was asked for. There are no
 * followers; who fetches as one is answered as Kafka answers a broker that is no replica.
 */
import type { TopicCounters } from "../../observe/metrics/topic-traffic.ts";
import { ErrorCode } from "../../protocol/errors.ts";
import { FetchRequest, FetchResponse } from "../../protocol/messages/fetch.ts";
import { api } from "../api.ts";
import type { RequestContext } from "../context.ts";
import { expectedFetchErrors } from "../expected-errors.ts";
import type { FetchContext } from "./contexts.ts";
import {
  type FetchResponseBody,
  FIRST_VERSION_WITH_TOPIC_IDS,
  type PartitionAnswer,
  recordsSize,
} from "./fetch-partition.ts";
import { type FetchParams, fetchParams } from "./params.ts";
import { PendingRead } from "./pending-read.ts";
import { type FetchRead, readPartitions } from "./read.ts";
import { failedFetch, fetchResponse, inAnswerOrder } from "./response.ts";

export const fetch = api(FetchRequest, FetchResponse, {
  handle(request, context) {
    const params = fetchParams(request, context);
    const { fetchSessions, metadata } = context.broker;
    const session = fetchSessions.contextOf(
      request,
      context.apiVersion >= FIRST_VERSION_WITH_TOPIC_IDS,
      (id) => metadata.image.topicById(id)?.name,
    );
    const read = readPartitions(session.partitions(), params, context);
    if (isToBeAnswered(read, params)) return answer(session, read, context);
    return answerLater(session, read, params, context);
  },
  fail: failedFetch,
});

function isToBeAnswered(read: FetchRead, { maxWaitMs, minBytes }: FetchParams): boolean {
  return maxWaitMs <= 0 || read.sizeInBytes >= minBytes || read.isUrgent || read.answers.length === 0;
}

async function answerLater(
  session: FetchContext,
  read: FetchRead,
  params: FetchParams,
  context: RequestContext,
): Promise<FetchResponseBody | null> {
  const pending = new PendingRead(read, params, context);
  const clientWaits = await context.broker.delayedFetches.wait({
    logs: read.answers.map(({ log }) => log),
    maxWaitMs: params.maxWaitMs,
    connection: context.connection,
    hasEnough: (position) => pending.hasEnough(position),
  });
  if (!clientWaits) return null;
  return answer(session, readPartitions(session.partitions(), params, context), context);
}

function answer(session: FetchContext, read: FetchRead, context: RequestContext): FetchResponseBody {
  countFetched(read, context);
  return fetchResponse(session.answer(inAnswerOrder(read.answers)), context);
}

function countFetched({ answers }: FetchRead, context: RequestContext): void {
  for (const answer of answers) {
    const counters = countersOf(answer, context);
    const { errorCode } = answer.response;
    counters.fetchRequests++;
    counters.bytesOut += recordsSize(answer.response);
    if (errorCode !== ErrorCode.NONE && !expectedFetchErrors.has(errorCode)) counters.failedFetchRequests++;
  }
}

/** A client may think of any name: only topics that exist have counters of their own. */
function countersOf({ log, target }: PartitionAnswer, { broker }: RequestContext): TopicCounters {
  const { metadata, metrics } = broker;
  if (log !== undefined) return metrics.topics.of(log.topic);
  const topic = target.topicName === undefined ? undefined : metadata.image.topicByName(target.topicName);
  return topic === undefined ? metrics.topics.others : metrics.topics.of(topic.name);
}
