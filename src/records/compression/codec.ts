/** The compressions that Kafka has, by the number that a batch's attributes hold. */
import { KafkaError } from "../../protocol/errors.ts";
import { compressLz4, decompressLz4 } from "./lz4.ts";
import { compressSnappy, decompressSnappy } from "./snappy.ts";
import { compressGzip, compressZstd, decompressGzip, decompressZstd } from "./zlib.ts";

export const CompressionType = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;
export type CompressionType = (typeof CompressionType)[keyof typeof CompressionType];

/**
 * Compresses the records of a batch. Levels, which the configuration has checked: gzip 1–9 or −1, lz4 1–17,
 * zstd −131072–22; none and snappy have none. A missing level is Kafka's default: gzip −1, lz4 9, zstd 3.
 */
export function compress(type: CompressionType, bytes: Uint8Array, level?: number): Uint8Array {
  switch (type) {
    case CompressionType.none:
      return bytes;
    case CompressionType.gzip:
      return compressGzip(bytes, level);
    case CompressionType.snappy:
      return compressSnappy(bytes);
    case CompressionType.lz4:
      return compressLz4(bytes, level);
    case CompressionType.zstd:
      return compressZstd(bytes, level);
  }
}

/**
 * Decompresses the records of a batch, at most to `maxSize` bytes: throws MESSAGE_TOO_LARGE before much more memory
 * than that is in use, INVALID_RECORD if the bytes are malformed, cut short or followed by others, or if `type` is
 * no compression at all. What is not compressed is returned as it is.
 */
export function decompress(type: number, bytes: Buffer, maxSize: number): Buffer {
  switch (type) {
    case CompressionType.none:
      return bytes;
    case CompressionType.gzip:
      return decompressGzip(bytes, maxSize);
    case CompressionType.snappy:
      return decompressSnappy(bytes, maxSize);
    case CompressionType.lz4:
      return decompressLz4(bytes, maxSize);
    case CompressionType.zstd:
      return decompressZstd(bytes, maxSize);
    default:
      throw new KafkaError("INVALID_RECORD", `Nobody knows compression type ${type}.`);
  }
}
