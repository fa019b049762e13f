/** Changes the compression of a batch, for a topic whose `compression.type` is not what the producer chose. */
import {
  attributes,
  CRC_START,
  compressionType,
  HEADER_SIZE,
  setAttributes,
  setCrc,
  setSizeInBytes,
} from "./batch-header.ts";
import { type CompressionType, compress } from "./compression/codec.ts";
import { crc32c } from "./crc32c.ts";
import { recordsOf } from "./record-cursor.ts";

/**
 * A copy of the batch at `at` whose records are compressed in another way: the records themselves, and every other
 * field of the header, stay as they are. `level` is in the new compression's scale. Throws what `recordsOf` throws.
 */
export function recompressBatch(
  buffer: Buffer,
  at: number,
  compression: CompressionType,
  level?: number,
  maxDecompressedBytes?: number,
): Buffer {
  const records = compress(compression, recordsOf(buffer, at, maxDecompressedBytes), level);
  const result = Buffer.allocUnsafe(HEADER_SIZE + records.length);
  buffer.copy(result, 0, at, at + HEADER_SIZE);
  result.set(records, HEADER_SIZE);
  const kept = attributes(buffer, at);
  setAttributes(result, 0, kept - compressionType(kept) + compression);
  setSizeInBytes(result, 0, result.length);
  setCrc(result, 0, crc32c(result, CRC_START));
  return result;
}
