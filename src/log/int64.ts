/**
 * int64 fields of the log's own files as numbers. Offsets, positions and timestamps are safe integers in the log.
 */

const TWO_POW_32 = 0x100000000;

/** Reads an int64. Beyond ±2^53 the result is rounded, which is as good as any other value that can't be right. */
export function readInt64(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * TWO_POW_32 + buffer.readUInt32BE(at + 4);
}

/** Writes a safe integer. */
export function writeInt64(buffer: Buffer, value: number, at: number): void {
  buffer.writeInt32BE(Math.floor(value / TWO_POW_32), at);
  buffer.writeUInt32BE(value >>> 0, at + 4);
}
