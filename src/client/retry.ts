/**
 * Trying again: which errors pass by themselves, and how long to wait for it.
 */
import { type ErrorName, KafkaError } from "../protocol/errors.ts";
import type { ClientConfig } from "./config.ts";
import { NetworkError, TimeoutError } from "./errors.ts";

/** Errors of Kafka's that are RetriableException there and that a client meets. */
const retriable = new Set<ErrorName>([
  "CORRUPT_MESSAGE",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "LEADER_NOT_AVAILABLE",
  "NOT_LEADER_OR_FOLLOWER",
  "REQUEST_TIMED_OUT",
  "REPLICA_NOT_AVAILABLE",
  "NETWORK_EXCEPTION",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR",
  "NOT_ENOUGH_REPLICAS",
  "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
  "NOT_CONTROLLER",
  "KAFKA_STORAGE_ERROR",
  "FETCH_SESSION_ID_NOT_FOUND",
  "INVALID_FETCH_SESSION_EPOCH",
  "LISTENER_NOT_FOUND",
  "FENCED_LEADER_EPOCH",
  "UNKNOWN_LEADER_EPOCH",
  "OFFSET_NOT_AVAILABLE",
  "PREFERRED_LEADER_NOT_AVAILABLE",
  "ELIGIBLE_LEADERS_NOT_AVAILABLE",
  "UNSTABLE_OFFSET_COMMIT",
  "THROTTLING_QUOTA_EXCEEDED",
  "UNKNOWN_TOPIC_ID",
  "INCONSISTENT_TOPIC_ID",
  "FETCH_SESSION_TOPIC_ID_ERROR",
  "CONCURRENT_TRANSACTIONS",
]);

/**
 * Whether trying again may help. An unknown topic may just not have reached the broker; who asks about one that
 * need not be there does better not to wait for it.
 */
export function isRetriable(error: unknown): boolean {
  return error instanceof NetworkError || (error instanceof KafkaError && retriable.has(error.errorName));
}

/**
 * Calls `operation` until it resolves, fails for good, or `default.api.timeout.ms` is over.
 *
 * @param failed is told of every failure that is followed by another try
 */
export async function retrying<T>(
  config: ClientConfig,
  operation: () => Promise<T>,
  mayPass: (error: unknown) => boolean,
  failed: (error: unknown) => void,
): Promise<T> {
  const deadline = performance.now() + config.apiTimeoutMs;
  for (let backoff = config.retryBackoffMs; ; backoff = Math.min(backoff * 2, config.retryBackoffMaxMs)) {
    try {
      return await operation();
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (performance.now() + backoff >= deadline) throw timedOut(config, error);
      failed(error);
    }
    await new Promise((resolve) => setTimeout(resolve, backoff));
  }
}

/** An answer of the broker's is told as it is; silence is told with the time that was waited. */
function timedOut(config: ClientConfig, error: unknown): unknown {
  if (!(error instanceof NetworkError)) return error;
  return new TimeoutError(`Timed out after ${config.apiTimeoutMs} ms: ${error.message}`);
}
