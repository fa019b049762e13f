/**
 * What a coordinator keeps for one partition of its topic: a state that follows from that partition's log alone.
 */
import type { KafkaError } from "../protocol/errors.ts";

/** Where a record stands in the log. One object may serve for many records: it is not to be kept. */
export interface RecordPlace {
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
  /** `NO_PRODUCER_ID` (-1n) outside transactions; else the record counts only once the transaction is committed. */
  readonly producerId: bigint;
}

export type TransactionResult = "commit" | "abort";

/** A replayed state machine. */
export interface StateMachine<Record> {
  /**
   * Applies a record that is in the log, be it old or just written. Bytes in `record` are views of a buffer that
   * will be used again: what is kept has to be copied.
   */
  replay(record: Record, place: RecordPlace): void;
  /** A producer's transaction has been ended by a marker in this partition's log. */
  replayTransactionEnd?(producerId: bigint, result: TransactionResult): void;
  /** The whole log has been replayed: the time to set timers. */
  loaded?(nowMs: number): void;
  /** The state is given up: those who wait for it are to be answered with this error. */
  unloaded?(error: KafkaError): void;
}
