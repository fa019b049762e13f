/**
 * The header of a record batch of format version 2, read and written where it lies: every function takes the buffer
 * and the position at which the batch begins, and allocates nothing (except `producerId`, a bigint).
 *
 * Offsets and timestamps are int64 on the wire and numbers here. An offset beyond ±(2^53 − 2^32) can't be held with a
 * delta added to it without rounding, and no log gets that far: reading one throws CORRUPT_MESSAGE, and
 * `headerIsReadable` says beforehand whether it would. A timestamp is what a client says it is, nanoseconds for
 * instance, so that a batch is not damaged by one: beyond ±2^53 it is read rounded, which only times are compared with.
 *
 * The callers see to it that `HEADER_SIZE` bytes are there (`batchLength` and `magic` need only 12 and 17).
 */
import { KafkaError } from "../protocol/errors.ts";

/** Bytes before the first record. */
export const HEADER_SIZE = 61;
/** Bytes that `batchLength` does not count: base offset and the length itself. */
export const LOG_OVERHEAD = 12;
/** Where the bytes covered by the CRC begin. */
export const CRC_START = 21;
/** The batch format that Kafka has written since 0.11. */
export const MAGIC_V2 = 2;
/** What `producerId`, `producerEpoch` and `baseSequence` hold when the producer is not idempotent. */
export const NO_PRODUCER_ID = -1n;
export const NO_PRODUCER_EPOCH = -1;
export const NO_SEQUENCE = -1;
/** What a record without a timestamp holds. */
export const NO_TIMESTAMP = -1;

const BASE_OFFSET_AT = 0;
const BATCH_LENGTH_AT = 8;
const PARTITION_LEADER_EPOCH_AT = 12;
const MAGIC_AT = 16;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;
const BASE_TIMESTAMP_AT = 27;
const MAX_TIMESTAMP_AT = 35;
const PRODUCER_ID_AT = 43;
const PRODUCER_EPOCH_AT = 51;
const BASE_SEQUENCE_AT = 53;
const RECORD_COUNT_AT = 57;

const COMPRESSION_MASK = 0x07;
export const LOG_APPEND_TIME_FLAG = 0x08;
export const TRANSACTIONAL_FLAG = 0x10;
export const CONTROL_FLAG = 0x20;
export const DELETE_HORIZON_FLAG = 0x40;

const TWO_POW_32 = 0x100000000;
/** High words from −HIGH_LIMIT up to but not including HIGH_LIMIT stay exact with any int32 added. */
const HIGH_LIMIT = 0x1fffff;
/** The largest number that is still an int64. */
const LARGEST_INT64 = 2 ** 63 - 1024;

function unreadable(field: string): never {
  throw new KafkaError("CORRUPT_MESSAGE", `The ${field} of a record batch is beyond ±(2^53 - 2^32).`);
}

function int64IsReadable(buffer: Buffer, at: number): boolean {
  const high = buffer.readInt32BE(at);
  return high >= -HIGH_LIMIT && high < HIGH_LIMIT;
}

function readOffset(buffer: Buffer, at: number): number {
  const high = buffer.readInt32BE(at);
  if (high < -HIGH_LIMIT || high >= HIGH_LIMIT) unreadable("base offset");
  return high * TWO_POW_32 + buffer.readUInt32BE(at + 4);
}

function readTimestamp(buffer: Buffer, at: number): number {
  return inInt64(buffer.readInt32BE(at) * TWO_POW_32 + buffer.readUInt32BE(at + 4));
}

/** The nearest number to a rounded timestamp that an int64 field can hold. */
export function inInt64(timestampMs: number): number {
  return Math.max(-(2 ** 63), Math.min(timestampMs, LARGEST_INT64));
}

function writeInt64(buffer: Buffer, at: number, value: number, field: string): void {
  const high = Math.floor(value / TWO_POW_32);
  if (!Number.isInteger(value) || high < -HIGH_LIMIT || high >= HIGH_LIMIT) unreadable(field);
  buffer.writeInt32BE(high, at);
  buffer.writeUInt32BE(value >>> 0, at + 4);
}

/** Whether the base offset can be held as a number; if so, no reader here throws. */
export function headerIsReadable(buffer: Buffer, at: number): boolean {
  return int64IsReadable(buffer, at + BASE_OFFSET_AT);
}

/** The offset of the first record the batch was written with; throws CORRUPT_MESSAGE beyond ±(2^53 − 2^32). */
export function baseOffset(buffer: Buffer, at: number): number {
  return readOffset(buffer, at + BASE_OFFSET_AT);
}

/** Bytes after the length field itself; a hostile one may be anything of an int32. */
export function batchLength(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at + BATCH_LENGTH_AT);
}

