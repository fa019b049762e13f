/**
 * Errors that a tool tells in a sentence: what went wrong with the request, not with the tool.
 */
import { javaText } from "../../client/check-error.ts";
import {
  ClientConfigError,
  NetworkError,
  TimeoutError,
  UnsupportedVersionError,
} from "../../client/errors.ts";
import { KafkaError } from "../../protocol/errors.ts";

/** The tool can't do what it was asked for. The message is for the person who asked. */
export class ToolFailure extends Error {
  override readonly name = "ToolFailure";
}

const expected = [
  ToolFailure,
  KafkaError,
  NetworkError,
  TimeoutError,
  UnsupportedVersionError,
  ClientConfigError,
];

/** The error's words, or null where it is a mistake of ours. */
export function failureText(error: unknown): string | null {
  return error instanceof Error && expected.some((type) => error instanceof type) ? error.message : null;
}

/**
 * The error as Java's tools print the cause of a failed future: with the exception's class before a broker's words;
 * null where it is a mistake of ours.
 */
export function failureTextOfJava(error: unknown): string | null {
  return error instanceof KafkaError ? javaText(error) : failureText(error);
}
