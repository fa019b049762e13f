/**
 * Finding things in a segment. The indexes say where to begin; that a batch begins there is checked, and indexes that
 * are found wrong are rebuilt from the `.log`.
 */
import { baseOffset, lastOffset, maxTimestamp, partitionLeaderEpoch } from "../records/batch-header.ts";
import { firstRecordSince, recordWithMaxTimestamp } from "../records/timestamps.ts";
import { isIntact } from "./intact-batches.ts";
import type { BatchPosition } from "./recent-batches.ts";
import type { Segment } from "./segment.ts";
import { readBatches, walkHeaders } from "./walk-batches.ts";

/** A record's place in time, and the leader epoch its batch was written in. */
export interface FoundTimestamp {
  readonly timestamp: number;
  readonly offset: number;
  readonly leaderEpoch: number;
}

/** The first batch whose last offset is `offset` or above, if there is one. */
export function findBatch(segment: Segment, offset: number): BatchPosition | undefined {
  return segment.findRecent(offset) ?? walkTo(segment, offset);
}

function walkTo(segment: Segment, offset: number): BatchPosition | undefined {
  let found: BatchPosition | undefined;
  const walkedFrom = startFor(segment, offset);
  walkHeaders(segment.log, walkedFrom, segment.size, (buffer, at, position, size) => {
    if (lastOffset(buffer, at) < offset) return false;
    found = { position, size, baseOffset: baseOffset(buffer, at), walkedFrom };
    return true;
  });
  return found;
}

/**
 * A position at which a batch begins, at or before the first one with `offset` or a higher one. Rebuilds the indexes
 * if they lead to a place where no such batch begins.
 */
export function startFor(segment: Segment, offset: number): number {
  const hint = segment.offsetIndex.lookup(offset);
  if (hint.position === 0 || isBatchBelow(segment, hint.position, hint.offset)) return hint.position;
  rebuildIndexes(segment);
  return segment.offsetIndex.lookup(offset).position;
}

function isBatchBelow(segment: Segment, position: number, offset: number): boolean {
  let isBelow = false;
  if (position < 0) return false;
  walkHeaders(segment.log, position, segment.size, (buffer, at) => {
    const base = baseOffset(buffer, at);
    isBelow = base >= segment.baseOffset && base <= offset;
    return true;
  });
  return isBelow;
}

/** Fills the indexes by offset and time anew from the headers in the `.log`, leaving out offsets that can't be right. */
export function rebuildIndexes(segment: Segment): void {
  let last = segment.baseOffset - 1;
  segment.resetIndexes();
  walkHeaders(segment.log, 0, segment.size, (buffer, at, position, size) => {
    const offset = lastOffset(buffer, at);
    if (offset <= last || !segment.canHold(offset)) return false;
    last = offset;
    segment.addToIndexes(offset, maxTimestamp(buffer, at), position, size);
    return false;
  });
  segment.seal();
  segment.maxIsVerified = true;
}

/**
 * The offset after the segment's last one, and whether batches as they were written fill the file to its end, as far as
 * the index doesn't reach.
 */
export function readNextOffset(segment: Segment): { nextOffset: number; isWhole: boolean } {
  const { log, size, intact } = segment;
  let nextOffset = segment.baseOffset;
  const from = startFor(segment, segment.offsetIndex.last.offset);
  let end = from;
  if (intact.knownTo(from) >= size) {
    end = walkHeaders(log, from, size, (buffer, at) => {
      nextOffset = lastOffset(buffer, at) + 1;
      return false;
    });
  } else {
    for (const batch of readBatches(log, from, size)) {
      if (!isIntact(segment, batch, nextOffset)) break;
      nextOffset = lastOffset(batch.buffer, batch.at) + 1;
      end = batch.position + batch.size;
    }
    intact.add(from, end);
  }
  return { nextOffset, isWhole: end === size };
}

/**
 * Makes sure that what the time index says about the segment's largest timestamp is true: there is a batch with it at
 * that offset. A wrong one could make retention delete what must be kept. Looks only once at each segment.
 */
export function verifyMaxTimestamp(segment: Segment): void {
  if (segment.maxIsVerified) return;
  segment.maxIsVerified = true;
  if (!maxTimestampIsTrue(segment)) rebuildIndexes(segment);
}

function maxTimestampIsTrue(segment: Segment): boolean {
  const { entries, last } = segment.timeIndex;
  if (entries.isRagged || segment.offsetIndex.entries.isRagged) return false;
  if (entries.count === 0) return segment.size === 0;
  return segment.canHold(last.offset) && maxTimestampAt(segment, last.offset) === last.timestamp;
}

function maxTimestampAt(segment: Segment, offset: number): number | undefined {
  const batch = findBatch(segment, offset);
  let timestamp: number | undefined;
  if (!batch) return undefined;
  walkHeaders(segment.log, batch.position, segment.size, (buffer, at) => {
    timestamp = maxTimestamp(buffer, at);
    return true;
  });
  return timestamp;
}

/** Makes sure of the bytes between two positions, or throws. */
type Require = (from: number, to: number) => void;

/** The first record at or after `startOffset` whose timestamp is `timestamp` or later. */
export function findByTimestamp(
  segment: Segment,
  timestamp: number,
  startOffset: number,
  maxDecompressedBytes: number,
  requireIntact: Require,
): FoundTimestamp | undefined {
  const hint = segment.timeIndex.lookup(timestamp);
  const isTrue = hint.timestamp < 0 || maxTimestampAt(segment, hint.offset) === hint.timestamp;
  const from = startFor(segment, Math.max(isTrue ? hint.offset : segment.baseOffset, startOffset));
  let found: FoundTimestamp | undefined;
  walkHeaders(segment.log, from, segment.size, (buffer, at, position, size) => {
    if (maxTimestamp(buffer, at) < timestamp || lastOffset(buffer, at) < startOffset) return false;
    requireIntact(from, position + size);
    const batch = readWhole(segment, position, size);
    const record = firstRecordSince(batch, 0, timestamp, startOffset, maxDecompressedBytes);
    if (record) found = { ...record, leaderEpoch: partitionLeaderEpoch(batch, 0) };
    return found !== undefined;
  });
  if (!found) requireIntact(from, segment.size);
  return found;
}

/** The record with the segment's largest timestamp. */
export function findMaxTimestamp(
  segment: Segment,
  maxDecompressedBytes: number,
  requireIntact: Require,
): FoundTimestamp | undefined {
  verifyMaxTimestamp(segment);
  const { timestamp, offset } = segment.max;
  const batch = timestamp < 0 ? undefined : findBatch(segment, offset);
  if (!batch) return undefined;
  requireIntact(batch.position, batch.position + batch.size);
  const bytes = readWhole(segment, batch.position, batch.size);
  const record = recordWithMaxTimestamp(bytes, 0, maxDecompressedBytes);
  return record ? { ...record, leaderEpoch: partitionLeaderEpoch(bytes, 0) } : undefined;
}

function readWhole(segment: Segment, position: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  const read = segment.log.read(bytes, 0, size, position);
  return bytes.subarray(0, read);
}
