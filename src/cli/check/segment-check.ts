/**
 * Goes through the batches of one `.log`, once, and shows each that is intact to whoever compares it with something.
 */

import type { LazyFile } from "../../log/open-files.ts";
import { type BatchView, claimedSize, readBatches } from "../../log/walk-batches.ts";
import { messageOf } from "../../metadata/metadata-error.ts";
import * as header from "../../records/batch-header.ts";
import { RecordCursor } from "../../records/record-cursor.ts";
import { batchCrcIsValid } from "../../records/validate.ts";

/** An index holds offsets as int32 above the segment's first. */
const MAX_RELATIVE_OFFSET = 0x7fffffff;

export interface SegmentTarget {
  /** Offsets go up to here at most: where the next segment begins. */
  readonly nextBase: number;
  readonly deep: boolean;
  batch(batch: BatchView): void;
  /** Something is wrong with a batch, and the next one can still be found. */
  wrong(what: string, position: number): void;
}

export interface SegmentEnd {
  /** The offset after the last batch that is intact. */
  readonly nextOffset: number;
  /** Where whole batches end; the file's size if they fill it. */
  readonly end: number;
  /** What stands behind them; null for nothing. */
  readonly rest: string | null;
  readonly isIntact: boolean;
}

/** Checks the file's first `size` bytes, which begin with offset `base`. */
export function checkSegment(file: LazyFile, base: number, size: number, target: SegmentTarget): SegmentEnd {
  let nextOffset = base;
  let end = 0;
  let isIntact = true;
  for (const batch of readBatches(file, 0, size)) {
    end = batch.position + batch.size;
    const wrong = whatIsWrong(batch, base, nextOffset, target);
    if (wrong === null) {
      nextOffset = header.nextOffset(batch.buffer, batch.at);
      target.batch(batch);
      continue;
    }
    isIntact = false;
    target.wrong(wrong, batch.position);
    // Offsets that are wrong must not make the right ones behind them look wrong.
    const next = header.nextOffset(batch.buffer, batch.at);
    if (batchCrcIsValid(batch.buffer, batch.at) && next > nextOffset && next <= target.nextBase)
      nextOffset = next;
  }
  if (end === size) return { nextOffset, end, rest: null, isIntact };
  return { nextOffset, end, rest: whatFollows(file, end, size), isIntact: false };
}

function whatIsWrong(
  { buffer, at }: BatchView,
  base: number,
  nextOffset: number,
  { nextBase, deep }: SegmentTarget,
): string | null {
  if (!batchCrcIsValid(buffer, at))
    return `the CRC of the batch at offset ${header.baseOffset(buffer, at)} is wrong`;
  const first = header.baseOffset(buffer, at);
  const last = header.lastOffset(buffer, at);
  if (last < first) return `a batch at offset ${first} ends at ${last}`;
  if (first < nextOffset) return `a batch begins at offset ${first} where ${nextOffset} comes next`;
  if (last >= nextBase)
    return `a batch goes up to offset ${last}, and the next segment begins at ${nextBase}`;
  if (last - base > MAX_RELATIVE_OFFSET) return `offset ${last} is too far above the segment's first`;
  return deep ? recordsAreWrong(buffer, at) : null;
}

function recordsAreWrong(buffer: Buffer, at: number): string | null {
  try {
    const cursor = new RecordCursor(buffer, at);
    let next = header.baseOffset(buffer, at);
    while (cursor.next()) {
      if (cursor.offset < next || cursor.offset > header.lastOffset(buffer, at)) {
        return `a record has offset ${cursor.offset} where ${next} comes next`;
      }
      next = cursor.offset + 1;
    }
    return null;
  } catch (error) {
    return `the records of the batch at offset ${header.baseOffset(buffer, at)} can't be read: ${messageOf(error)}`;
  }
}

function whatFollows(file: LazyFile, position: number, size: number): string {
  const rest = size - position;
  const head = Buffer.alloc(header.HEADER_SIZE);
  if (file.read(head, 0, head.length, position) < head.length) return `${rest} bytes that are no whole batch`;
  if (head.every((byte) => byte === 0)) return `${rest} bytes that begin with zeros`;
  const magic = header.magic(head, 0);
  if (magic === 0 || magic === 1)
    return `${rest} bytes that may be messages of format ${magic}, which can't be read`;
  if (magic !== header.MAGIC_V2) return `${rest} bytes that are no batch: the magic is ${magic}`;
  const claimed = claimedSize(head, 0);
  if (claimed > rest) return `${rest} bytes of a batch that says it has ${claimed}`;
  return `${rest} bytes that are no batch`;
}
