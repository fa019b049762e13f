/**
 * Reads Kafka's primitive types out of a frame. Every length is checked against the bytes that remain before
 * anything is allocated for it; what doesn't fit throws MalformedError.
 */
import { MalformedError } from "./malformed.ts";
import type { UnknownTaggedField } from "./schema.ts";
import { UUID_SIZE, type Uuid, ZERO_UUID } from "./uuid.ts";

/** More elements than this in one message's arrays are nobody's honest message, whatever its size. */
const MAX_ELEMENTS = 1_000_000;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export class Reader {
  private readonly buffer: Buffer;
  private readonly view: DataView;
  private elementsLeft: number;
  position: number;
  readonly end: number;

  /** Reads `bytes` from `start` up to `end`: messages whose arrays have no more than `maxElements` elements in all. */
  constructor(
    bytes: Uint8Array,
    start = 0,
    end = bytes.length,
    private readonly maxElements = MAX_ELEMENTS,
  ) {
    this.elementsLeft = maxElements;
    this.buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.position = start;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  /** Moves over `size` bytes and returns where they begin. */
  private take(size: number): number {
    const start = this.position;
    if (size > this.end - start) {
      throw new MalformedError(`${size} bytes are needed where ${this.end - start} are left`);
    }
    this.position = start + size;
    return start;
  }

  int8(): number {
    return this.view.getInt8(this.take(1));
  }

  int16(): number {
    return this.view.getInt16(this.take(2));
  }

  uint16(): number {
    return this.view.getUint16(this.take(2));
  }

  int32(): number {
    return this.view.getInt32(this.take(4));
  }

  uint32(): number {
    return this.view.getUint32(this.take(4));
  }

  int64(): bigint {
    return this.view.getBigInt64(this.take(8));
  }

  float64(): number {
    return this.view.getFloat64(this.take(8));
  }

  boolean(): boolean {
    return this.view.getInt8(this.take(1)) !== 0;
  }

  uuid(): Uuid {
    const at = this.take(UUID_SIZE);
    if (
      this.view.getInt32(at) === 0 &&
      this.view.getBigInt64(at + 8) === 0n &&
      this.view.getInt32(at + 4) === 0
    ) {
      return ZERO_UUID;
    }
    return this.buffer.toString("base64url", at, at + UUID_SIZE) as Uuid;
  }

  /** An unsigned varint of at most 32 bits. */
  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.view.getUint8(this.take(1));
      if (shift === 28 && byte > 0x0f) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new MalformedError("a varint is longer than 32 bits");
  }

  /** The length of a string, or -1 for null. */
  stringLength(compact: boolean): number {
    return compact ? this.unsignedVarint() - 1 : this.int16();
  }

  /** The length of bytes, records or an array, or -1 for null. */
  length(compact: boolean): number {
    return compact ? this.unsignedVarint() - 1 : this.int32();
  }

  string(length: number): string {
    const start = this.takeLength(length, "string");
    const end = start + length;
    const text = this.buffer.toString("latin1", start, end);
    for (let at = start; at < end; at++) {
      if (this.view.getUint8(at) >= 0x80) return this.nonAscii(start, end);
    }
    return text;
  }

  private nonAscii(start: number, end: number): string {
    try {
      return strictUtf8.decode(this.buffer.subarray(start, end));
    } catch {
      throw new MalformedError("a string is not UTF-8");
    }
  }

  /** A view, not a copy. */
  bytes(length: number): Buffer {
    const start = this.takeLength(length, "bytes field");
    return this.buffer.subarray(start, start + length);
  }

  /** Checks an array's length against what is left of the message, each element taking at least `elementSize` bytes. */
  checkedArrayLength(length: number, elementSize: number): number {
    if (length < 0) throw new MalformedError(`an array has length ${length}`);
    if (length * elementSize > this.remaining) {
      throw new MalformedError(`an array claims ${length} elements where ${this.remaining} bytes are left`);
    }
    this.elementsLeft -= length;
    if (this.elementsLeft < 0)
      throw new MalformedError(`more than ${this.maxElements} array elements in a message`);
    return length;
  }

  private takeLength(length: number, what: string): number {
    if (length < 0) throw new MalformedError(`a ${what} that may not be null has length ${length}`);
    return this.take(length);
  }

  /** Reads tagged fields: hands each known one to `known`, and returns the others (undefined when there are none). */
  taggedFields(known: (tag: number) => boolean, keepUnknown: boolean): UnknownTaggedField[] | undefined {
    let unknown: UnknownTaggedField[] | undefined;
    for (let count = this.unsignedVarint(); count > 0; count--) {
      const tag = this.unsignedVarint();
      const size = this.unsignedVarint();
      const start = this.take(size);
      this.position = start;
      if (known(tag)) {
        if (this.position !== start + size) {
          throw new MalformedError(`tagged field ${tag} takes ${this.position - start} bytes, not ${size}`);
        }
      } else {
        this.position = start + size;
        if (!keepUnknown) continue;
        unknown ??= [];
        unknown.push({ tag, bytes: Uint8Array.from(this.buffer.subarray(start, start + size)) });
      }
    }
    return unknown;
  }
}
