/**
 * Runs a command of the executable in this process, and keeps what it prints.
 */

import type { Output } from "../../src/cli/output.ts";
import { run } from "../../src/cli/run.ts";

export class KeptOutput implements Output {
  readonly lines: string[] = [];
  readonly complaints: string[] = [];
  line(text: string): void {
    this.lines.push(...text.split("\n"));
  }
  complain(text: string): void {
    this.complaints.push(text);
  }
  async bytes(bytes: Uint8Array): Promise<void> {
    this.line(Buffer.from(bytes).toString().replace(/\n$/, ""));
  }
  flush(): void {}
}

export interface CommandRun {
  readonly code: number;
  readonly lines: readonly string[];
  /** What went to standard error, with line ends in between. */
  readonly complaint: string;
}

/** Runs `houska` with these words. */
export async function runCommand(...words: readonly string[]): Promise<CommandRun> {
  const output = new KeptOutput();
  const code = await run(words, output);
  return { code, lines: output.lines, complaint: output.complaints.join("\n") };
}
