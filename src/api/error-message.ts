/**
 * The words for an error's code, in the APIs that have a place for them.
 */
import type { KafkaError } from "../protocol/errors.ts";

/** The error's own words; null without an error, and where the code says all. */
export function errorMessage(error: KafkaError | undefined): string | null {
  return error === undefined || error.message === "" ? null : error.message;
}
