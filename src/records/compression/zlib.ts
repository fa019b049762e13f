/**
 * gzip and zstd, by what is built in. `node:zlib` takes 3 to 20 ms to load, hence at first need; unlike `Bun.gunzipSync`
 * and `Bun.zstdDecompressSync` it can be told how much output is too much, and knows zstd's negative levels.
 */
import type * as Zlib from "node:zlib";
import { expandsTooFar, undecodable } from "./undecodable.ts";
import { zstdFramesEnd } from "./zstd-frame.ts";

let loaded: typeof Zlib | undefined;

function zlib(): typeof Zlib {
  loaded ??= require("node:zlib") as typeof Zlib;
  return loaded;
}

/** Output is taken in pieces of about what the records usually come to. */
function chunkSize(compressedSize: number): number {
  return Math.min(Math.max(4 * compressedSize, 4096), 1 << 20);
}

const DEFAULT_GZIP_LEVEL = -1;
const DEFAULT_ZSTD_LEVEL = 3;

/** Level 1 to 9, or −1 for the library's choice. */
export function compressGzip(bytes: Uint8Array, level = DEFAULT_GZIP_LEVEL): Buffer {
  return zlib().gzipSync(bytes, { level });
}

/** The same at the default level, on the thread pool. */
export function compressGzipInBackground(bytes: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    zlib().gzip(bytes, { level: DEFAULT_GZIP_LEVEL }, (error, compressed) =>
      error ? reject(error) : resolve(compressed),
    );
  });
}

/** Level −131072 to 22. */
export function compressZstd(bytes: Uint8Array, level = DEFAULT_ZSTD_LEVEL): Buffer {
  return zlib().zstdCompressSync(bytes, zstdOptions(level));
}

/** The same at the default level, on the thread pool. */
export function compressZstdInBackground(bytes: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    zlib().zstdCompress(bytes, zstdOptions(DEFAULT_ZSTD_LEVEL), (error, compressed) =>
      error ? reject(error) : resolve(compressed),
    );
  });
}

function zstdOptions(level: number): Zlib.ZstdOptions {
  return { params: { [zlib().constants.ZSTD_c_compressionLevel]: level } };
}

/** Several gzip members one after the other are one stream, as for Java's GZIPInputStream. */
export function decompressGzip(bytes: Buffer, maxSize: number): Buffer {
  return bounded("gzip", bytes, maxSize, (options) => zlib().gunzipSync(bytes, options));
}

/** The built-in decoder is silent about input that is cut short or goes on after its end: `zstdFramesEnd` isn't. */
export function decompressZstd(bytes: Buffer, maxSize: number): Buffer {
  if (bytes.length === 0 || zstdFramesEnd(bytes) !== bytes.length)
    throw undecodable("zstd", "the last frame does not end where the batch does.");
  return bounded("zstd", bytes, maxSize, (options) => zlib().zstdDecompressSync(bytes, options));
}

function bounded(
  codec: string,
  bytes: Buffer,
  maxSize: number,
  decode: (options: { maxOutputLength: number; chunkSize: number }) => Buffer,
): Buffer {
  let output: Buffer;
  try {
    // The library's limit is 1 at least.
    output = decode({ maxOutputLength: Math.max(1, maxSize), chunkSize: chunkSize(bytes.length) });
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    throw code === "ERR_BUFFER_TOO_LARGE" ? expandsTooFar(codec, maxSize) : undecodable(codec, `${message}.`);
  }
  if (output.length > maxSize) throw expandsTooFar(codec, maxSize);
  return output;
}
