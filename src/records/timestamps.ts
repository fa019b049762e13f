/** Times within a batch: finding a record by its timestamp, and stamping a batch with the time of the append. */
import {
  attributes,
  CRC_START,
  lastOffset,
  maxTimestamp,
  NO_TIMESTAMP,
  setCrc,
  setMaxTimestampAndLogAppendTime,
  sizeInBytes,
  timestampType,
} from "./batch-header.ts";
import { crc32c } from "./crc32c.ts";
import { RecordCursor } from "./record-cursor.ts";

/** Where a record lies in time. */
export interface TimestampAndOffset {
  timestamp: number;
  offset: number;
}

/**
 * The first record of the batch at or after `startOffset` whose timestamp is `timestampMs` or later, or null.
 * Opens the batch only if its max timestamp says there may be one. Throws what `RecordCursor` throws.
 */
export function firstRecordSince(
  buffer: Buffer,
  at: number,
  timestampMs: number,
  startOffset = 0,
  maxDecompressedBytes?: number,
): TimestampAndOffset | null {
  if (maxTimestamp(buffer, at) < timestampMs || lastOffset(buffer, at) < startOffset) return null;
  const cursor = new RecordCursor(buffer, at, maxDecompressedBytes);
  while (cursor.next()) {
    if (cursor.timestamp >= timestampMs && cursor.offset >= startOffset) {
      return { timestamp: cursor.timestamp, offset: cursor.offset };
    }
  }
  return null;
}

/**
 * The first record that has the batch's max timestamp; with LogAppendTime, where all have it, the last record.
 * Null for a batch without timestamps, or whose record with that timestamp compaction has removed.
 */
export function recordWithMaxTimestamp(
  buffer: Buffer,
  at: number,
  maxDecompressedBytes?: number,
): TimestampAndOffset | null {
  const timestamp = maxTimestamp(buffer, at);
  if (timestamp === NO_TIMESTAMP) return null;
  if (timestampType(attributes(buffer, at)) === "LogAppendTime") {
    return { timestamp, offset: lastOffset(buffer, at) };
  }
  const cursor = new RecordCursor(buffer, at, maxDecompressedBytes);
  while (cursor.next()) if (cursor.timestamp === timestamp) return { timestamp, offset: cursor.offset };
  return null;
}

/**
 * Gives all records of the batch the time of the append in milliseconds (`message.timestamp.type=LogAppendTime`), and
 * the batch its new CRC. The records themselves stay as they are, compressed or not.
 */
export function stampLogAppendTime(buffer: Buffer, at: number, timestampMs: number): void {
  setMaxTimestampAndLogAppendTime(buffer, at, timestampMs);
  setCrc(buffer, at, crc32c(buffer, at + CRC_START, at + sizeInBytes(buffer, at)));
}
