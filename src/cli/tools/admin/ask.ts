/**
 * Asking a cluster about what is there: a topic that isn't will not come by waiting.
 */
import type { KafkaClient } from "../../../client/client.ts";
import { isRetriable } from "../../../client/retry.ts";
import { KafkaError } from "../../../protocol/errors.ts";

/** Calls `operation` again while its error may pass, as `client.retry` does; unknown topics are final. */
export function ask<T>(client: KafkaClient, operation: () => Promise<T>): Promise<T> {
  return client.retry(operation, mayPass);
}

/** Whether another try may help. */
export function mayPass(error: unknown): boolean {
  return isRetriable(error) && !(error instanceof KafkaError && /^UNKNOWN_TOPIC_/.test(error.errorName));
}
