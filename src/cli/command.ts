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

/** By which name a command was called. */
export interface Call {
  /** As it was written: `houska topics` or `kafka-topics`. */
  readonly name: string;
  /** Our own name, and not that of Kafka's tool. */
  readonly friendly: boolean;
}

export interface Command {
  /** How it is used, under our own name. */
  readonly usage: string;
  /** It answers `--help` itself. */
  readonly readsHelp?: boolean;
  /** The names of its options, of each of its actions; "" where it has no actions. */
  readonly optionNames?: Readonly<Record<string, readonly string[]>>;
  /**
   * Runs it. Returns the exit code: 0 when all is well, 1 when it isn't.
   *
   * @throws WrongUse
   */
  run(words: readonly string[], output: Output, call: Call): Promise<number>;
}

/** A command in the table: its file is loaded when it is run. */
export interface CommandEntry {
  /** Its name behind `houska`. */
  readonly name: string;
  /** What Kafka calls the same tool, without `.sh`: the executable answers to that name, too. */
  readonly kafkaName?: string;
  /** One line for `houska --help`. */
  readonly summary: string;
  load(): Promise<Command>;
  /** What Kafka's name of it stands for, where that isn't the same. */
  loadKafka?(): Promise<Command>;
}
