/**
 * Requests of load, as whole frames, and a look at their answers.
 */
import { FetchRequest, FetchResponse } from "../../../src/protocol/messages/fetch.ts";
import { ProduceRequest, ProduceResponse } from "../../../src/protocol/messages/produce.ts";
import type { Decoded } from "../../../src/protocol/schema.ts";
import type { Uuid } from "../../../src/protocol/uuid.ts";
import { framed, readResponse, requestFrame } from "../../support/raw-client.ts";

const PRODUCE_VERSION = 13;
const FETCH_VERSION = 17;
/** The answers of a connection come in the order of its requests, so one id will do. */
const CORRELATION_ID = 7;

export interface PartitionBatch {
  readonly partition: number;
  readonly batch: Buffer;
}

export function produceFrame(topicId: Uuid, acks: number, batches: readonly PartitionBatch[]): Buffer {
  const topic = {
    topicId,
    name: "",
    partitionData: batches.map(({ partition, batch }) => ({ index: partition, records: batch })),
  };
  const body = { acks, timeoutMs: 30_000, topicData: [topic] };
  return framed(requestFrame(ProduceRequest, PRODUCE_VERSION, CORRELATION_ID, body, "bench"));
}

/** Throws when a partition has an error. */
export function checkProduced(answer: Buffer): void {
  const { responses } = readResponse(ProduceResponse, PRODUCE_VERSION, CORRELATION_ID, answer);
  for (const { partitionResponses } of responses) {
    for (const { index, errorCode, errorMessage } of partitionResponses) {
      if (errorCode !== 0) throw new Error(`partition ${index}: error ${errorCode} ${errorMessage}`);
    }
  }
}

export interface FetchSizes {
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly partitionMaxBytes: number;
}

export function fetchFrame(
  topicId: Uuid,
  offsets: Iterable<readonly [partition: number, offset: number]>,
  { minBytes, maxBytes, partitionMaxBytes }: FetchSizes,
): Buffer {
  const partitions = [...offsets].map(([partition, fetchOffset]) => ({
    partition,
    fetchOffset,
    partitionMaxBytes,
  }));
  const body = {
    maxWaitMs: 500,
    minBytes,
    maxBytes,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topicId, partitions }],
    forgottenTopicsData: [],
    rackId: "",
  };
  return framed(requestFrame(FetchRequest, FETCH_VERSION, CORRELATION_ID, body, "bench"));
}

export type Fetched = Decoded<typeof FetchResponse>["responses"][number]["partitions"][number];

/** The partitions of an answer, their records as views of it. Throws when one has an error. */
export function readFetched(answer: Buffer): Fetched[] {
  const { responses, errorCode } = readResponse(FetchResponse, FETCH_VERSION, CORRELATION_ID, answer);
  const partitions = responses.flatMap((topic) => topic.partitions);
  const failed = errorCode || partitions.find((partition) => partition.errorCode !== 0)?.errorCode;
  if (failed) throw new Error(`a fetch is answered with error ${failed}`);
  return partitions;
}
