/**
 * A command of the executable other than the broker: `houska NAME …`.
 */
import type { Output } from "./output.ts";

/** What a shell takes for a wrong use of a command. */
export const WRONG_USE = 2;

/** The words behind the command's name are not what it takes. The message is for the person who wrote them. */
export class WrongUse extends Error {
  override readonly name = "WrongUse";
}

export interface Command {
  /** How it is used, every line ended. */
  readonly usage: string;
  /**
   * Runs it. Returns the exit code: 0 when all is well, 1 when it isn't.
   *
   * @throws WrongUse
   */
  run(words: readonly string[], output: Output): Promise<number>;
}

/** A command in the table: its file is loaded when it is run. */
export interface CommandEntry {
  readonly name: string;
  /** One line for `houska --help`. */
  readonly summary: string;
  load(): Promise<Command>;
}
