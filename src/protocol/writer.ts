/**
 * Writes Kafka's primitive types into one growing buffer.
 */
import type { RecordsSource } from "./records-source.ts";
import type { UnknownTaggedField } from "./schema.ts";
import { type Uuid, writeUuid } from "./uuid.ts";

const INITIAL_SIZE = 512;
const MAX_INT16 = 0x7fff;

/** Records that are not in the writer's buffer, but belong before the byte at `position` of it. */
export interface LeftOut {
  readonly position: number;
  readonly source: RecordsSource;
}

export class Writer {
  private buffer: Buffer;
  private view: DataView;
  position = 0;
  private sources: LeftOut[] = [];
  private sourceBytes = 0;

  /** @param recordsWithin records that lie in a file and would end beyond this position are left out */
  constructor(
    initialSize = INITIAL_SIZE,
    private readonly recordsWithin = Number.POSITIVE_INFINITY,
  ) {
    this.buffer = Buffer.allocUnsafeSlow(initialSize);
    this.view = new DataView(this.buffer.buffer, this.buffer.byteOffset, this.buffer.length);
  }

  /** How many bytes fit before the buffer has to grow. */
  get capacity(): number {
    return this.buffer.length;
  }

  /** What was left out, in order. */
  get leftOut(): readonly LeftOut[] {
    return this.sources;
  }

  /** Bytes of all that was written, what was left out included. */
  get totalSize(): number {
    return this.position + this.sourceBytes;
  }

  /** Forgets what has been written, and keeps the buffer for what comes next. */
  reset(): void {
    this.position = 0;
    if (this.sources.length === 0) return;
    this.sources = [];
    this.sourceBytes = 0;
  }

  /** What has been written so far: a view that later writes may leave behind. */
  written(): Buffer {
    return this.buffer.subarray(0, this.position);
  }

  /** Makes room for `size` bytes and returns where they begin. */
  private take(size: number): number {
    const start = this.position;
    if (start + size > this.buffer.length) this.grow(start + size);
    this.position = start + size;
    return start;
  }

  private grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2));
    larger.set(this.buffer.subarray(0, this.position));
    this.buffer = larger;
    this.view = new DataView(larger.buffer, larger.byteOffset, larger.length);
  }

  int8(value: number): void {
    const at = this.take(1);
    this.view.setInt8(at, value);
  }

  int16(value: number): void {
    const at = this.take(2);
    this.view.setInt16(at, value);
  }

  uint16(value: number): void {
    const at = this.take(2);
    this.view.setUint16(at, value);
  }

  int32(value: number): void {
    const at = this.take(4);
    this.view.setInt32(at, value);
  }

  uint32(value: number): void {
    const at = this.take(4);
    this.view.setUint32(at, value);
  }

  /** Throws RangeError for a number that is not a safe integer: it would have been rounded somewhere. */
  int64(value: number | bigint): void {
    const at = this.take(8);
    if (typeof value === "bigint") {
      this.view.setBigInt64(at, value);
      return;
    }
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} can't be written as an int64`);
    this.view.setInt32(at, Math.floor(value / 2 ** 32));
    this.view.setUint32(at + 4, value >>> 0);
  }

  float64(value: number): void {
    const at = this.take(8);
    this.view.setFloat64(at, value);
  }

  boolean(value: boolean): void {
    this.int8(value ? 1 : 0);
  }

  uuid(value: Uuid): void {
    const at = this.take(16);
    writeUuid(value, this.buffer, at);
  }

  unsignedVarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.int8((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.int8(rest);
  }

  /** Throws RangeError for a string whose length an int16 can't hold, in versions that write it so. */
  string(value: string, compact: boolean): void {
    const size = Buffer.byteLength(value);
    if (compact) this.unsignedVarint(size + 1);
    else {
      if (size > MAX_INT16) throw new RangeError(`a string of ${size} bytes is too long`);
      this.int16(size);
    }
    const at = this.take(size);
    this.buffer.write(value, at, size, "utf8");
  }

  nullString(compact: boolean): void {
    if (compact) this.int8(0);
    else this.int16(-1);
  }

  /** The length of bytes, records or an array; -1 for null. */
  length(length: number, compact: boolean): void {
    if (compact) this.unsignedVarint(length + 1);
    else this.int32(length);
  }

  bytes(value: Uint8Array, compact: boolean): void {
    this.length(value.length, compact);
    this.raw(value);
  }

  /** Bytes without a length. */
  raw(value: Uint8Array): void {
    const at = this.take(value.length);
    this.buffer.set(value, at);
  }

  records(value: Uint8Array | RecordsSource, compact: boolean): void {
    if (value instanceof Uint8Array) {
      this.bytes(value, compact);
      return;
    }
    this.length(value.sizeInBytes, compact);
    if (this.position + value.sizeInBytes > this.recordsWithin) {
      this.sources.push({ position: this.position, source: value });
      this.sourceBytes += value.sizeInBytes;
      return;
    }
    const at = this.take(value.sizeInBytes);
    value.copyInto(this.buffer, at);
  }

  /** Writes the number of tagged fields, then each in the order of its tag: first a known one by `known`. */
  taggedFields(
    tags: readonly number[],
    known: (tag: number, writer: Writer) => void,
    unknown: readonly UnknownTaggedField[] = [],
  ): void {
    this.unsignedVarint(tags.length + unknown.length);
    const all = [...tags.map((tag) => ({ tag, bytes: undefined })), ...unknown];
    if (unknown.length > 0) all.sort((left, right) => left.tag - right.tag);
    for (const { tag, bytes } of all) {
      const content = bytes ?? this.contentOf(tag, known);
      this.unsignedVarint(tag);
      this.unsignedVarint(content.length);
      this.raw(content);
    }
  }

  private contentOf(tag: number, known: (tag: number, writer: Writer) => void): Buffer {
    const scratch = new Writer(64);
    known(tag, scratch);
    return scratch.written();
  }

  /** Overwrites the int32 at `position`: for a size that is known only when all is written. */
  setInt32(position: number, value: number): void {
    this.view.setInt32(position, value);
  }
}
