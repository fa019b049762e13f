/**
 * Goes through the records of one batch and allocates nothing for them: what search, compaction and validation need,
 * and what `readRecords` is made of. Everything is checked as it is passed, so that a batch made by nobody knows whom
 * ends in an INVALID_RECORD error and never in a read outside of it.
 */
import { KafkaError } from "../protocol/errors.ts";
import {
  attributes,
  baseOffset,
  baseTimestamp,
  compressionType,
  HEADER_SIZE,
  inInt64,
  MAGIC_V2,
  magic,
  maxTimestamp,
  recordCount,
  sizeInBytes,
  timestampType,
} from "./batch-header.ts";
import { decompress } from "./compression/codec.ts";
import { VarintReader } from "./varint.ts";

/** To how many bytes the records of a batch may expand, where the caller sets no limit of its own. */
export const MAX_DECOMPRESSED_BYTES = 128 * 1024 * 1024;

/** A record's header; the value is a view. */
export interface RecordHeader {
  key: string;
  value: Buffer | null;
}

/**
 * The bytes of a batch's records, decompressed: a view of `buffer` if they are not compressed. Throws CORRUPT_MESSAGE
 * if the batch doesn't lie whole in the buffer, UNSUPPORTED_FOR_MESSAGE_FORMAT if it is older than version 2,
 * INVALID_RECORD or MESSAGE_TOO_LARGE if it can't be decompressed within `maxDecompressedBytes`.
 */
export function recordsOf(buffer: Buffer, at: number, maxDecompressedBytes = MAX_DECOMPRESSED_BYTES): Buffer {
  const available = buffer.length - at;
  if (
    available < HEADER_SIZE ||
    sizeInBytes(buffer, at) < HEADER_SIZE ||
    sizeInBytes(buffer, at) > available
  ) {
    throw new KafkaError("CORRUPT_MESSAGE", "A record batch does not lie whole in its buffer.");
  }
  if (magic(buffer, at) !== MAGIC_V2) {
    throw new KafkaError(
      "UNSUPPORTED_FOR_MESSAGE_FORMAT",
      `A record batch has magic ${magic(buffer, at)}, not 2.`,
    );
  }
  const stored = buffer.subarray(at + HEADER_SIZE, at + sizeInBytes(buffer, at));
  // A batch that compaction has emptied keeps its attributes.
  if (stored.length === 0) return stored;
  return decompress(compressionType(attributes(buffer, at)), stored, maxDecompressedBytes);
}

/**
 * A cursor over the records of the batch at `at`, standing before the first.
 *
 * @example
 * const cursor = new RecordCursor(buffer, at);
 * while (cursor.next()) if (cursor.key() === null) …
 */
export class RecordCursor {
  /** The record's offset as it says itself; like Kafka, not compared with the header's last offset. */
  offset = -1;
  /** Milliseconds; the time of the append for every record of a LogAppendTime batch. Rounded beyond ±2^53. */
  timestamp = -1;
  /** Bytes of the key and of the value, −1 for null. */
  keySize = -1;
  valueSize = -1;
  /** Where key and value begin in `bytes`, if they are not null. */
  keyStart = 0;
  valueStart = 0;
  /** The whole record lies in `bytes[start, end)`, its length included. */
  start = 0;
  end = 0;
  /** The decompressed records. */
  readonly bytes: Buffer;

  private readonly reader: VarintReader;
  private readonly baseOffset: number;
  private readonly baseTimestamp: number;
  private readonly appendTimestamp: number | null;
  private remaining: number;
  private headersStart = 0;
  private headerCount = 0;

  /** Throws what `recordsOf` throws. */
  constructor(buffer: Buffer, at: number, maxDecompressedBytes?: number) {
    this.bytes = recordsOf(buffer, at, maxDecompressedBytes);
    this.reader = new VarintReader(this.bytes, 0, this.bytes.length);
    this.baseOffset = baseOffset(buffer, at);
    this.baseTimestamp = baseTimestamp(buffer, at);
    const appendTime = timestampType(attributes(buffer, at)) === "LogAppendTime";
    this.appendTimestamp = appendTime ? maxTimestamp(buffer, at) : null;
    this.remaining = recordCount(buffer, at);
    if (this.remaining < 0) throw invalid(`A batch says it has ${this.remaining} records.`);
  }

  /** Steps to the next record; false after the last. Throws INVALID_RECORD where the batch is not what it says. */
  next(): boolean {
    const { reader, bytes } = this;
    reader.position = this.end;
    reader.end = bytes.length;
    if (this.remaining === 0) {
      if (this.end !== bytes.length)
        throw invalid(`${bytes.length - this.end} bytes follow the last record.`);
      return false;
    }
    if (this.end === bytes.length)
      throw invalid(`A batch lacks ${this.remaining} of the records it says it has.`);
    this.remaining--;
    this.start = this.end;
    const size = reader.varint();
    if (size < 0 || size > bytes.length - reader.position)
      throw invalid(`A record of ${size} bytes overruns its batch.`);
    this.end = reader.position + size;
    reader.end = this.end;
    this.readFields();
    if (reader.position !== this.end) throw invalid("A record is longer than its fields.");
    return true;
  }

  /** The key, a view. */
  key(): Buffer | null {
    return this.keySize < 0 ? null : this.bytes.subarray(this.keyStart, this.keyStart + this.keySize);
  }

  /** The value, a view. */
  value(): Buffer | null {
    return this.valueSize < 0 ? null : this.bytes.subarray(this.valueStart, this.valueStart + this.valueSize);
  }

  /** The headers; the values are views. */
  headers(): RecordHeader[] {
    const reader = new VarintReader(this.bytes, this.headersStart, this.end);
    const headers: RecordHeader[] = [];
    for (let index = 0; index < this.headerCount; index++) {
      const keySize = reader.varint();
      const keyStart = reader.skip(keySize);
      const valueSize = reader.varint();
      const valueStart = reader.skip(Math.max(0, valueSize));
      headers.push({
        key: this.bytes.toString("utf8", keyStart, keyStart + keySize),
        value: valueSize < 0 ? null : this.bytes.subarray(valueStart, valueStart + valueSize),
      });
    }
    return headers;
  }

  private readFields(): void {
    const { reader } = this;
    reader.byte(); // The record's attributes: none are in use.
    const timestamp = inInt64(this.baseTimestamp + reader.varlong());
    this.timestamp = this.appendTimestamp ?? timestamp;
    this.offset = this.baseOffset + reader.varint();
    this.keySize = nullableSize(reader);
    this.keyStart = reader.skip(Math.max(0, this.keySize));
    this.valueSize = nullableSize(reader);
    this.valueStart = reader.skip(Math.max(0, this.valueSize));
    // Some hand-made batches say −1 for no headers.
    this.headerCount = Math.max(0, nullableSize(reader));
    this.headersStart = reader.position;
    for (let index = 0; index < this.headerCount; index++) {
      const keySize = reader.varint();
      if (keySize < 0) throw invalid("A record header has no key.");
      reader.skip(keySize);
      reader.skip(Math.max(0, nullableSize(reader)));
    }
  }
}

function nullableSize(reader: VarintReader): number {
  const size = reader.varint();
  if (size < -1) throw invalid(`A field of a record has ${size} bytes.`);
  return size;
}

function invalid(why: string): KafkaError {
  return new KafkaError("INVALID_RECORD", why);
}
