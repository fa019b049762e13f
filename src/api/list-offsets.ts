/**
 * ListOffsets (2). The offsets of partitions at a point in time, or at one of these: -1 the end that the client can
 * read to (the high watermark, or the last stable offset), -2 the start, -3 the record with the highest timestamp,
 * -4 the start of what is on this broker's disk, -5 the end of what is in tiered storage, -6 the start of what is
 * still to be copied there. Versions: 2 adds the isolation level; 4 leader epochs (KIP-320); 5 OFFSET_NOT_AVAILABLE,
 * which takes a new leader to happen; 7 allows -3 (KIP-734), 8 -4 (KIP-405), 9 -5 (KIP-1005), 11 -6 (KIP-1023); 10
 * brings a time limit for tiered storage.
 *
 * There is no tiered storage: all that a log has is on disk, so -4 is the start, and -5 and -6 find nothing. What is
 * not found is no error: offset and timestamp are -1.
 */
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import { ListOffsetsRequest, ListOffsetsResponse } from "../protocol/messages/list-offsets.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { api } from "./api.ts";
import type { RequestContext } from "./context.ts";
import { answerElement, answerPartitions } from "./elements.ts";
import { isReadCommitted } from "./isolation-level.ts";
import type { Replica } from "./replicas.ts";

type Request = Decoded<typeof ListOffsetsRequest>;
type Asked = Request["topics"][number]["partitions"][number];
type Answer = Encodable<typeof ListOffsetsResponse>["topics"][number]["partitions"][number];

/** An offset, with the timestamp and the leader epoch of its record, or -1 where these are not known. */
interface Found {
  readonly timestamp: number;
  readonly offset: number;
  readonly leaderEpoch: number;
}

/** The replica id of those who may read up to the high watermark only. */
const CONSUMER = -1;
const UNKNOWN = -1;

/** The first version that may ask for what a negative timestamp stands for. */
const firstVersions: ReadonlyMap<bigint, number> = new Map([
  [-1n, 1],
  [-2n, 1],
  [-3n, 7],
  [-4n, 8],
  [-5n, 9],
  [-6n, 11],
]);

export const listOffsets = api(ListOffsetsRequest, ListOffsetsResponse, {
  handle(request, context) {
    const twice = askedTwice(request);
    return answerPartitions(request, (topic, asked) =>
      answerElement(
        `ListOffsets of ${topic}-${asked.partitionIndex}`,
        context,
        () => {
          if (twice.get(topic)?.has(asked.partitionIndex) === true) {
            throw new KafkaError("INVALID_REQUEST", "The request names the partition more than once.");
          }
          return answered(asked, find(topic, asked, request, context));
        },
        ({ code }) => failed(asked, code),
      ),
    );
  },
  fail: (request, { code }) => answerPartitions(request, (_topic, asked) => failed(asked, code)),
});

/** The partitions, by topic, that are asked for more than once. */
function askedTwice({ topics }: Request): ReadonlyMap<string, ReadonlySet<number>> {
  const once = new Map<string, Set<number>>();
  const twice = new Map<string, Set<number>>();
  for (const { name, partitions } of topics) {
    const asked = once.get(name) ?? new Set();
    once.set(name, asked);
    for (const { partitionIndex } of partitions) {
      const before = asked.size;
      asked.add(partitionIndex);
      if (asked.size > before) continue;
      const again = twice.get(name) ?? new Set();
      twice.set(name, again.add(partitionIndex));
    }
  }
  return twice;
}

function find(topic: string, asked: Asked, request: Request, context: RequestContext): Found | null {
  const { timestamp, partitionIndex, currentLeaderEpoch } = asked;
  if (timestamp < 0n && context.apiVersion < (firstVersions.get(timestamp) ?? Number.POSITIVE_INFINITY)) {
    throw new KafkaError(
      "UNSUPPORTED_VERSION",
      `Version ${context.apiVersion} knows no timestamp ${timestamp}.`,
    );
  }
  const { replicas } = context.broker;
  const replica = replicas.leader(replicas.topicByName(topic), partitionIndex, currentLeaderEpoch);
  return offsetAt(timestamp, replica, readableEnd(request, replica));
}

/** Where the log ends for whoever asks. */
function readableEnd({ replicaId, isolationLevel }: Request, { log }: Replica): number {
  if (replicaId !== CONSUMER) return log.logEndOffset;
  return isReadCommitted(isolationLevel) ? log.lastStableOffset : log.highWatermark;
}

function offsetAt(timestamp: bigint, replica: Replica, end: number): Found | null {
  const { log, partition } = replica;
  switch (timestamp) {
    case -1n:
      return { timestamp: UNKNOWN, offset: end, leaderEpoch: partition.leaderEpoch };
    case -2n:
    case -4n:
      return earliestOffset(replica);
    case -3n:
      return below(end, log.offsetOfMaxTimestamp());
    case -5n:
    case -6n:
      return null;
    default:
      return below(end, log.offsetForTimestamp(Number(timestamp)));
  }
}

/** Where the log begins. In an empty log that is where the current leader's epoch begins. */
function earliestOffset({ log, partition }: Replica): Found {
  const earliest = log.earliestOffset();
  const isEmpty = log.leaderEpoch === UNKNOWN && log.logStartOffset === log.logEndOffset;
  return isEmpty ? { ...earliest, leaderEpoch: partition.leaderEpoch } : earliest;
}

/** What lies beyond the end is not to be found yet. */
function below(end: number, found: Found | null): Found | null {
  return found !== null && found.offset < end ? found : null;
}

function answered({ partitionIndex }: Asked, found: Found | null): Answer {
  const { timestamp, offset, leaderEpoch } = found ?? {
    timestamp: UNKNOWN,
    offset: UNKNOWN,
    leaderEpoch: UNKNOWN,
  };
  // As a bigint, since a client's timestamp may be no safe integer.
  return { partitionIndex, errorCode: ErrorCode.NONE, timestamp: BigInt(timestamp), offset, leaderEpoch };
}

function failed({ partitionIndex }: Asked, errorCode: number): Answer {
  return { partitionIndex, errorCode, timestamp: UNKNOWN, offset: UNKNOWN, leaderEpoch: UNKNOWN };
}
