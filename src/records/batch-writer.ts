/**
 * A batch that grows record by record, as a producer fills it: each record is written where it will lie, so that
 * nothing of it has to be kept until the batch is sent.
 */
import {
  CRC_START,
  HEADER_SIZE,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  setCrc,
  TRANSACTIONAL_FLAG,
  writeHeader,
} from "./batch-header.ts";
import { bodySize, type NewRecord, writeBody } from "./builder.ts";
import { CompressionType, compress } from "./compression/codec.ts";
import { crc32c } from "./crc32c.ts";
import { varintSize, writeVarint } from "./varint.ts";

/** What is known of a batch only when it is sent. */
export interface BatchEnd {
  readonly producerId?: bigint;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly transactional?: boolean;
  readonly compression?: CompressionType;
  /** In the compression's own scale; its default where missing. */
  readonly compressionLevel?: number | undefined;
}

export class BatchWriter {
  private buffer: Buffer;
  private end = HEADER_SIZE;
  private baseTimestamp = 0;
  private maxTimestamp = 0;
  private compressed: { bytes: Uint8Array; type: CompressionType } | null = null;
  /** How many records it has. */
  count = 0;

  /** @param capacity of the whole batch; one record may be larger than that */
  constructor(private readonly capacity: number) {
    this.buffer = Buffer.allocUnsafe(Math.max(capacity, HEADER_SIZE));
  }

  /** Bytes of the batch as it is now, not compressed. */
  get sizeInBytes(): number {
    return this.end;
  }

  /**
   * Adds a record; false if it doesn't fit any more. The first one always fits. Throws INVALID_RECORD for timestamps
   * beyond ±2^52.
   */
  append(record: NewRecord): boolean {
    const isFirst = this.count === 0;
    const delta = isFirst ? 0 : record.timestamp - this.baseTimestamp;
    const size = bodySize(record, delta, this.count);
    const end = this.end + varintSize(size) + size;
    if (end > this.capacity && !isFirst) return false;
    if (end > this.buffer.length) this.buffer = Buffer.allocUnsafe(end);
    if (isFirst) this.baseTimestamp = this.maxTimestamp = record.timestamp;
    const position = writeVarint(this.buffer, this.end, size);
    this.end = writeBody(this.buffer, position, record, delta, this.count);
    this.maxTimestamp = Math.max(this.maxTimestamp, record.timestamp);
    this.count++;
    return true;
  }

  /** The batch with its header and CRC, as it is sent. May be called again, with another end. */
  finish(end: BatchEnd): Buffer {
    const type = end.compression ?? CompressionType.none;
    const batch = type === CompressionType.none ? this.buffer.subarray(0, this.end) : this.packed(type, end);
    writeHeader(batch, 0, {
      baseOffset: 0,
      sizeInBytes: batch.length,
      partitionLeaderEpoch: -1,
      attributes: type | (end.transactional ? TRANSACTIONAL_FLAG : 0),
      lastOffsetDelta: this.count - 1,
      baseTimestamp: this.baseTimestamp,
      maxTimestamp: this.maxTimestamp,
      producerId: end.producerId ?? NO_PRODUCER_ID,
      producerEpoch: end.producerEpoch ?? NO_PRODUCER_EPOCH,
      baseSequence: end.baseSequence ?? NO_SEQUENCE,
      recordCount: this.count,
    });
    setCrc(batch, 0, crc32c(batch, CRC_START));
    return batch;
  }

  private packed(type: CompressionType, { compressionLevel }: BatchEnd): Buffer {
    if (this.compressed?.type !== type) {
      const plain = this.buffer.subarray(HEADER_SIZE, this.end);
      this.compressed = { bytes: compress(type, plain, compressionLevel), type };
    }
    const { bytes } = this.compressed;
    const batch = Buffer.allocUnsafe(HEADER_SIZE + bytes.length);
    batch.set(bytes, HEADER_SIZE);
    return batch;
  }
}
