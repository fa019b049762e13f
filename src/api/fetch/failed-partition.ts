/**
 * What a fetch says of a partition that it can't read.
 */
import { ErrorCode } from "../../protocol/errors.ts";
import type { RequestContext } from "../context.ts";
import { currentLeader, isLeaderError } from "../current-leader.ts";
import { asKafkaError } from "../unexpected.ts";
import { type FetchPartition, NO_RECORDS, type PartitionAnswer, UNKNOWN } from "./fetch-partition.ts";

/** Before this version clients took KAFKA_STORAGE_ERROR for something that doesn't go away. */
const FIRST_VERSION_WITH_STORAGE_ERROR = 6;
/** From this version on the answer names the leader (KIP-951). */
export const FIRST_VERSION_WITH_LEADER = 16;

/** The answer of a partition whose reading threw `error`. */
export function failedPartition(
  target: FetchPartition,
  error: unknown,
  context: RequestContext,
): PartitionAnswer {
  const what = `Fetch of ${target.topicName ?? target.topicId}-${target.index}`;
  const { code } = asKafkaError(error, what, context);
  const namesLeader = context.apiVersion >= FIRST_VERSION_WITH_LEADER && isLeaderError(code);
  const response = {
    partitionIndex: target.index,
    errorCode: errorForVersion(code, context.apiVersion),
    highWatermark: UNKNOWN,
    lastStableOffset: UNKNOWN,
    logStartOffset: UNKNOWN,
    // What the broker doesn't know at all is answered with the field's default in Kafka, other errors with null.
    abortedTransactions: isUnknown(code) ? [] : null,
    records: NO_RECORDS,
    divergingEpoch: undefined,
    currentLeader: namesLeader ? currentLeader(target.topicName, target.index, context) : undefined,
  };
  return { target, response, log: undefined };
}

/** Whether an error says that the broker doesn't know the topic or the partition. */
export function isUnknown(code: number): boolean {
  return code === ErrorCode.UNKNOWN_TOPIC_ID || code === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
}

function errorForVersion(code: number, apiVersion: number): number {
  const isTooNew = code === ErrorCode.KAFKA_STORAGE_ERROR && apiVersion < FIRST_VERSION_WITH_STORAGE_ERROR;
  return isTooNew ? ErrorCode.NOT_LEADER_OR_FOLLOWER : code;
}
