/**
 * Reads the partitions of a fetch: finds where their records lie, and leaves the bytes in their files.
 */
import type { PartitionLog } from "../../log/partition-log.ts";
import { ErrorCode, KafkaError } from "../../protocol/errors.ts";
import type { RecordsSource } from "../../protocol/records-source.ts";
import type { RequestContext } from "../context.ts";
import { divergingEpoch } from "./diverging-epoch.ts";
import { failedPartition } from "./failed-partition.ts";
import {
  type FetchPartition,
  NO_RECORDS,
  type PartitionAnswer,
  type ResponsePartition,
  recordsSize,
  UNKNOWN,
} from "./fetch-partition.ts";
import { findReplica } from "./find-replica.ts";
import type { FetchParams } from "./params.ts";

/** What a fetch finds at a moment. */
export interface FetchRead {
  readonly answers: readonly PartitionAnswer[];
  readonly sizeInBytes: number;
  /** Whether one of the answers is one to hear of at once. */
  readonly isUrgent: boolean;
}

/**
 * Reads partitions in order, until `params.maxBytes` is used up. The first batch found comes whole, however large,
 * so that a client always gets on.
 */
export function readPartitions(
  partitions: Iterable<FetchPartition>,
  params: FetchParams,
  context: RequestContext,
): FetchRead {
  const answers: PartitionAnswer[] = [];
  let sizeInBytes = 0;
  let anyUrgent = false;
  for (const target of partitions) {
    const answer = readPartition(target, params.maxBytes - sizeInBytes, sizeInBytes === 0, params, context);
    answers.push(answer);
    sizeInBytes += recordsSize(answer.response);
    anyUrgent ||= isUrgent(answer);
  }
  return { answers, sizeInBytes, isUrgent: anyUrgent };
}

/** Whether a client has to hear of an answer without waiting: an error, or a log that parted from the client's. */
export function isUrgent({ response }: PartitionAnswer): boolean {
  return response.errorCode !== ErrorCode.NONE || response.divergingEpoch !== undefined;
}

/**
 * Reads one partition. What goes wrong becomes its answer.
 *
 * @param bytesLeft what the partitions before it left of the answer; none when negative
 * @param minOneMessage whether its first batch comes whole even if it is larger than it may be
 */
export function readPartition(
  target: FetchPartition,
  bytesLeft: number,
  minOneMessage: boolean,
  params: FetchParams,
  context: RequestContext,
): PartitionAnswer {
  try {
    const replica = findReplica(target, context);
    const { log } = replica;
    if (params.isFollower) refuseFollower(target);
    if (target.lastFetchedEpoch !== UNKNOWN) {
      const parted = divergingEpoch(target, replica);
      if (parted !== undefined) return found(target, log, NO_RECORDS, null, parted);
    }
    const maxBytes = Math.max(0, Math.min(target.maxBytes, bytesLeft));
    const { isolation } = params;
    const slice = log.read(target.fetchOffset, maxBytes, { isolation, minOneMessage });
    const aborted = isolation === "last_stable" ? (slice.abortedTransactions ?? []) : null;
    return found(target, log, slice.records ?? NO_RECORDS, aborted, undefined);
  } catch (error) {
    return failedPartition(target, error, context);
  }
}

function found(
  target: FetchPartition,
  log: PartitionLog,
  records: Uint8Array | RecordsSource,
  abortedTransactions: ResponsePartition["abortedTransactions"],
  parted: ResponsePartition["divergingEpoch"],
): PartitionAnswer {
  const { highWatermark, lastStableOffset, logStartOffset } = log;
  const response: ResponsePartition = {
    partitionIndex: target.index,
    errorCode: ErrorCode.NONE,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    abortedTransactions,
    records,
    divergingEpoch: parted,
  };
  return { target, response, log };
}

/** This broker has no followers, so it answers as Kafka does to one that isn't among a partition's replicas. */
function refuseFollower({ currentLeaderEpoch }: FetchPartition): never {
  if (currentLeaderEpoch === UNKNOWN) {
    throw new KafkaError("NOT_LEADER_OR_FOLLOWER", "The broker that asks is no replica of the partition.");
  }
  throw new KafkaError(
    "UNKNOWN_LEADER_EPOCH",
    "The broker that asks is no replica of the partition in this leader epoch.",
  );
}
