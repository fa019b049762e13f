/**
 * Reads a `.log` off the event loop, in chunks of whole batches, at bounded memory.
 */

import { HEADER_SIZE } from "../../records/batch-header.ts";
import { CorruptLogError } from "../corrupt-log-error.ts";
import type { LazyFile } from "../open-files.ts";
import { batchSizeAt } from "../walk-batches.ts";

/** Whole batches in memory, good until the next chunk is asked for. */
export interface Chunk {
  readonly buffer: Buffer;
  /** Where they end in `buffer`; they begin at 0. */
  readonly end: number;
  /** Where they begin in the file. */
  readonly position: number;
}

export class ChunkReader {
  #buffer: Buffer;

  /** @param chunkBytes how much is read at a time; more only for a batch that is larger */
  constructor(private readonly chunkBytes: number) {
    this.#buffer = Buffer.allocUnsafe(Math.max(chunkBytes, HEADER_SIZE));
  }

  /**
   * The batches from `position` on, which must end at `end`; null when there are no more.
   *
   * @throws CorruptLogError when a batch should begin and doesn't
   */
  async next(file: LazyFile, position: number, end: number): Promise<Chunk | null> {
    if (position >= end) return null;
    if (this.#buffer.length > Math.max(this.chunkBytes, HEADER_SIZE)) {
      this.#buffer = Buffer.allocUnsafe(Math.max(this.chunkBytes, HEADER_SIZE));
    }
    for (;;) {
      const buffer = this.#buffer;
      const read = await file.readInBackground(buffer, 0, Math.min(buffer.length, end - position), position);
      const wholeEnd = endOfWholeBatches(buffer, read);
      if (wholeEnd > 0) return { buffer, end: wholeEnd, position };
      const size = read >= HEADER_SIZE ? batchSizeAt(buffer, 0) : 0;
      if (size === 0 || size <= buffer.length || position + size > end)
        throw new CorruptLogError(file.path, position);
      this.#buffer = Buffer.allocUnsafe(size);
    }
  }
}

function endOfWholeBatches(buffer: Buffer, available: number): number {
  let end = 0;
  while (end + HEADER_SIZE <= available) {
    const size = batchSizeAt(buffer, end);
    if (size === 0 || end + size > available) break;
    end += size;
  }
  return end;
}
