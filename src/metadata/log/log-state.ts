/**
 * What reading a metadata log finds out besides the image: where the log ends and who has led it.
 */
import type { MetadataRecord } from "../records.ts";
import type { Voters } from "./control-records.ts";

/** An epoch of leadership, and the offset at which it began. */
export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

/** The segment that is written to. */
export interface OpenSegment {
  readonly path: string;
  readonly baseOffset: number;
  /** Bytes of whole batches. */
  readonly sizeInBytes: number;
  /** Bytes behind them, of a write that did not come to its end. */
  readonly cutShortBytes: number;
  /** When its first batch was written, in milliseconds since 1970; null when it has none. */
  readonly beganAt: number | null;
}

export interface LogState {
  /** Where the next record goes. */
  endOffset: number;
  /** The last segment; null when there is none, or when a snapshot reaches beyond it. */
  segment: OpenSegment | null;
  /** Those that began in what was read, in their order. */
  readonly epochs: EpochStart[];
  /** The epoch of the newest snapshot; 0 for none. */
  snapshotEpoch: number;
  /** The level of kraft.version: with 1 the log says who the voters are. */
  kraftVersion: number;
  voters: Voters;
  /** The voters' node ids, by the voters' record or else by the last leader; empty when nothing says. */
  voterIds: readonly number[];
  /** Whether the log itself, and not only a snapshot at its beginning, says who the voters are. */
  votersInLog: boolean;
  /** Bytes of log that no snapshot holds. */
  bytesSinceSnapshot: number;
  /** What `kafka-storage.sh format` left for the log to begin with. */
  readonly bootstrapRecords: MetadataRecord[];
}

/** Of a log that is not there yet. */
export function emptyLogState(): LogState {
  return {
    endOffset: 0,
    segment: null,
    epochs: [],
    snapshotEpoch: 0,
    kraftVersion: 0,
    voters: [],
    voterIds: [],
    votersInLog: false,
    bytesSinceSnapshot: 0,
    bootstrapRecords: [],
  };
}

/** The last epoch that anything was written in; 0 for none. */
export function lastEpoch({ epochs, snapshotEpoch }: LogState): number {
  return Math.max(epochs.at(-1)?.epoch ?? 0, snapshotEpoch);
}
