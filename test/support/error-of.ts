/**
 * What Kafka's clients would be told of what is thrown.
 */
import { type ErrorName, KafkaError } from "../../src/protocol/errors.ts";

/** The name of the error that it throws, "NONE" without one. What is no error of Kafka's is thrown on. */
export function errorOf(run: () => unknown): ErrorName | "NONE" {
  try {
    run();
  } catch (error) {
    if (error instanceof KafkaError) return error.errorName;
    throw error;
  }
  return "NONE";
}
