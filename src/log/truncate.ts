/**
 * Cutting a log off: at its end, when what was written there must not have been, or as a whole.
 */
import { deleteSegments } from "./delete-segments.ts";
import type { LogState } from "./log-state.ts";
import { loadProducers } from "./producer-loader.ts";
import type { Segment } from "./segment.ts";
import { findBatch, rebuildIndexes } from "./segment-search.ts";

/** Drops every batch that reaches `offset` or beyond. Returns whether there was any. */
export function truncateTo(state: LogState, offset: number): boolean {
  if (offset < 0) throw new RangeError(`${state.name} can't be truncated to offset ${offset}`);
  const { segments, epochs, context } = state;
  if (offset >= state.logEndOffset) {
    epochs.truncateFromEnd(state.logEndOffset);
    return false;
  }
  return context.health.guard(`truncating ${state.name}`, () => {
    context.logger.info(`${state.name} is truncated to offset ${offset}`);
    if (segments.first.baseOffset > offset) {
      restartAt(state, offset);
    } else {
      deleteSegments(
        state,
        segments.all.filter(({ baseOffset }) => baseOffset > offset),
      );
      cut(segments.active, offset);
      ended(state, offset, Math.min(offset, state.logStartOffset));
    }
    return true;
  });
}

/** Drops all there is; the log goes on at `offset`. */
export function truncateFullyAndStartAt(state: LogState, offset: number): void {
  state.context.health.guard(`truncating ${state.name}`, () => {
    state.context.logger.info(`${state.name} is emptied and begins again at offset ${offset}`);
    restartAt(state, offset);
  });
}

function restartAt(state: LogState, offset: number): void {
  deleteSegments(state, [...state.segments.all]);
  state.beginSegment(offset);
  state.epochs.clear();
  state.snapshots.removeWhere(() => true);
  ended(state, offset, offset);
}

function cut(segment: Segment, offset: number): void {
  const batch = findBatch(segment, offset);
  segment.transactionIndex.truncateTo(offset);
  if (!batch) return;
  segment.truncateLog(batch.position);
  rebuildIndexes(segment);
}

/** Everything that speaks of offsets the log no longer has. */
function ended(state: LogState, endOffset: number, logStartOffset: number): void {
  state.truncations++;
  state.logStartOffset = logStartOffset;
  state.logEndOffset = endOffset;
  state.recoveryPoint = Math.min(state.recoveryPoint, endOffset);
  state.flushedOffset = Math.min(state.flushedOffset, endOffset);
  state.epochs.truncateFromEnd(endOffset);
  state.snapshots.removeWhere((offset) => offset > endOffset);
  loadProducers(state, endOffset);
  state.moveHighWatermark(Math.min(state.highWatermark, endOffset));
  state.notify();
}
