/**
 * The time that a client gives the controller for a change of topics.
 */
import { KafkaError } from "../protocol/errors.ts";

/**
 * Refuses a request that leaves no time at all, as Kafka's controller does: a change that is made is made at once
 * here, so that any time is enough.
 *
 * @throws KafkaError REQUEST_TIMED_OUT
 */
export function checkTimeLeft(timeoutMs: number): void {
  if (timeoutMs <= 0) throw new KafkaError("REQUEST_TIMED_OUT", "");
}
