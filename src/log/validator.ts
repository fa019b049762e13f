/**
 * What a partition asks of the batches it is given before it appends them, from their headers and checksum. Only where
 * the topic demands it are the records themselves looked at: see record-checks.ts.
 */

import type { LogConfig } from "../config/topic-config.ts";
import { KafkaError } from "../protocol/errors.ts";
import * as header from "../records/batch-header.ts";
import { batchCrcIsValid } from "../records/validate.ts";
import type { AppendOrigin } from "./producer-check.ts";
import { claimedSize } from "./walk-batches.ts";

/** Bytes up to and including the magic: with fewer, nothing can be said about a batch. */
const HEADER_TO_MAGIC = 17;
/** The smallest message of any format. */
const SMALLEST_MESSAGE = 26;
const LAST_COMPRESSION = 4;

/** A batch that is no batch, or not what it says. The record errors name single records: position and reason. */
export class InvalidRecordError extends KafkaError {
  constructor(
    errorName: "INVALID_RECORD" | "INVALID_TIMESTAMP",
    message: string,
    readonly recordErrors: readonly { batchIndex: number; message: string }[] = [],
  ) {
    super(errorName, message);
  }
}

/**
 * Checks the batches in `records` for an append to `name` (`<topic>-<partition>`). Returns where the whole batches
 * end; a last batch that is cut short is left out, as Kafka leaves it out.
 *
 * @throws KafkaError CORRUPT_MESSAGE, MESSAGE_TOO_LARGE, UNSUPPORTED_FOR_MESSAGE_FORMAT, INVALID_RECORD
 */
export function checkBatches(records: Buffer, name: string, config: LogConfig, origin: AppendOrigin): number {
  let at = 0;
  for (let count = 1; at + HEADER_TO_MAGIC <= records.length; count++) {
    const size = claimedSize(records, at);
    if (size < SMALLEST_MESSAGE) {
      throw new KafkaError(
        "CORRUPT_MESSAGE",
        `A record batch in the append to ${name} is said to have ${size} bytes.`,
      );
    }
    if (at + size > records.length) break;
    checkFormat(records, at, size, name);
    if (origin === "client") checkClientBatch(records, at, count, name);
    checkSizeAndChecksum(records, at, size, name, config, origin);
    if (origin === "client") checkClientFields(records, at, name);
    at += size;
  }
  if (at === 0)
    throw new InvalidRecordError(
      "INVALID_RECORD",
      `There is no whole record batch in the append to ${name}.`,
    );
  return at;
}

function checkFormat(records: Buffer, at: number, size: number, name: string): void {
  const magic = header.magic(records, at);
  if (magic >= 0 && magic < header.MAGIC_V2) {
    throw new KafkaError(
      "UNSUPPORTED_FOR_MESSAGE_FORMAT",
      `Message format ${magic} is no longer supported in the append to ${name}; producers since Kafka 0.11 write format 2.`,
    );
  }
  if (magic !== header.MAGIC_V2 || size < header.HEADER_SIZE || !header.headerIsReadable(records, at)) {
    throw new KafkaError(
      "CORRUPT_MESSAGE",
      `A record batch of magic ${magic} and ${size} bytes in the append to ${name} is corrupt.`,
    );
  }
}

function checkClientBatch(records: Buffer, at: number, count: number, name: string): void {
  if (count > 1) {
    throw new InvalidRecordError("INVALID_RECORD", `An append to ${name} may hold one record batch only.`);
  }
  const baseOffset = header.baseOffset(records, at);
  if (baseOffset === 0) return;
  throw new InvalidRecordError(
    "INVALID_RECORD",
    `The baseOffset of the record batch in the append to ${name} should be 0, but it is ${baseOffset}`,
  );
}

function checkSizeAndChecksum(
  records: Buffer,
  at: number,
  size: number,
  name: string,
  config: LogConfig,
  origin: AppendOrigin,
): void {
  // What a leader has taken, its followers take too.
  if (origin !== "replication" && size > config.maxMessageBytes) {
    throw new KafkaError(
      "MESSAGE_TOO_LARGE",
      `The record batch size in the append to ${name} is ${size} bytes which exceeds the maximum configured value of ${config.maxMessageBytes}.`,
    );
  }
  if (batchCrcIsValid(records, at)) return;
  throw new KafkaError(
    "CORRUPT_MESSAGE",
    `Record is corrupt (stored crc = ${header.crc(records, at)}) in topic partition ${name}.`,
  );
}

function checkClientFields(records: Buffer, at: number, name: string): void {
  const invalid = (why: string) =>
    new InvalidRecordError("INVALID_RECORD", `${why} in topic partition ${name}.`);
  const attributes = header.attributes(records, at);
  const count = header.recordCount(records, at);
  const delta = header.lastOffsetDelta(records, at);
  if (delta < 0) throw invalid(`Batch has an invalid offset range: [0, ${delta}]`);
  if (count <= 0) throw invalid(`Invalid reported count for record batch: ${count}`);
  if (delta + 1 !== count) {
    throw invalid(`Inconsistent batch offset range [0, ${delta}] and count of records ${count}`);
  }
  if (header.isControl(attributes)) throw invalid("Clients are not allowed to write control records");
  if (header.compressionType(attributes) > LAST_COMPRESSION) {
    throw invalid(`Unknown compression type ${header.compressionType(attributes)} of a record batch`);
  }
  if (header.hasProducerId(records, at)) {
    const sequence = header.baseSequence(records, at);
    if (sequence < 0 || header.producerEpoch(records, at) < 0) {
      throw invalid(
        `Invalid sequence number ${sequence} or epoch ${header.producerEpoch(records, at)} in record batch with producerId ${header.producerId(records, at)}`,
      );
    }
  } else if (header.isTransactional(attributes)) {
    throw invalid("A transactional record batch without a producerId");
  }
}
