/**
 * What a partition asks of single records: that their number is what the batch says, and, where the topic demands it,
 * that they have a key (compacted topics) and a timestamp within bounds.
 */

import type { LogConfig } from "../config/topic-config.ts";
import * as header from "../records/batch-header.ts";
import { RecordCursor } from "../records/record-cursor.ts";
import { InvalidRecordError } from "./validator.ts";

/** Kafka answers no more than this many characters' worth of reasons; the count is in the message. */
const MAX_RECORD_ERRORS = 100;

/**
 * Checks the records of a batch that is to be appended to `name` at time `now`. Opens the batch only if the topic is
 * compacted or the header says that a timestamp may be out of bounds.
 *
 * @throws InvalidRecordError INVALID_RECORD or INVALID_TIMESTAMP
 * @throws KafkaError when the batch can't be opened
 */
export function checkRecords(
  records: Buffer,
  at: number,
  name: string,
  config: LogConfig,
  now: number,
): void {
  const attributes = header.attributes(records, at);
  if (header.compressionType(attributes) === 0) checkRecordCount(records, at, name);
  const byAppendTime = config.messageTimestampType === "LogAppendTime";
  if (byAppendTime && header.timestampType(attributes) === "LogAppendTime") {
    throw new InvalidRecordError(
      "INVALID_TIMESTAMP",
      `A producer may not set the timestamp type to LogAppendTime, as in the append to ${name}.`,
      [{ batchIndex: 0, message: "Producer should not set timestamp type to LogAppendTime." }],
    );
  }
  const earliest = isUnlimited(config.messageTimestampBeforeMaxMs)
    ? Number.NEGATIVE_INFINITY
    : now - config.messageTimestampBeforeMaxMs;
  const latest = isUnlimited(config.messageTimestampAfterMaxMs)
    ? Number.POSITIVE_INFINITY
    : now + config.messageTimestampAfterMaxMs;
  const isTimely = byAppendTime || (earliest <= 0 && header.maxTimestamp(records, at) <= latest);
  if (isTimely && !config.cleanupPolicy.has("compact")) return;
  const { errors, total, isTimestamp } = findErrors(
    records,
    at,
    config,
    byAppendTime ? null : { earliest, latest },
  );
  if (total === 0) {
    if (!byAppendTime) refuseLateHeader(records, at, name, latest);
    return;
  }
  throw isTimestamp
    ? new InvalidRecordError(
        "INVALID_TIMESTAMP",
        "One or more records have been rejected due to invalid timestamp",
        errors,
      )
    : new InvalidRecordError(
        "INVALID_RECORD",
        `One or more records have been rejected due to ${total} record errors in total, and only showing the first three errors at most: ${errors
          .slice(0, 3)
          .map(({ message }) => message)
          .join("; ")}`,
        errors,
      );
}

/** A batch that only says it has a record from far ahead would keep its segment from ever being old enough to go. */
function refuseLateHeader(records: Buffer, at: number, name: string, latest: number): void {
  const maxTimestamp = header.maxTimestamp(records, at);
  if (maxTimestamp <= latest) return;
  throw new InvalidRecordError(
    "INVALID_TIMESTAMP",
    `The record batch in the append to ${name} says that its largest timestamp is ${maxTimestamp}, and holds none beyond ${latest}.`,
  );
}

/** The largest safe integer stands for "no limit" in a configuration. */
function isUnlimited(limit: number): boolean {
  return limit >= Number.MAX_SAFE_INTEGER;
}

interface Bounds {
  readonly earliest: number;
  readonly latest: number;
}

function findErrors(records: Buffer, at: number, config: LogConfig, bounds: Bounds | null) {
  const errors: { batchIndex: number; message: string }[] = [];
  let total = 0;
  let isTimestamp = false;
  const mustHaveKey = config.cleanupPolicy.has("compact");
  const cursor = new RecordCursor(records, at, config.maxDecompressedMessageBytes);
  for (let batchIndex = 0; cursor.next(); batchIndex++) {
    let message: string | null = null;
    if (mustHaveKey && cursor.keySize < 0) {
      message = "Compacted topic cannot accept message without key.";
    } else if (bounds && cursor.timestamp !== header.NO_TIMESTAMP && !isWithin(cursor.timestamp, bounds)) {
      message = `Timestamp ${cursor.timestamp} of message with offset ${cursor.offset} is out of range. The timestamp should be within [${bounds.earliest}, ${bounds.latest}]`;
      isTimestamp = true;
    }
    if (message === null) continue;
    total++;
    if (errors.length < MAX_RECORD_ERRORS) errors.push({ batchIndex, message });
  }
  return { errors, total, isTimestamp };
}

function isWithin(timestamp: number, { earliest, latest }: Bounds): boolean {
  return timestamp >= earliest && timestamp <= latest;
}

/**
 * Steps over the records of an uncompressed batch by their lengths. A batch with fewer or more records than it says
 * would stop every consumer that comes to it.
 */
function checkRecordCount(records: Buffer, at: number, name: string): void {
  const end = at + header.sizeInBytes(records, at);
  const expected = header.recordCount(records, at);
  let position = at + header.HEADER_SIZE;
  let count = 0;
  for (; position < end && count < expected; count++) {
    let byte = records[position++] ?? 0;
    let zigzag = byte & 0x7f;
    for (let shift = 7; byte >= 0x80 && shift < 35; shift += 7) {
      byte = records[position++] ?? 0;
      zigzag |= (byte & 0x7f) << shift;
    }
    // An odd zigzag is a negative length.
    if (byte >= 0x80 || (zigzag & 1) === 1) break;
    position += zigzag >>> 1;
  }
  if (position === end && count === expected) return;
  throw new InvalidRecordError(
    "INVALID_RECORD",
    `The record batch in the append to ${name} does not hold the ${expected} records it says it holds.`,
  );
}
