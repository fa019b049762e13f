/**
 * From an error code in an answer to an error that is thrown.
 */
import { errorName, KafkaError } from "../protocol/errors.ts";
import { exceptionOf } from "./exceptions.ts";

/** The error that a broker answered with, null where it answered with none. */
export function serverError(code: number, message?: string | null): KafkaError | null {
  if (code === 0) return null;
  const name = errorName(code);
  return new KafkaError(name, message || (name === "NONE" ? "" : exceptionOf(name).text));
}

/** Throws the error that a broker answered with, if there is one. */
export function checkError(code: number, message?: string | null): void {
  const error = serverError(code, message);
  if (error !== null) throw error;
}

/** An error as Java prints it: `org.apache.kafka.common.errors.NotControllerException: This is not…`. */
export function javaText(error: KafkaError): string {
  const name = error.errorName === "NONE" ? "KafkaException" : exceptionOf(error.errorName).name;
  return `org.apache.kafka.common.errors.${name}: ${error.message}`;
}
