/**
 * Goes through the batches of one file of the metadata log, and tells what a crash leaves behind, an incomplete last
 * batch, from what nobody may repair silently: anything else that isn't a whole and valid batch.
 */
import {
  attributes,
  baseOffset,
  CRC_START,
  crc,
  HEADER_SIZE,
  headerIsReadable,
  isControl,
  LOG_OVERHEAD,
  lastOffsetDelta,
  MAGIC_V2,
  magic,
  maxTimestamp,
  nextOffset,
  partitionLeaderEpoch,
  sizeInBytes,
} from "../../records/batch-header.ts";
import { crc32c } from "../../records/crc32c.ts";
import { batchCrcIsValid } from "../../records/validate.ts";
import { MetadataError } from "../metadata-error.ts";

/** A whole batch whose CRC is right. */
export interface ScannedBatch {
  readonly buffer: Buffer;
  /** Where it begins in the buffer, and so in the file. */
  readonly at: number;
  readonly baseOffset: number;
  readonly nextOffset: number;
  readonly epoch: number;
  readonly control: boolean;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** Bytes up to the magic byte, and with it. */
const MAGIC_END = 17;

/**
 * Yields the batches of the file at `path`, whose content is `buffer`. Returns how many bytes at its beginning are
 * whole batches: fewer than there are when the last write was cut short.
 *
 * @param firstOffsets where the first batch may begin; the others follow without a gap
 * @throws MetadataError with the file and the position of the first byte that is wrong
 */
export function* scanBatches(
  path: string,
  buffer: Buffer,
  firstOffsets: readonly number[],
): Generator<ScannedBatch, number> {
  let at = 0;
  let expected = firstOffsets;
  while (at < buffer.length) {
    if (isCutShort(path, buffer, at)) return at;
    const batch = wholeBatch(path, buffer, at);
    if (!expected.includes(batch.baseOffset)) {
      throw new MetadataError(
        path,
        `a batch begins at offset ${batch.baseOffset} where ${expected[0]} comes next`,
        at,
      );
    }
    yield batch;
    expected = [batch.nextOffset];
    at += sizeInBytes(buffer, at);
  }
  return at;
}

function wholeBatch(path: string, buffer: Buffer, at: number): ScannedBatch {
  if (!batchCrcIsValid(buffer, at)) {
    const last = at + sizeInBytes(buffer, at) === buffer.length;
    const remedy =
      `. If the machine lost power while this last batch was written, nobody was told of it: cutting the file ` +
      `to ${at} bytes opens the log without it`;
    throw new MetadataError(path, `the CRC of a batch is wrong${last ? remedy : ""}`, at);
  }
  if (!headerIsReadable(buffer, at) || lastOffsetDelta(buffer, at) < 0) {
    throw new MetadataError(path, "a batch has impossible offsets or timestamps", at);
  }
  return {
    buffer,
    at,
    baseOffset: baseOffset(buffer, at),
    nextOffset: nextOffset(buffer, at),
    epoch: partitionLeaderEpoch(buffer, at),
    control: isControl(attributes(buffer, at)),
    timestamp: maxTimestamp(buffer, at),
  };
}

/** Whether the rest of the file from `at` on is what is left of a write that did not come to its end. */
function isCutShort(path: string, buffer: Buffer, at: number): boolean {
  const rest = buffer.length - at;
  // A file system that made the file longer and lost power before it wrote leaves zeros.
  if (isZeros(buffer, at)) return true;
  if (rest >= MAGIC_END && magic(buffer, at) !== MAGIC_V2) {
    throw new MetadataError(path, `this is no record batch: its magic is ${magic(buffer, at)}, not 2`, at);
  }
  if (rest < LOG_OVERHEAD) return true;
  const size = sizeInBytes(buffer, at);
  if (size < HEADER_SIZE) throw new MetadataError(path, `this is no record batch: its size is ${size}`, at);
  if (size <= rest) return false;
  if (rest < HEADER_SIZE) return true;
  if (crc32c(buffer, at + CRC_START) === crc(buffer, at) || laterBatch(buffer, at + 1)) {
    throw new MetadataError(path, `a batch says it has ${size} bytes where ${rest} are left`, at);
  }
  return true;
}

function isZeros(buffer: Buffer, from: number): boolean {
  for (let at = from; at < buffer.length; at++) if (buffer[at] !== 0) return false;
  return true;
}

/** Whether a valid batch begins anywhere from `from` on: then what lies before it was not the end of the file. */
function laterBatch(buffer: Buffer, from: number): boolean {
  const magicAt = MAGIC_END - 1;
  for (let found = buffer.indexOf(MAGIC_V2, from + magicAt); found >= 0; ) {
    const at = found - magicAt;
    const rest = buffer.length - at;
    if (rest < HEADER_SIZE) return false;
    const size = sizeInBytes(buffer, at);
    if (size >= HEADER_SIZE && size <= rest && batchCrcIsValid(buffer, at)) return true;
    found = buffer.indexOf(MAGIC_V2, found + 1);
  }
  return false;
}
