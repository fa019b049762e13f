/**
 * Record batches put together byte by byte, without the code under test.
 */

/** Bytes from numbers, hex text and buffers, one after the other. */
export function bytesOf(...parts: (string | Uint8Array)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "hex") : part)));
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

/** A zigzag varint, as records use it. */
export function varint(value: number): Buffer {
  return unsignedVarint(value < 0 ? -2 * value - 1 : 2 * value);
}

export function unsignedVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}

/** CRC-32C, bit by bit. */
export function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

interface HandMadeBatch {
  readonly values: readonly (string | Uint8Array)[];
  readonly baseOffset?: number;
  readonly leaderEpoch?: number;
  readonly timestampMs?: number;
  /** −1 for all three unless given. */
  readonly producer?: { readonly id: number; readonly epoch: number; readonly sequence: number };
  /** −1 is what some programs write for "none". */
  readonly headerCount?: number;
}

/** A v2 batch of uncompressed records without keys, its CRC right. */
export function handMadeBatch(batch: HandMadeBatch): Buffer {
  const { values, producer = { id: -1, epoch: -1, sequence: -1 }, timestampMs = 1726045973899 } = batch;
  const records = values.map((value, index) => {
    const bytes = typeof value === "string" ? Buffer.from(value) : value;
    const body = bytesOf(
      "00",
      varint(0),
      varint(index),
      varint(-1),
      varint(bytes.length),
      bytes,
      varint(batch.headerCount ?? 0),
    );
    return bytesOf(varint(body.length), body);
  });
  const checked = bytesOf(
    int16(0),
    int32(values.length - 1),
    int64(timestampMs),
    int64(timestampMs),
    int64(producer.id),
    int16(producer.epoch),
    int32(producer.sequence),
    int32(values.length),
    ...records,
  );
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(slowCrc32c(checked));
  return bytesOf(
    int64(batch.baseOffset ?? 0),
    int32(checked.length + 9),
    int32(batch.leaderEpoch ?? 0),
    "02",
    crc,
    checked,
  );
}
