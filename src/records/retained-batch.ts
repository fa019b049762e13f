/**
 * What compaction leaves of a batch: some of its records, or none. Offsets, sequence numbers and everything else that
 * the header tells of the batch's place stay as they were; the delete horizon (KIP-534) is put in where asked for.
 *
 * Times are bigints here: they are written again, and must not have been rounded.
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
  const { bytes, pieces } = records;
  const parts: Buffer[] = [];
  for (let index = 0; index < pieces.length; index += 2) {
    parts.push(bytes.subarray(pieces[index], pieces[index + 1]));
  }
  return Buffer.concat(parts);
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

/** A batch like the one that the records are from, which holds only them: `compressed` is what `joinRecords` made of them. */
export function retainedBatch(
  records: RetainedRecords,
  compressed: Uint8Array,
  deleteHorizonMs: number | null,
): Buffer {
  const { buffer, at, count } = records;
  const batch = Buffer.allocUnsafe(HEADER_SIZE + compressed.length);
  buffer.copy(batch, 0, at, at + HEADER_SIZE);
  batch.set(compressed, HEADER_SIZE);
  setSizeInBytes(batch, 0, batch.length);
  setRecordCount(batch, 0, count);
  if (timestampType(attributes(batch, 0)) === "CreateTime") setMaxTimestamp(batch, 0, latest(records));
  if (deleteHorizonMs !== null) {
    setBaseTimestamp(batch, 0, BigInt(deleteHorizonMs));
    setAttributes(batch, 0, attributes(batch, 0) | DELETE_HORIZON_FLAG);
  }
  setCrc(batch, 0, crc32c(batch, CRC_START));
  return batch;
}

function latest(records: RetainedRecords): bigint {
  let latestDelta: bigint | undefined;
  walk(records, (reader) => {
    const delta = readVarlong(reader);
    if (latestDelta === undefined || delta > latestDelta) latestDelta = delta;
  });
  return exactBaseTimestamp(records.buffer, records.at) + (latestDelta ?? 0n);
}

/** The header of the batch at `at` and nothing more: it keeps offsets and what is known of its producer. */
export function emptiedBatch(buffer: Buffer, at: number): Buffer {
  const batch = Buffer.allocUnsafe(HEADER_SIZE);
  buffer.copy(batch, 0, at, at + HEADER_SIZE);
  const kept = attributes(batch, 0);
  setAttributes(batch, 0, (kept - compressionType(kept)) & ~DELETE_HORIZON_FLAG);
  setSizeInBytes(batch, 0, HEADER_SIZE);
  setRecordCount(batch, 0, 0);
  setBaseTimestamp(batch, 0, -1n);
  setCrc(batch, 0, crc32c(batch, CRC_START));
  return batch;
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
