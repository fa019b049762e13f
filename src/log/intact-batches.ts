/**
 * Making sure of batches before they are handed out: every byte of a `.log` has its CRC checked once, by whoever reads
 * it first. A batch that isn't what was written is refused with file and position, and never served.
 */
import { KafkaError } from "../protocol/errors.ts";
import * as header from "../records/batch-header.ts";
import { batchCrcIsValid } from "../records/validate.ts";
import type { LogState } from "./log-state.ts";
import type { Segment } from "./segment.ts";
import { type BatchView, readBatches } from "./walk-batches.ts";

/** Bytes that are read and checked at once, when somebody reads what nobody has read yet. */
const SCRATCH_SIZE = 256 * 1024;
let scratch: Buffer | null = null;

/** Whether a batch has its CRC, and offsets that it can have where it lies: `nextOffset` comes next. */
export function isIntact(segment: Segment, { buffer, at }: BatchView, nextOffset: number): boolean {
  return (
    header.baseOffset(buffer, at) >= nextOffset &&
    header.lastOffsetDelta(buffer, at) >= 0 &&
    segment.canHold(header.lastOffset(buffer, at)) &&
    batchCrcIsValid(buffer, at)
  );
}

/**
 * Up to where the bytes from `from` (where a batch begins) to `to` are intact: `to`, or where the first batch begins
 * that isn't. Reads what nobody has read yet, the last batch whole.
 */
export function intactTo(state: LogState, segment: Segment, from: number, to: number): number {
  const known = segment.intact.knownTo(from);
  if (known >= to) return to;
  let end = known;
  let nextOffset = segment.baseOffset;
  const upTo = endOffsetOf(state, segment);
  scratch ??= Buffer.alloc(SCRATCH_SIZE);
  const buffer = scratch.subarray(0, Math.max(header.HEADER_SIZE, to - known));
  for (const batch of readBatches(segment.log, known, segment.size, buffer)) {
    if (!isIntact(segment, batch, nextOffset)) break;
    if (header.lastOffset(batch.buffer, batch.at) >= upTo) break;
    nextOffset = header.nextOffset(batch.buffer, batch.at);
    end = batch.position + batch.size;
    if (end >= to) break;
  }
  segment.intact.add(known, end);
  return Math.min(end, to);
}

/** Throws what `damaged` makes unless all bytes between the two positions are intact. */
export function requireIntact(state: LogState, segment: Segment, from: number, to: number): void {
  const end = intactTo(state, segment, from, to);
  if (end < to) throw damaged(state, segment, end);
}

/** The batches between two positions, each made sure of. Throws what `damaged` makes at the first that isn't intact. */
export function* intactBatches(
  state: LogState,
  segment: Segment,
  from: number,
  to: number,
): Generator<BatchView> {
  let end = from;
  let nextOffset = segment.baseOffset;
  for (const batch of readBatches(segment.log, from, to)) {
    if (!isIntact(segment, batch, nextOffset)) break;
    nextOffset = header.nextOffset(batch.buffer, batch.at);
    end = batch.position + batch.size;
    yield batch;
  }
  if (end < to) throw damaged(state, segment, end);
}

/** CORRUPT_MESSAGE with file and position; the log says so once. */
export function damaged(state: LogState, segment: Segment, position: number): KafkaError {
  const what = `${segment.log.path} at byte ${position}: the batch there is not what was written`;
  if (segment.intact.damagedAt !== position) {
    segment.intact.damagedAt = position;
    state.context.logger.error(`${what}; it is not served. Is the disk failing?`);
  }
  return new KafkaError("CORRUPT_MESSAGE", what);
}

/** Offsets of the segment lie below this one. */
function endOffsetOf(state: LogState, segment: Segment): number {
  return state.segments.after(segment.baseOffset)?.baseOffset ?? state.logEndOffset;
}