/** Bytes of the whole batch, header included: `batchLength` + 12. */
export function sizeInBytes(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at + BATCH_LENGTH_AT) + LOG_OVERHEAD;
}

/** The leader's epoch at the append, −1 in what a producer sends. */
export function partitionLeaderEpoch(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at + PARTITION_LEADER_EPOCH_AT);
}

/** The format version; everything else in this file holds for 2 only, except base offset and length. */
export function magic(buffer: Buffer, at: number): number {
  return buffer.readInt8(at + MAGIC_AT);
}

/** The stored CRC32C of the bytes from `CRC_START` on, unsigned. */
export function crc(buffer: Buffer, at: number): number {
  return buffer.readUInt32BE(at + CRC_AT);
}

/** The attribute bits, to be given to `compressionType`, `isTransactional` and the others below. */
export function attributes(buffer: Buffer, at: number): number {
  return buffer.readInt16BE(at + ATTRIBUTES_AT);
}

/** Last offset minus base offset; unlike the record count, compaction leaves it as it was. */
export function lastOffsetDelta(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at + LAST_OFFSET_DELTA_AT);
}

/** Milliseconds that the records' deltas are relative to (the delete horizon, if the attributes say so: KIP-534). Rounded beyond ±2^53. */
export function baseTimestamp(buffer: Buffer, at: number): number {
  return readTimestamp(buffer, at + BASE_TIMESTAMP_AT);
}

/** The base timestamp as it is, for who writes it again. */
export function exactBaseTimestamp(buffer: Buffer, at: number): bigint {
  return buffer.readBigInt64BE(at + BASE_TIMESTAMP_AT);
}

/** Milliseconds, the largest timestamp of the records, or the time of the append with LogAppendTime. Rounded beyond ±2^53. */
export function maxTimestamp(buffer: Buffer, at: number): number {
  return readTimestamp(buffer, at + MAX_TIMESTAMP_AT);
}

/** The idempotent producer's id, or `NO_PRODUCER_ID`. */
export function producerId(buffer: Buffer, at: number): bigint {
  return buffer.readBigInt64BE(at + PRODUCER_ID_AT);
}

/** Whether the batch is an idempotent producer's: a producer id that is not negative (allocates no bigint). */
export function hasProducerId(buffer: Buffer, at: number): boolean {
  return buffer.readInt32BE(at + PRODUCER_ID_AT) >= 0;
}

/** The producer's epoch, or `NO_PRODUCER_EPOCH`. */
export function producerEpoch(buffer: Buffer, at: number): number {
  return buffer.readInt16BE(at + PRODUCER_EPOCH_AT);
}

/** The sequence number of the first record, or `NO_SEQUENCE`. */
export function baseSequence(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at + BASE_SEQUENCE_AT);
}

/** How many records the batch claims to hold; 0 is possible after compaction. */
export function recordCount(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at + RECORD_COUNT_AT);
}

/** The offset of the last record. */
export function lastOffset(buffer: Buffer, at: number): number {
  return baseOffset(buffer, at) + lastOffsetDelta(buffer, at);
}

/** The offset after the last record. */
export function nextOffset(buffer: Buffer, at: number): number {
  return lastOffset(buffer, at) + 1;
}

/** The sequence number of the last record: after 2^31 − 1 comes 0. `NO_SEQUENCE` if the batch has none. */
export function lastSequence(buffer: Buffer, at: number): number {
  const first = baseSequence(buffer, at);
  return first === NO_SEQUENCE ? NO_SEQUENCE : incrementSequence(first, lastOffsetDelta(buffer, at));
}

/** The sequence number `increment` (0 or more) after `sequence`, wrapping from 2^31 − 1 to 0. */
export function incrementSequence(sequence: number, increment: number): number {
  return (sequence + increment) % 0x80000000;
}

/** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd; 5 to 7 are nobody's. */
export function compressionType(attributes: number): number {
  return attributes & COMPRESSION_MASK;
}

/** Whose time the batch's timestamps are, named as in `message.timestamp.type`. */
export function timestampType(attributes: number): "CreateTime" | "LogAppendTime" {
  return (attributes & LOG_APPEND_TIME_FLAG) === 0 ? "CreateTime" : "LogAppendTime";
}

/** Whether the batch belongs to a transaction. */
export function isTransactional(attributes: number): boolean {
  return (attributes & TRANSACTIONAL_FLAG) !== 0;
}

/** Whether the batch holds a broker's own mark (commit, abort, leader change, snapshot header) instead of data. */
export function isControl(attributes: number): boolean {
  return (attributes & CONTROL_FLAG) !== 0;
}

