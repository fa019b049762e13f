/**
 * Compressing for those who can wait: what would take long is done on the thread pool. Snappy and lz4 never do; gzip
 * needs some 25 ms for a mebibyte.
 */
import { CompressionType, compress } from "./codec.ts";
import { compressGzipInBackground, compressZstdInBackground } from "./zlib.ts";

/** Fewer bytes are compressed faster than the thread pool is asked. */
const WORTH_A_DETOUR = 32 * 1024;

/** As `compress`, at the compression's default level: at once, or soon. */
export function compressOutOfTheWay(
  type: CompressionType,
  bytes: Uint8Array,
): Uint8Array | Promise<Uint8Array> {
  if (bytes.length >= WORTH_A_DETOUR) {
    if (type === CompressionType.gzip) return compressGzipInBackground(bytes);
    if (type === CompressionType.zstd) return compressZstdInBackground(bytes);
  }
  return compress(type, bytes);
}
