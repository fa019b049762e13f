/**
 * What compaction leaves of a batch: some of its records, or none. Offsets, sequence numbers and everything else that
 * the header tells of the batch's place stay as they were; the delete horizon (KIP-534) is put in where asked for.
 *
 * Times that are written again are bigints here: they must not have been rounded.
 */
import {
  attributes,
  CRC_START,
  compressionType,
  DELETE_HORIZON_FLAG,
  exactBaseTimestamp,
  HEADER_SIZE,
  setAttributes,
  setBaseTimestamp,
  setCrc,
  setMaxTimestamp,
  setRecordCount,
  setSizeInBytes,
  timestampType,
} from "./batch-header.ts";
import { crc32c } from "./crc32c.ts";
import { VarintReader, varintSize, writeVarint } from "./varint.ts";

/** Bytes of a record's own attributes. */
const RECORD_ATTRIBUTES_SIZE = 1;
const MAX_VARLONG_SIZE = 10;
/** A number that a varlong was read into is the very one below it. */
const EXACT_VARLONG = 2 ** 52;

/** Records of the batch at `at`, as they lie in its decompressed bytes. At least one. */
export interface RetainedRecords {
  readonly buffer: Buffer;
  readonly at: number;
  readonly bytes: Buffer;
  /** Where pieces of whole records begin and end: start, end, start, end, … */
  readonly pieces: readonly number[];
  readonly count: number;
}

/**
 * The bytes of the records, one behind the other.
 *
 * @param deleteHorizonMs null, or the time that timestamps count from in the new batch
 */
export function joinRecords(records: RetainedRecords, deleteHorizonMs: number | null): Buffer {
  if (deleteHorizonMs !== null) return shifted(records, BigInt(deleteHorizonMs));
  const joined = Buffer.allocUnsafe(sizeOf(records));
  copyPieces(records, joined, 0);
  return joined;
}

function shifted(records: RetainedRecords, base: bigint): Buffer {
  const shift = exactBaseTimestamp(records.buffer, records.at) - base;
  const varlong = Buffer.alloc(MAX_VARLONG_SIZE);
  const parts: Buffer[] = [];
  walk(records, (reader, end, recordAttributes) => {
    const varlongSize = writeVarlong(varlong, readVarlong(reader) + shift);
    const size = RECORD_ATTRIBUTES_SIZE + varlongSize + end - reader.position;
    const record = Buffer.allocUnsafe(varintSize(size) + size);
    let at = writeVarint(record, 0, size);
    record[at++] = recordAttributes;
    at += varlong.copy(record, at, 0, varlongSize);
    records.bytes.copy(record, at, reader.position, end);
    parts.push(record);
  });
  return Buffer.concat(parts);
}

/** Where batches are written, one behind the other. */
export interface BatchTarget {
  /** Makes room behind what was written before; returns where in `buffer` it begins. */
  reserve(size: number): number;
  /** Another one after each `reserve`. */
  readonly buffer: Buffer;
}

/**
 * Writes a batch like the one that the records are from, which holds only them.
 *
 * @param stored what is to be stored of them: what `joinRecords` returned, compressed; null for the pieces as they lie
 */
export function writeRetainedBatch(
  records: RetainedRecords,
  stored: Uint8Array | null,
  deleteHorizonMs: number | null,
  target: BatchTarget,
): void {
  const size = HEADER_SIZE + (stored?.length ?? sizeOf(records));
  const at = target.reserve(size);
  const batch = target.buffer;
  records.buffer.copy(batch, at, records.at, records.at + HEADER_SIZE);
  if (stored === null) copyPieces(records, batch, at + HEADER_SIZE);
  else batch.set(stored, at + HEADER_SIZE);
  setSizeInBytes(batch, at, size);
  setRecordCount(batch, at, records.count);
  if (timestampType(attributes(batch, at)) === "CreateTime") setMaxTimestamp(batch, at, latest(records));
  if (deleteHorizonMs !== null) {
    setBaseTimestamp(batch, at, BigInt(deleteHorizonMs));
    setAttributes(batch, at, attributes(batch, at) | DELETE_HORIZON_FLAG);
  }
  setCrc(batch, at, crc32c(batch, at + CRC_START, at + size));
}

/** Writes the header of the batch at `at` and nothing more: it keeps offsets and what is known of its producer. */
export function writeEmptiedBatch(buffer: Buffer, at: number, target: BatchTarget): void {
  const to = target.reserve(HEADER_SIZE);
  const batch = target.buffer;
  buffer.copy(batch, to, at, at + HEADER_SIZE);
  const kept = attributes(batch, to);
  setAttributes(batch, to, (kept - compressionType(kept)) & ~DELETE_HORIZON_FLAG);
  setSizeInBytes(batch, to, HEADER_SIZE);
  setRecordCount(batch, to, 0);
  setBaseTimestamp(batch, to, -1n);
  setCrc(batch, to, crc32c(batch, to + CRC_START, to + HEADER_SIZE));
}

function sizeOf({ pieces }: RetainedRecords): number {
  let size = 0;
  for (let index = 0; index < pieces.length; index += 2)
    size += (pieces[index + 1] ?? 0) - (pieces[index] ?? 0);
  return size;
}

function copyPieces({ bytes, pieces }: RetainedRecords, target: Buffer, from: number): void {
  let at = from;
  for (let index = 0; index < pieces.length; index += 2) {
    at += bytes.copy(target, at, pieces[index], pieces[index + 1]);
  }
}

function latest(records: RetainedRecords): bigint {
  let latestDelta = Number.NEGATIVE_INFINITY;
  walk(records, (reader) => {
    latestDelta = Math.max(latestDelta, reader.varlong());
  });
  const delta = Math.abs(latestDelta) < EXACT_VARLONG ? BigInt(latestDelta) : exactLatestDelta(records);
  return exactBaseTimestamp(records.buffer, records.at) + delta;
}

function exactLatestDelta(records: RetainedRecords): bigint {
  let latestDelta: bigint | undefined;
  walk(records, (reader) => {
    const delta = readVarlong(reader);
    if (latestDelta === undefined || delta > latestDelta) latestDelta = delta;
  });
  return latestDelta ?? 0n;
}

/** Shows every record to `visit`: the reader stands at the record's timestamp. */
function walk(
  { bytes, pieces }: RetainedRecords,
  visit: (reader: VarintReader, end: number, recordAttributes: number) => void,
): void {
  const reader = new VarintReader(bytes, 0, bytes.length);
  for (let index = 0; index < pieces.length; index += 2) {
    reader.position = pieces[index] ?? 0;
    while (reader.position < (pieces[index + 1] ?? 0)) {
      const end = reader.varint() + reader.position;
      visit(reader, end, reader.byte());
      reader.position = end;
    }
  }
}

function readVarlong(reader: VarintReader): bigint {
  let zigzag = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = reader.byte();
    zigzag |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return (zigzag >> 1n) ^ -(zigzag & 1n);
  }
}

/** Writes it at the beginning, and returns its size. */
function writeVarlong(target: Buffer, value: bigint): number {
  let zigzag = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  let size = 0;
  for (; zigzag >= 0x80n; zigzag >>= 7n) target[size++] = Number(zigzag & 0x7fn) | 0x80;
  target[size++] = Number(zigzag);
  return size;
}
