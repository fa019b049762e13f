/**
 * Walking over the batches of a `.log`, by their headers alone or with their bytes, at bounded memory.
 */
import {
  HEADER_SIZE,
  headerIsReadable,
  LOG_OVERHEAD,
  MAGIC_V2,
  magic,
  sizeInBytes,
} from "../records/batch-header.ts";
import type { LazyFile } from "./open-files.ts";

/** Bytes read at once when only headers are wanted: many small batches, or the header of a large one. */
const HEADER_CHUNK = 8 * 1024;
/** Bytes read at once when the batches themselves are wanted. */
const BATCH_CHUNK = 1024 * 1024;

/** Told about a batch whose header begins at `at` in `buffer` and at `position` in the file; true ends the walk. */
export type HeaderVisitor = (
  buffer: Buffer,
  at: number,
  position: number,
  size: number,
) => boolean | undefined;

let scratch: Buffer | null = Buffer.alloc(HEADER_CHUNK);

/**
 * Shows `visit` the header of every batch from position `from` on that ends at or before `to`. Only the header's
 * bytes can be relied upon. Returns where the walk ended: at the batch that `visit` wanted to stop at, or behind the
 * last whole batch. Bytes that can't be a batch end the walk.
 */
export function walkHeaders(file: LazyFile, from: number, to: number, visit: HeaderVisitor): number {
  const buffer = scratch ?? Buffer.alloc(HEADER_CHUNK);
  scratch = null; // A walk within a walk gets a buffer of its own.
  try {
    let position = from;
    let chunkStart = 0;
    let chunkEnd = 0;
    while (position + HEADER_SIZE <= to) {
      if (position < chunkStart || position + HEADER_SIZE > chunkEnd) {
        chunkStart = position;
        chunkEnd = position + file.read(buffer, 0, Math.min(HEADER_CHUNK, to - position), position);
        if (position + HEADER_SIZE > chunkEnd) return position;
      }
      const at = position - chunkStart;
      const size = batchSizeAt(buffer, at);
      if (size === 0 || position + size > to) return position;
      if (visit(buffer, at, position, size)) return position;
      position += size;
    }
    return position;
  } finally {
    scratch = buffer;
  }
}

/** The size of the batch whose header begins at `at`, or 0 if that can't be a header of format version 2. */
export function batchSizeAt(buffer: Buffer, at: number): number {
  const size = sizeInBytes(buffer, at);
  return size >= HEADER_SIZE && magic(buffer, at) === MAGIC_V2 && headerIsReadable(buffer, at) ? size : 0;
}

/** A whole batch in memory. The buffer is used again for the next ones. */
export interface BatchView {
  readonly buffer: Buffer;
  /** Where the batch begins in `buffer`. */
  readonly at: number;
  readonly size: number;
  /** Where it begins in the file. */
  readonly position: number;
}

/**
 * Yields every whole batch from position `from` on that ends at or before `to`, stopping at bytes that can't be a
 * batch. Holds a mebibyte, or the largest batch if that is more; each view is good until the next is asked for.
 *
 * @param into a buffer to use, for at least a header, as long as batches fit into it
 */
export function* readBatches(file: LazyFile, from: number, to: number, into?: Buffer): Generator<BatchView> {
  let buffer = into ?? Buffer.alloc(Math.min(BATCH_CHUNK, Math.max(HEADER_SIZE, to - from)));
  let position = from;
  let chunkStart = from;
  let chunkEnd = from;
  while (position + HEADER_SIZE <= to) {
    let at = position - chunkStart;
    let size = chunkEnd - position >= HEADER_SIZE ? batchSizeAt(buffer, at) : -1;
    if (size === 0 || position + size > to) return;
    if (size < 0 || position + size > chunkEnd) {
      if (size > buffer.length) buffer = Buffer.alloc(size);
      chunkStart = position;
      chunkEnd = position + file.read(buffer, 0, Math.min(buffer.length, to - position), position);
      at = 0;
      size = chunkEnd - position >= HEADER_SIZE ? batchSizeAt(buffer, at) : 0;
      if (size === 0 || position + size > to) return;
      if (position + size > chunkEnd && size <= buffer.length) return;
      if (position + size > chunkEnd) continue; // Larger than the buffer: once more, with room for it.
    }
    yield { buffer, at, size, position };
    position += size;
  }
}

/** The length that the bytes at `at` claim for a batch or message of any format version: at least 12. */
export function claimedSize(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at + 8) + LOG_OVERHEAD;
}
