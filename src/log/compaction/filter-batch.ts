/**
 * What compaction does to one batch: leaves it as it is, drops it, or writes it anew with some of its records. The rules
 * are those of Kafka 4.4's cleaner.
 */
import * as header from "../../records/batch-header.ts";
import { CompressionType } from "../../records/compression/codec.ts";
import { compressOutOfTheWay } from "../../records/compression/out-of-the-way.ts";
import { RecordCursor } from "../../records/record-cursor.ts";
import {
  joinRecords,
  type RetainedRecords,
  writeEmptiedBatch,
  writeRetainedBatch,
} from "../../records/retained-batch.ts";
import type { ProducerState } from "../producer-state.ts";
import type { CleanedBytes } from "./cleaned-bytes.ts";
import type { CleanedTransactions } from "./cleaned-transactions.ts";
import type { OffsetMap } from "./offset-map.ts";

/** What stays the same while a log is cleaned. */
export interface Round {
  readonly map: OffsetMap;
  readonly transactions: CleanedTransactions;
  readonly producers: ProducerState;
  /** A batch that ends here is kept, empty if need be: else the log's end could be lost. */
  readonly highWatermark: number;
  readonly nowMs: number;
  /** `delete.retention.ms` */
  readonly deleteRetentionMs: number;
  readonly maxDecompressedBytes: number;
  /** Takes what is to be written. */
  readonly output: CleanedBytes;
  /** Records without a key that were met: they don't belong into a compacted topic, and go. */
  keyless: number;
  recordsRead: number;
  recordsKept: number;
}

/**
 * Puts into the round's output what is to be written of the batch at `at`, which lies whole in the buffer. Where that
 * isn't done at once, nothing may be touched until the promise resolves.
 */
export function filterBatch(buffer: Buffer, at: number, round: Round): undefined | Promise<void> {
  const attributes = header.attributes(buffer, at);
  const isControl = header.isControl(attributes);
  const mayGo = isControl
    ? round.transactions.meetControlBatch(buffer, at)
    : round.transactions.meetBatch(buffer, at);
  const isDiscarded = mayGo && (!isControl || horizonIsPast(buffer, at, round));
  const isKeptEmpty =
    holdsLastOfProducer(buffer, at, round) || header.nextOffset(buffer, at) === round.highWatermark;
  const kept = isDiscarded ? null : keptRecords(buffer, at, round, isControl);
  if (kept === null || kept.count === 0) {
    if (isKeptEmpty) writeEmptiedBatch(buffer, at, round.output);
    return undefined;
  }
  const needsHorizon =
    (kept.hasTombstones || (mayGo && isControl)) && !header.hasDeleteHorizon(header.attributes(buffer, at));
  if (kept.isWhole && !needsHorizon) {
    round.output.add(buffer, at, at + header.sizeInBytes(buffer, at));
    return undefined;
  }
  return rewrite(kept, needsHorizon ? round.nowMs + round.deleteRetentionMs : null, round.output);
}

function horizonIsPast(buffer: Buffer, at: number, { nowMs }: Round): boolean {
  return header.hasDeleteHorizon(header.attributes(buffer, at)) && header.baseTimestamp(buffer, at) <= nowMs;
}

/**
 * Whether the batch has to stay so that what is known of its producer can be learnt from the log: it holds the last
 * sequence number of a producer that is remembered, or the marker with its last epoch where there is no such batch.
 */
function holdsLastOfProducer(buffer: Buffer, at: number, { producers }: Round): boolean {
  if (!header.hasProducerId(buffer, at)) return false;
  const entry = producers.find(header.producerId(buffer, at));
  if (!entry) return false;
  if (entry.lastOffset >= 0) return header.lastOffset(buffer, at) === entry.lastOffset;
  return header.isControl(header.attributes(buffer, at)) && header.producerEpoch(buffer, at) === entry.epoch;
}

interface KeptRecords extends RetainedRecords {
  readonly pieces: number[];
  count: number;
  isWhole: boolean;
  hasTombstones: boolean;
}

function keptRecords(buffer: Buffer, at: number, round: Round, isControl: boolean): KeptRecords {
  const cursor = new RecordCursor(buffer, at, round.maxDecompressedBytes);
  const { bytes } = cursor;
  const kept: KeptRecords = { buffer, at, bytes, pieces: [], count: 0, isWhole: true, hasTombstones: false };
  const keepsTombstones = !horizonIsPast(buffer, at, round);
  while (cursor.next()) {
    round.recordsRead++;
    if (isControl || stays(cursor, round, keepsTombstones)) keep(kept, cursor);
    else kept.isWhole = false;
  }
  round.recordsKept += kept.count;
  return kept;
}

/** Whether a record stays: no later one has its key, and it is no tombstone whose time has come. */
function stays(cursor: RecordCursor, round: Round, keepsTombstones: boolean): boolean {
  const { offset, keySize, keyStart } = cursor;
  if (offset > round.map.latestOffset) return true;
  if (keySize < 0) {
    round.keyless++;
    return false;
  }
  if (cursor.valueSize < 0 && !keepsTombstones) return false;
  return offset >= round.map.get(cursor.bytes, keyStart, keyStart + keySize);
}

function keep(kept: KeptRecords, { start, end, valueSize }: RecordCursor): void {
  const { pieces } = kept;
  if (pieces.length > 0 && pieces.at(-1) === start) pieces[pieces.length - 1] = end;
  else pieces.push(start, end);
  kept.count++;
  if (valueSize < 0) kept.hasTombstones = true;
}

function rewrite(
  kept: KeptRecords,
  deleteHorizonMs: number | null,
  output: CleanedBytes,
): undefined | Promise<void> {
  const type = header.compressionType(header.attributes(kept.buffer, kept.at)) as CompressionType;
  const isAsItLies = type === CompressionType.none && deleteHorizonMs === null;
  const stored = isAsItLies ? null : compressOutOfTheWay(type, joinRecords(kept, deleteHorizonMs));
  if (stored instanceof Promise) {
    return stored.then((bytes) => writeRetainedBatch(kept, bytes, deleteHorizonMs, output));
  }
  writeRetainedBatch(kept, stored, deleteHorizonMs, output);
  return undefined;
}
