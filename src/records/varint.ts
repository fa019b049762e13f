/**
 * The variable-length integers inside records: zigzag, seven bits a byte, least significant first. (Messages have an
 * unsigned kind of their own, in `protocol`.) A varlong is a number here: read rounded where a number can't hold it, since
 * it stands for a time and a client may send any, and never written so.
 */
import { KafkaError } from "../protocol/errors.ts";

const MAX_VARINT_BYTES = 5;
const MAX_VARLONG_BYTES = 10;
/** Zigzag doubles the value, so that this is where doubles cease to be exact. */
const MAX_VARLONG = 2 ** 52 - 1;

function invalid(why: string): KafkaError {
  return new KafkaError("INVALID_RECORD", why);
}

/** Reads within `[position, end)` of some bytes; every overrun or overlong integer throws INVALID_RECORD. */
export class VarintReader {
  constructor(
    readonly bytes: Buffer,
    public position: number,
    public end: number,
  ) {}

  /** The next byte, unsigned. */
  byte(): number {
    if (this.position >= this.end) throw invalid("A record ends in the middle of a field.");
    return this.bytes[this.position++] ?? 0;
  }

  /** A 32-bit signed integer. */
  varint(): number {
    let value = 0;
    for (let index = 0; index < MAX_VARINT_BYTES; index++) {
      const byte = this.byte();
      if (index === MAX_VARINT_BYTES - 1 && byte > 0x0f) break;
      value |= (byte & 0x7f) << (7 * index);
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw invalid("A varint in a record has more than 32 bits.");
  }

  /** A 64-bit signed integer, rounded beyond ±2^52. */
  varlong(): number {
    let value = 0;
    let unit = 1;
    // Zigzag has the sign in the lowest bit, which rounding may take.
    let isOdd = false;
    for (let index = 0; index < MAX_VARLONG_BYTES; index++) {
      const byte = this.byte();
      if (index === 0) isOdd = byte % 2 === 1;
      value += (byte & 0x7f) * unit;
      unit *= 128;
      if (index === MAX_VARLONG_BYTES - 1 && byte > 1) break;
      if (byte >= 0x80) continue;
      return isOdd ? -(value + 1) / 2 : value / 2;
    }
    throw invalid("A varlong in a record has more than 64 bits.");
  }

  /** Passes over `size` bytes and returns where they began. */
  skip(size: number): number {
    const start = this.position;
    if (size > this.end - start) throw invalid(`A field of ${size} bytes overruns its record.`);
    this.position = start + size;
    return start;
  }
}

/** Bytes of a 32-bit signed integer. */
export function varintSize(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x200000 ? 3 : zigzag < 0x10000000 ? 4 : 5;
}

/** Writes a 32-bit signed integer; returns the position after it. */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
  let position = at;
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  for (; zigzag >= 0x80; zigzag >>>= 7) target[position++] = (zigzag & 0x7f) | 0x80;
  target[position++] = zigzag;
  return position;
}

/** Bytes of an integer within ±2^52. */
export function varlongSize(value: number): number {
  let size = 1;
  for (let zigzag = zigzagOf(value); zigzag >= 0x80; zigzag = Math.floor(zigzag / 0x80)) size++;
  return size;
}

/** Writes an integer within ±2^52, or throws INVALID_RECORD; returns the position after it. */
export function writeVarlong(target: Uint8Array, at: number, value: number): number {
  let position = at;
  let zigzag = zigzagOf(value);
  for (; zigzag >= 0x80; zigzag = Math.floor(zigzag / 0x80)) target[position++] = (zigzag % 0x80) | 0x80;
  target[position++] = zigzag;
  return position;
}

function zigzagOf(value: number): number {
  if (!Number.isInteger(value) || Math.abs(value) > MAX_VARLONG) {
    throw invalid(`${value} is not an integer within ±2^52.`);
  }
  return value >= 0 ? value * 2 : -value * 2 - 1;
}
