/** Builds record batches of format version 2, byte for byte as Kafka's clients and brokers do. */
import {
  CONTROL_FLAG,
  CRC_START,
  HEADER_SIZE,
  LOG_APPEND_TIME_FLAG,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  setCrc,
  TRANSACTIONAL_FLAG,
  writeHeader,
} from "./batch-header.ts";
import { CompressionType, compress } from "./compression/codec.ts";
import { crc32c } from "./crc32c.ts";
import { varintSize, varlongSize, writeVarint, writeVarlong } from "./varint.ts";

/** A record to be written. */
export interface NewRecord {
  /** Milliseconds since 1970. */
  timestamp: number;
  key: Uint8Array | null;
  value: Uint8Array | null;
  headers?: readonly { key: string; value: Uint8Array | null }[];
}

/** What a batch is built from. */
export interface NewBatch {
  /** The offset of the first record; the others follow without a gap. */
  baseOffset: number;
  /** −1 where a producer builds the batch. */
  partitionLeaderEpoch: number;
  producerId?: bigint;
  producerEpoch?: number;
  baseSequence?: number;
  transactional?: boolean;
  control?: boolean;
  compression?: CompressionType;
  /** In the compression's own scale; its default where missing. */
  compressionLevel?: number;
  /** With LogAppendTime the caller gives every record the time of the append. */
  timestampType?: "CreateTime" | "LogAppendTime";
  /** At least one. */
  records: readonly NewRecord[];
}

/** A whole batch with its CRC. Throws RangeError without records, INVALID_RECORD for timestamps beyond ±2^52. */
export function buildBatch(batch: NewBatch): Buffer {
  const [first] = batch.records;
  if (!first) throw new RangeError("A batch needs a record.");
  const compression = batch.compression ?? CompressionType.none;
  const plain = encodeRecords(
    batch.records,
    first.timestamp,
    compression === CompressionType.none ? HEADER_SIZE : 0,
  );
  const buffer =
    compression === CompressionType.none
      ? plain
      : behindHeader(compress(compression, plain, batch.compressionLevel));
  writeHeader(buffer, 0, {
    baseOffset: batch.baseOffset,
    sizeInBytes: buffer.length,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    attributes: attributesOf(batch, compression),
    lastOffsetDelta: batch.records.length - 1,
    baseTimestamp: first.timestamp,
    maxTimestamp: batch.records.reduce((max, record) => Math.max(max, record.timestamp), first.timestamp),
    producerId: batch.producerId ?? NO_PRODUCER_ID,
    producerEpoch: batch.producerEpoch ?? NO_PRODUCER_EPOCH,
    baseSequence: batch.baseSequence ?? NO_SEQUENCE,
    recordCount: batch.records.length,
  });
  setCrc(buffer, 0, crc32c(buffer, CRC_START));
  return buffer;
}

function attributesOf(batch: NewBatch, compression: CompressionType): number {
  return (
    compression |
    (batch.timestampType === "LogAppendTime" ? LOG_APPEND_TIME_FLAG : 0) |
    (batch.transactional ? TRANSACTIONAL_FLAG : 0) |
    (batch.control ? CONTROL_FLAG : 0)
  );
}

function behindHeader(records: Uint8Array): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_SIZE + records.length);
  buffer.set(records, HEADER_SIZE);
  return buffer;
}

/** The records, behind `reserved` bytes that the caller fills. */
function encodeRecords(records: readonly NewRecord[], baseTimestamp: number, reserved: number): Buffer {
  const sizes = records.map((record, index) => bodySize(record, record.timestamp - baseTimestamp, index));
  const total = sizes.reduce((sum, size) => sum + varintSize(size) + size, reserved);
  const buffer = Buffer.allocUnsafe(total);
  let position = reserved;
  records.forEach((record, index) => {
    position = writeVarint(buffer, position, sizes[index] ?? 0);
    position = writeBody(buffer, position, record, record.timestamp - baseTimestamp, index);
  });
  return buffer;
}

/** Bytes of a record behind its length, where the deltas are those to the batch's first record. */
export function bodySize(record: NewRecord, timestampDelta: number, offsetDelta: number): number {
  const headers = record.headers ?? [];
  let size = 1 + varlongSize(timestampDelta) + varintSize(offsetDelta);
  size += bytesSize(record.key) + bytesSize(record.value) + varintSize(headers.length);
  for (const { key, value } of headers) {
    const keySize = Buffer.byteLength(key);
    size += varintSize(keySize) + keySize + bytesSize(value);
  }
  return size;
}

function bytesSize(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : varintSize(bytes.length) + bytes.length;
}

/** Writes a record behind its length; returns the position after it. */
export function writeBody(
  buffer: Buffer,
  at: number,
  record: NewRecord,
  timestampDelta: number,
  offsetDelta: number,
): number {
  const headers = record.headers ?? [];
  buffer[at] = 0; // Attributes of a record: none are in use.
  let position = writeVarlong(buffer, at + 1, timestampDelta);
  position = writeVarint(buffer, position, offsetDelta);
  position = writeBytes(buffer, position, record.key);
  position = writeBytes(buffer, position, record.value);
  position = writeVarint(buffer, position, headers.length);
  for (const { key, value } of headers) {
    position = writeVarint(buffer, position, Buffer.byteLength(key));
    position += buffer.write(key, position);
    position = writeBytes(buffer, position, value);
  }
  return position;
}

function writeBytes(buffer: Buffer, at: number, bytes: Uint8Array | null): number {
  if (bytes === null) return writeVarint(buffer, at, -1);
  const position = writeVarint(buffer, at, bytes.length);
  buffer.set(bytes, position);
  return position + bytes.length;
}
