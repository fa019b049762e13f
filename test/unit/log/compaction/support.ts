/**
 * What the tests of compaction share: a log with a compacted topic's configs, records by key, and one run over it.
 */
import type { LogConfig } from "../../../../src/config/topic-config.ts";
import { ChunkReader } from "../../../../src/log/compaction/chunk-reader.ts";
import type { Cleaned } from "../../../../src/log/compaction/clean-log.ts";
import { OffsetMap } from "../../../../src/log/compaction/offset-map.ts";
import { Throttle } from "../../../../src/log/compaction/throttle.ts";
import { Turns } from "../../../../src/log/compaction/turns.ts";
import type { PartitionLog } from "../../../../src/log/partition-log.ts";
import * as header from "../../../../src/records/batch-header.ts";
import { buildBatch, type NewBatch } from "../../../../src/records/builder.ts";
import { batchCrcIsValid } from "../../../../src/records/validate.ts";
import { client, consume, TestClock, temporaryLogs } from "../support.ts";

export const compacted: Partial<LogConfig> = {
  cleanupPolicy: new Set(["compact"] as const),
  segmentBytes: 500,
  indexIntervalBytes: 100,
  deleteRetentionMs: 1000,
  minCleanableDirtyRatio: 0,
};

/** A batch of records `[key, value]`; null for none. Timestamps follow each other from `timestamp` on. */
export function keyed(
  records: readonly (readonly [key: string | null, value: string | null])[],
  { timestamp = 1_700_000_000_000, ...batch }: Partial<NewBatch> & { timestamp?: number } = {},
): Buffer {
  return buildBatch({
    baseOffset: 0,
    partitionLeaderEpoch: -1,
    records: records.map(([key, value], index) => ({
      timestamp: timestamp + index,
      key: key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
    })),
    ...batch,
  });
}

/** What a run may be given. */
interface RunOptions {
  readonly cleanedUpTo?: number;
  /** Keys that there is room for. */
  readonly keys?: number;
  readonly chunkBytes?: number;
  readonly check?: () => void;
}

/** Compacts the log as far as it goes, whether it is worth it or not. */
export function compact(log: PartitionLog, options: RunOptions = {}): Promise<Cleaned> {
  const { cleanedUpTo, keys = 1000, chunkBytes = 300, check = () => undefined } = options;
  return log.clean(log.cleanablePart(cleanedUpTo), {
    map: new OffsetMap(24 * (keys + 1), keys / (keys + 1), 7),
    reader: new ChunkReader(chunkBytes),
    throttle: new Throttle(new TestClock(), () => Number.MAX_VALUE),
    turns: new Turns(),
    check,
  });
}

/** `offset key=value` for each record; a tombstone's value is ∅. */
export function survivors(log: PartitionLog): string[] {
  return consume(log).map(({ offset, key, value }) => `${offset} ${key ?? "∅"}=${value ?? "∅"}`);
}

/** A batch's header, and whether its checksum is right. */
export interface BatchFacts {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly count: number;
  readonly attributes: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly sequence: number;
  readonly isIntact: boolean;
}

/** The batches of the log, markers and empty ones included. */
export function batchesOf(log: PartitionLog): BatchFacts[] {
  return [...log.readBatches()].map(({ buffer, at }) => ({
    baseOffset: header.baseOffset(buffer, at),
    lastOffset: header.lastOffset(buffer, at),
    count: header.recordCount(buffer, at),
    attributes: header.attributes(buffer, at),
    baseTimestamp: header.baseTimestamp(buffer, at),
    maxTimestamp: header.maxTimestamp(buffer, at),
    sequence: header.baseSequence(buffer, at),
    isIntact: batchCrcIsValid(buffer, at),
  }));
}

/** Logs of a compacted topic on the machine's disk, each with a clock of its own. */
export function compactedLogs() {
  const { openLog, removeLogs } = temporaryLogs();
  const open = (configOverrides: Partial<LogConfig> = {}) => {
    const clock = new TestClock();
    return { ...openLog({ clock, configOverrides: { ...compacted, ...configOverrides } }), clock };
  };
  return { open, removeLogs };
}

type Records = Parameters<typeof keyed>[0];

export function write(log: PartitionLog, records: Records, options: Parameters<typeof keyed>[1] = {}): void {
  log.append(keyed(records, options), client);
}

/** Fills the segment that is appended to, so that what was written before can be compacted. */
export function fill(log: PartitionLog): void {
  const before = log.segmentCount;
  while (log.segmentCount === before) write(log, [["filler", "x".repeat(200)]]);
}
