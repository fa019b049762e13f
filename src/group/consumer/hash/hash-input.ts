/**
 * The bytes that a hash is made of, put together from values as the library does that Kafka uses for it (hash4j):
 * little-endian, and strings as UTF-16 followed by their length.
 */
import { type Uuid, uuidToBytes } from "../../../protocol/uuid.ts";

const INITIAL_SIZE = 256;

export class HashInput {
  private buffer = new Uint8Array(INITIAL_SIZE);
  private view = new DataView(this.buffer.buffer);
  private length = 0;

  byte(value: number): void {
    this.reserve(1);
    this.view.setUint8(this.length, value);
    this.length += 1;
  }

  int(value: number): void {
    this.reserve(4);
    this.view.setInt32(this.length, value, true);
    this.length += 4;
  }

  /** Signed or unsigned. */
  long(value: bigint): void {
    this.reserve(8);
    this.view.setBigInt64(this.length, value, true);
    this.length += 8;
  }

  string(value: string): void {
    this.reserve(value.length * 2);
    for (let at = 0; at < value.length; at++) {
      this.view.setUint16(this.length, value.charCodeAt(at), true);
      this.length += 2;
    }
    this.int(value.length);
  }

  /** Two longs, the most significant one first. */
  uuid(value: Uuid): void {
    const bytes = uuidToBytes(value);
    const halves = new DataView(bytes.buffer, bytes.byteOffset);
    this.long(halves.getBigInt64(0));
    this.long(halves.getBigInt64(8));
  }

  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  /** Sees to it that there is room for so many bytes more. */
  private reserve(size: number): void {
    const needed = this.length + size;
    if (needed <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    larger.set(this.buffer);
    this.buffer = larger;
    this.view = new DataView(larger.buffer);
  }
}
