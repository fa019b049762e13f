/**
 * The bytes that a hash is made of, put together from values as the library does that Kafka uses for it (hash4j):
 * little-endian, and strings as UTF-16 followed by their length.
 */
import { type Uuid, uuidToBytes } from "../../../protocol/uuid.ts";

export class HashInput {
  private buffer = new Uint8Array(256);
  private view = new DataView(this.buffer.buffer);
  private length = 0;

  byte(value: number): void {
    this.view.setUint8(this.reserve(1), value);
  }

  int(value: number): void {
    this.view.setInt32(this.reserve(4), value, true);
  }

  /** Signed or unsigned. */
  long(value: bigint): void {
    this.view.setBigInt64(this.reserve(8), value, true);
  }

  string(value: string): void {
    for (let at = 0; at < value.length; at++)
      this.view.setUint16(this.reserve(2), value.charCodeAt(at), true);
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

  private reserve(size: number): number {
    const at = this.length;
    this.length += size;
    if (this.length > this.buffer.length) {
      const larger = new Uint8Array(this.buffer.length * 2);
      larger.set(this.buffer);
      this.buffer = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }
}
