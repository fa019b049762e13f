/**
 * Files that tools are given.
 */
import { readFileSync } from "node:fs";
import { ToolFailure } from "./failure.ts";

/** The text of a file. Throws ToolFailure when it can't be read. */
export function textOfFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ToolFailure(`${path} can't be read: ${error instanceof Error ? error.message : error}`);
  }
}
