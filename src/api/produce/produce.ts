/**
 * Produce (0). Appends record batches to partitions. Versions: 5 adds the log's start; 7 allows zstd (KIP-110); 8
 * says which records are wrong (KIP-467); 10 who leads (KIP-951); 11 knows TRANSACTION_ABORTABLE (KIP-890); 12 adds
 * partitions to transactions without AddPartitionsToTxn (KIP-890); 13 names topics by id (KIP-516).
 *
 * Advertised from 0, though served from 3: librdkafka takes a broker that doesn't know version 0 for one too old to
 * compress for (KAFKA-18659).
 *
 * acks=0 gets no answer; when it goes wrong the connection is closed, which is all that such a client notices. The
 * other acks are answered when the records are in the log, and flushed where the topic's flush policy says so.
 *
 * What is written in a transaction is appended once its coordinator knows of the partition: see transaction.ts.
 */
import { ErrorCode, errorName } from "../../protocol/errors.ts";
import { ProduceRequest, ProduceResponse } from "../../protocol/messages/produce.ts";
import { api } from "../api.ts";
import type { RequestContext } from "../context.ts";
import { leaderEndpoints } from "../current-leader.ts";
import { UnanswerableRequest } from "../unanswerable-request.ts";
import { appendTo } from "./append.ts";
import { refuseUnnamedTransaction } from "./checks.ts";
import { refusal } from "./failed-partition.ts";
import { noVerdicts, type Verdicts, verifyTransaction } from "./transaction.ts";
import {
  NO_ACKS,
  type ProduceRequestBody,
  type ProduceResponseBody,
  type ResponsePartition,
} from "./types.ts";

export const produce = api(ProduceRequest, ProduceResponse, {
  advertisedFrom: 0,
  keepsNothing: true,
  handle(request, context) {
    refuseUnnamedTransaction(request);
    const written = write(request, context);
    return written instanceof Promise
      ? written.then((later) => acknowledge(request, later, context))
      : acknowledge(request, written, context);
  },
  fail(request, error, context) {
    if (request.acks === NO_ACKS)
      throw new UnanswerableRequest(`Produce with acks=0 failed: ${error.message}`);
    const partitions = request.topicData.flatMap(({ partitionData }) =>
      partitionData.map(({ index }) => refusal(index, error)),
    );
    return answer(request, partitions, context);
  },
});

/** The partitions' answers, and what they have to wait for. */
interface Written {
  readonly partitions: ResponsePartition[];
  readonly flushes: readonly Promise<unknown>[];
}

/** Writes what is asked; what is written in one transaction goes into the logs in the order in which it came. */
function write(request: ProduceRequestBody, context: RequestContext): Written | Promise<Written> {
  const { transactionalId } = request;
  if (transactionalId === null) return append(request, noVerdicts, context);
  return context.broker.transactions.inOrder(transactionalId, () => {
    const verdicts = verifyTransaction(request, context);
    return verdicts instanceof Promise
      ? verdicts.then((later) => append(request, later, context))
      : append(request, verdicts, context);
  });
}

function append(request: ProduceRequestBody, verdicts: Verdicts, context: RequestContext): Written {
  const partitions: ResponsePartition[] = [];
  const flushes: Promise<unknown>[] = [];
  for (const topic of request.topicData) {
    for (const partition of topic.partitionData) {
      const verdict = verdicts.get(partition);
      const { response, flushed } = appendTo(topic, partition, request.acks, verdict, context);
      const at = partitions.push(response) - 1;
      if (flushed !== null) flushes.push(flushed.then((later) => partitions.splice(at, 1, later)));
    }
  }
  return { partitions, flushes };
}

function acknowledge(
  request: ProduceRequestBody,
  { partitions, flushes }: Written,
  context: RequestContext,
): ProduceResponseBody | null | Promise<ProduceResponseBody> {
  if (request.acks === NO_ACKS) return answerNothing(partitions);
  if (flushes.length === 0) return answer(request, partitions, context);
  return Promise.all(flushes).then(() => answer(request, partitions, context));
}

/** The answer, from the partitions' answers in the order in which they were asked. */
function answer(
  { topicData }: ProduceRequestBody,
  partitions: readonly ResponsePartition[],
  context: RequestContext,
): ProduceResponseBody {
  let next = 0;
  const responses = topicData.map(({ topicId, name, partitionData }) => {
    const partitionResponses = partitions.slice(next, next + partitionData.length);
    next += partitionData.length;
    return { topicId, name, partitionResponses };
  });
  return { responses, throttleTimeMs: 0, nodeEndpoints: leaderEndpoints(partitions, context) };
}

/** Says nothing, or ends the connection when something went wrong. */
function answerNothing(partitions: readonly ResponsePartition[]): null {
  const failed = partitions.find(({ errorCode }) => errorCode !== ErrorCode.NONE);
  if (failed === undefined) return null;
  throw new UnanswerableRequest(
    `Produce with acks=0 failed on partition ${failed.index} with ${errorName(failed.errorCode)}`,
  );
}
