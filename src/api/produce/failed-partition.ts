/**
 * What a produce request is told of a partition that its records did not get into.
 */
import { InvalidRecordError } from "../../log/validator.ts";
import { ErrorCode, type KafkaError } from "../../protocol/errors.ts";
import type { RequestContext } from "../context.ts";
import { currentLeader } from "../current-leader.ts";
import { asKafkaError } from "../unexpected.ts";
import type { RequestedTopic, ResponsePartition } from "./types.ts";

const UNKNOWN = -1;
/** From this version on the answer names the leader (KIP-951). */
const FIRST_VERSION_WITH_LEADER = 10;

/** Errors that Kafka tells without the log's start, though it knows it. */
const withoutLogStart: ReadonlySet<number> = new Set([
  ErrorCode.CORRUPT_MESSAGE,
  ErrorCode.MESSAGE_TOO_LARGE,
  ErrorCode.RECORD_LIST_TOO_LARGE,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.KAFKA_STORAGE_ERROR,
]);

/** Errors whose code says it all; or whose message is the broker's own business. */
const withoutMessage: ReadonlySet<number> = new Set([
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.UNKNOWN_TOPIC_ID,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.KAFKA_STORAGE_ERROR,
  ErrorCode.UNKNOWN_SERVER_ERROR,
]);

/**
 * The answer for a partition whose append threw `error`.
 *
 * @param logStartOffset undefined when it failed before there was a log
 */
export function failedPartition(
  topic: RequestedTopic,
  index: number,
  error: unknown,
  logStartOffset: number | undefined,
  context: RequestContext,
): ResponsePartition {
  const kafkaError = asKafkaError(error, `Produce to ${topic.name || topic.topicId}-${index}`, context);
  const { code } = kafkaError;
  const namesLeader =
    code === ErrorCode.NOT_LEADER_OR_FOLLOWER && context.apiVersion >= FIRST_VERSION_WITH_LEADER;
  return {
    ...refusal(index, kafkaError),
    logStartOffset: withoutLogStart.has(code) ? UNKNOWN : (logStartOffset ?? UNKNOWN),
    currentLeader: namesLeader ? currentLeader(topicName(topic, context), index, context) : undefined,
  };
}

/** The answer for a partition of a request that failed as a whole. */
export function refusal(index: number, error: KafkaError): ResponsePartition {
  const recordErrors = error instanceof InvalidRecordError ? error.recordErrors : [];
  return {
    index,
    errorCode: error.code,
    baseOffset: UNKNOWN,
    logAppendTimeMs: UNKNOWN,
    logStartOffset: UNKNOWN,
    recordErrors: recordErrors.map(({ batchIndex, message }) => ({
      batchIndex,
      batchIndexErrorMessage: message,
    })),
    errorMessage: withoutMessage.has(error.code) || error.message === "" ? null : error.message,
  };
}

function topicName({ name, topicId }: RequestedTopic, { broker }: RequestContext): string | undefined {
  return name === "" ? broker.metadata.image.topicById(topicId)?.name : name;
}
