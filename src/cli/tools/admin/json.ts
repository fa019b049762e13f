/**
 * Reads the JSON files that tools take, with words for what is wrong in them.
 */
import { ToolFailure } from "../../tool/failure.ts";

/** @throws ToolFailure when the text is no JSON */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ToolFailure(`${what} is not a valid JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** @throws ToolFailure */
export function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new ToolFailure(`${what} should be a JSON object`);
}

/** @throws ToolFailure */
export function arrayOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ToolFailure(`${what} should be a JSON array`);
}

/** @throws ToolFailure */
export function stringOf(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw new ToolFailure(`${what} should be a string`);
}

/** @throws ToolFailure */
export function integerOf(value: unknown, what: string): number {
  if (Number.isSafeInteger(value)) return Number(value);
  throw new ToolFailure(`${what} should be an integer`);
}
