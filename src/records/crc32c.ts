/**
 * CRC32C (Castagnoli), the checksum of record batches and snapshot files: slice-by-8 in TypeScript, where a call into
 * native code would cost more than it saves, @node-rs/crc32 above that, and from the first long range on what is made for
 * this processor.
 */
import { crc32Addon } from "./native.ts";
import { nativeCrc32c } from "./native-crc32c.ts";

/** Measured: below about this many bytes TypeScript is faster than crossing into the addon. */
const NATIVE_FROM_BYTES = 500;
/** Who has ranges of this size has many bytes, and soon gets back what compiling takes. */
const LONG_BYTES = 16 * 1024;

const POLYNOMIAL = 0x82f63b78;

/** Eight tables of 256 entries in one array: table k advances a byte over k further zero bytes. */
function buildTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  // The checksum of a sum is the sum of the checksums, so that each bit's entry gives those of all the bytes below it.
  for (let bit = 128, value = 1; bit > 0; bit >>>= 1) {
    value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0);
    for (let byte = 0; byte < 256; byte += 2 * bit) tables[byte + bit] = value ^ (tables[byte] ?? 0);
  }
  for (let index = 256; index < tables.length; index++) {
    const previous = tables[index - 256] ?? 0;
    tables[index] = (previous >>> 8) ^ (tables[previous & 0xff] ?? 0);
  }
  return tables;
}

function at(tables: Int32Array, index: number): number {
  return tables[index] ?? 0;
}

const tables = buildTables();
let hasLongRanges = false;

/**
 * The CRC32C of `bytes[start, end)` as an unsigned number. The range must lie within the array.
 *
 * @example crc32c(Buffer.from("123456789")) // 0xe3069283
 */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  if (start < 0 || end > bytes.length || start > end) {
    throw new RangeError(`CRC over [${start}, ${end}) of ${bytes.length} bytes`);
  }
  if (end - start >= NATIVE_FROM_BYTES) {
    hasLongRanges ||= end - start >= LONG_BYTES;
    const native = hasLongRanges ? nativeCrc32c() : null;
    if (native) return native(bytes, start, end);
    const addon = crc32Addon();
    if (addon) return addon.crc32c(bytes.subarray(start, end));
  }
  return portableCrc32c(bytes, start, end);
}

/** The same in TypeScript alone: for short ranges, and where the addon can't be loaded. */
export function portableCrc32c(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1;
  let position = start;
  for (const lastWhole = end - 8; position <= lastWhole; position += 8) {
    crc ^=
      at8(bytes, position) |
      (at8(bytes, position + 1) << 8) |
      (at8(bytes, position + 2) << 16) |
      (at8(bytes, position + 3) << 24);
    crc =
      at(tables, 1792 + (crc & 0xff)) ^
      at(tables, 1536 + ((crc >>> 8) & 0xff)) ^
      at(tables, 1280 + ((crc >>> 16) & 0xff)) ^
      at(tables, 1024 + (crc >>> 24)) ^
      at(tables, 768 + at8(bytes, position + 4)) ^
      at(tables, 512 + at8(bytes, position + 5)) ^
      at(tables, 256 + at8(bytes, position + 6)) ^
      at(tables, at8(bytes, position + 7));
  }
  for (; position < end; position++) crc = (crc >>> 8) ^ at(tables, (crc ^ at8(bytes, position)) & 0xff);
  return ~crc >>> 0;
}

function at8(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
