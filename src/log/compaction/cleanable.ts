/**
 * How much of a log compaction could clean, and whether it is worth it. Never beyond the last stable offset, so that
 * every transaction in it is decided, and never the segment that is appended to.
 */
import type { LogState } from "../log-state.ts";
import type { Segment } from "../segment.ts";
import { verifyMaxTimestamp } from "../segment-search.ts";

export interface Cleanable {
  /** Where the part begins that was never cleaned. */
  readonly firstDirtyOffset: number;
  /** Where the part ends that can be cleaned: the beginning of a segment. */
  readonly firstUncleanableOffset: number;
  /** Bytes that can be cleaned, and those with what was cleaned before. */
  readonly cleanableBytes: number;
  readonly totalBytes: number;
  /** The share of the one in the other. */
  readonly ratio: number;
  /** Whether the share is above `min.cleanable.dirty.ratio`, or something has waited for `max.compaction.lag.ms`. */
  readonly isWorthIt: boolean;
}

/**
 * What could be cleaned now.
 *
 * @param cleanedUpTo where the last cleaning ended, as the checkpoint has it; undefined if there was none
 */
export function cleanablePart(state: LogState, cleanedUpTo: number | undefined): Cleanable {
  const { segments, config } = state;
  const firstDirtyOffset = firstDirty(state, cleanedUpTo);
  const end = endOfCleanable(state, firstDirtyOffset);
  const firstUncleanableOffset = (segments.inactiveFrom(end)[0] ?? segments.active).baseOffset;
  const cleanableBytes = sizeOf(
    segments.between(Math.min(firstDirtyOffset, firstUncleanableOffset), firstUncleanableOffset),
  );
  const cleanBytes = sizeOf(segments.all.filter(({ baseOffset }) => baseOffset < firstDirtyOffset));
  const totalBytes = cleanBytes + cleanableBytes;
  const ratio = totalBytes === 0 ? 0 : cleanableBytes / totalBytes;
  const isDue =
    ratio > config.minCleanableDirtyRatio || (cleanableBytes > 0 && isOverdue(state, firstDirtyOffset));
  return {
    firstDirtyOffset,
    firstUncleanableOffset,
    cleanableBytes,
    totalBytes,
    ratio,
    isWorthIt: totalBytes > 0 && isDue,
  };
}

/** A checkpoint that can't be right counts as none: then the whole log is looked at. */
function firstDirty(state: LogState, cleanedUpTo = state.logStartOffset): number {
  const { logStartOffset, logEndOffset, config, context, name } = state;
  if (cleanedUpTo >= logStartOffset && cleanedUpTo <= logEndOffset) return cleanedUpTo;
  // Retention moves the start of a log that is compacted and deleted from.
  if (cleanedUpTo > logEndOffset || !config.cleanupPolicy.has("delete")) {
    context.logger.warn(
      `${name} is said to be compacted up to offset ${cleanedUpTo}, but goes from ${logStartOffset} to ${logEndOffset}; it is compacted from its beginning`,
    );
  }
  return logStartOffset;
}

function endOfCleanable(state: LogState, firstDirtyOffset: number): number {
  const { segments, config, context, lastStableOffset } = state;
  const end = Math.min(lastStableOffset, segments.active.baseOffset);
  if (config.minCompactionLagMs > 0) {
    const youngest = context.clock.now() - config.minCompactionLagMs;
    const tooYoung = segments.inactiveFrom(firstDirtyOffset).find((segment) => {
      verifyMaxTimestamp(segment);
      return segment.largestTimestamp > youngest;
    });
    if (tooYoung) return Math.max(firstDirtyOffset, Math.min(end, tooYoung.baseOffset));
  }
  return Math.max(firstDirtyOffset, end);
}

/** Whether a segment with dirty records began longer ago than `max.compaction.lag.ms`. */
function isOverdue(state: LogState, firstDirtyOffset: number): boolean {
  const { segments, config, context } = state;
  const oldest = context.clock.now() - config.maxCompactionLagMs;
  if (oldest <= 0) return false;
  return segments.inactiveFrom(firstDirtyOffset).some(({ firstBatchTimestamp }) => {
    return firstBatchTimestamp > 0 && firstBatchTimestamp < oldest;
  });
}

function sizeOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { size }) => sum + size, 0);
}
