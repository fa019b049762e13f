/**
 * What coordinators answer with: a request is turned into records and a reply, and only replaying the records
 * changes the state (soft state that never enters the log aside).
 */
import type { KafkaError } from "../protocol/errors.ts";

/** What a request, or a timer, does to a coordinator's state machine. */
export interface Outcome<Record, Reply> {
  /** For the coordinator's log, written as one batch: all of them or none. */
  readonly records: readonly Record[];
  /** True where the records say nothing together, and may be written as several batches: tombstones by the thousand. */
  readonly divisible?: boolean;
  /** A promise where others have to come first (a join waits for its group). It may reject with KafkaError. */
  readonly reply: Reply | Promise<Reply>;
  /**
   * Runs after the records are in the log and replayed, before the reply leaves; with the error when they couldn't be
   * written, and then none has been replayed. For answering others who wait, for timers, for taking soft state back.
   */
  readonly afterwards?: (failure?: KafkaError) => void;
}

/** An outcome that writes nothing. */
export function answer<Record, Reply>(reply: Reply | Promise<Reply>): Outcome<Record, Reply> {
  return { records: [], reply };
}

/** An outcome of records whose reply is known at once. */
export function write<Record, Reply>(records: readonly Record[], reply: Reply): Outcome<Record, Reply> {
  return { records, reply };
}
