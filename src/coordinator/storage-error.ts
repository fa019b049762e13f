/**
 * What an error of the log means to a coordinator's clients.
 */
import { type ErrorName, KafkaError } from "../protocol/errors.ts";

const meaning: Partial<Record<ErrorName, ErrorName>> = {
  UNKNOWN_TOPIC_OR_PARTITION: "COORDINATOR_NOT_AVAILABLE",
  NOT_ENOUGH_REPLICAS: "COORDINATOR_NOT_AVAILABLE",
  REQUEST_TIMED_OUT: "COORDINATOR_NOT_AVAILABLE",
  NOT_LEADER_OR_FOLLOWER: "NOT_COORDINATOR",
  KAFKA_STORAGE_ERROR: "NOT_COORDINATOR",
  MESSAGE_TOO_LARGE: "UNKNOWN_SERVER_ERROR",
  RECORD_LIST_TOO_LARGE: "UNKNOWN_SERVER_ERROR",
};

/**
 * The error to tell: as Kafka does, one that makes clients look for the coordinator again where the partition can't be
 * written, and none of the log's own that they would take for something else.
 */
export function storageError(error: KafkaError): KafkaError {
  const name = meaning[error.errorName];
  return name === undefined ? error : new KafkaError(name, error.message);
}