/** Whether the base timestamp is the time from which the cleaner may drop tombstones and markers (KIP-534). */
export function hasDeleteHorizon(attributes: number): boolean {
  return (attributes & DELETE_HORIZON_FLAG) !== 0;
}

/** Gives the batch its place in the log. The CRC doesn't cover it. */
export function setBaseOffset(buffer: Buffer, at: number, offset: number): void {
  writeInt64(buffer, at + BASE_OFFSET_AT, offset, "base offset");
}

/** Sets the leader's epoch. The CRC doesn't cover it. */
export function setPartitionLeaderEpoch(buffer: Buffer, at: number, epoch: number): void {
  buffer.writeInt32BE(epoch, at + PARTITION_LEADER_EPOCH_AT);
}

/** Marks the batch as stamped at the append, in milliseconds. The CRC is wrong until `setCrc`: see `stampLogAppendTime`. */
export function setMaxTimestampAndLogAppendTime(buffer: Buffer, at: number, timestampMs: number): void {
  writeInt64(buffer, at + MAX_TIMESTAMP_AT, timestampMs, "max timestamp");
  buffer.writeInt16BE(attributes(buffer, at) | LOG_APPEND_TIME_FLAG, at + ATTRIBUTES_AT);
}

/** Sets the timestamp, in milliseconds, that the records' deltas are relative to. The CRC is wrong until `setCrc`. */
export function setBaseTimestamp(buffer: Buffer, at: number, timestampMs: bigint): void {
  buffer.writeBigInt64BE(timestampMs, at + BASE_TIMESTAMP_AT);
}

/** Sets the largest timestamp in milliseconds. The CRC is wrong until `setCrc`. */
export function setMaxTimestamp(buffer: Buffer, at: number, timestampMs: bigint): void {
  buffer.writeBigInt64BE(timestampMs, at + MAX_TIMESTAMP_AT);
}

/** Sets the number of records. The CRC is wrong until `setCrc`. */
export function setRecordCount(buffer: Buffer, at: number, count: number): void {
  buffer.writeInt32BE(count, at + RECORD_COUNT_AT);
}

/** Sets the attribute bits. The CRC is wrong until `setCrc`. */
export function setAttributes(buffer: Buffer, at: number, attributes: number): void {
  buffer.writeInt16BE(attributes, at + ATTRIBUTES_AT);
}

/** Sets the length, given the bytes of the whole batch. The CRC doesn't cover it. */
export function setSizeInBytes(buffer: Buffer, at: number, size: number): void {
  buffer.writeInt32BE(size - LOG_OVERHEAD, at + BATCH_LENGTH_AT);
}

/** Stores a CRC32C (unsigned). */
export function setCrc(buffer: Buffer, at: number, crc32c: number): void {
  buffer.writeUInt32BE(crc32c, at + CRC_AT);
}

/** All fields of a header that is written from nothing. */
export interface BatchHeader {
  baseOffset: number;
  /** Of the whole batch. */
  sizeInBytes: number;
  partitionLeaderEpoch: number;
  attributes: number;
  lastOffsetDelta: number;
  baseTimestamp: number;
  maxTimestamp: number;
  producerId: bigint;
  producerEpoch: number;
  baseSequence: number;
  recordCount: number;
}

/** Writes a header; the CRC stays 0 until `setCrc`. */
export function writeHeader(buffer: Buffer, at: number, header: BatchHeader): void {
  writeInt64(buffer, at + BASE_OFFSET_AT, header.baseOffset, "base offset");
  buffer.writeInt32BE(header.sizeInBytes - LOG_OVERHEAD, at + BATCH_LENGTH_AT);
  buffer.writeInt32BE(header.partitionLeaderEpoch, at + PARTITION_LEADER_EPOCH_AT);
  buffer.writeInt8(MAGIC_V2, at + MAGIC_AT);
  buffer.writeUInt32BE(0, at + CRC_AT);
  buffer.writeInt16BE(header.attributes, at + ATTRIBUTES_AT);
  buffer.writeInt32BE(header.lastOffsetDelta, at + LAST_OFFSET_DELTA_AT);
  writeInt64(buffer, at + BASE_TIMESTAMP_AT, header.baseTimestamp, "base timestamp");
  writeInt64(buffer, at + MAX_TIMESTAMP_AT, header.maxTimestamp, "max timestamp");
  buffer.writeBigInt64BE(header.producerId, at + PRODUCER_ID_AT);
  buffer.writeInt16BE(header.producerEpoch, at + PRODUCER_EPOCH_AT);
  buffer.writeInt32BE(header.baseSequence, at + BASE_SEQUENCE_AT);
  buffer.writeInt32BE(header.recordCount, at + RECORD_COUNT_AT);
}
