/**
 * Beginning a new segment.
 */
import type { LogConfig } from "../config/topic-config.ts";
import { fileName, Suffix } from "./file-names.ts";
import { flushInBackground } from "./flush.ts";
import type { LogState } from "./log-state.ts";
import type { Segment } from "./segment.ts";

/** What is about to be appended. */
export interface Incoming {
  readonly size: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly maxTimestamp: number;
}

/** The segment to append to: a new one if the active one is full, too old, or can't hold the offsets. */
export function segmentFor(state: LogState, incoming: Incoming): Segment {
  const { active } = state.segments;
  const { segmentBytes, segmentIndexBytes } = state.config;
  const mustRoll =
    active.size > segmentBytes - incoming.size ||
    (active.size > 0 &&
      active.isOlderThan(maxSegmentMs(state.config), incoming.maxTimestamp, state.context.clock.now())) ||
    active.indexIsFull(segmentIndexBytes) ||
    !active.canHold(incoming.lastOffset);
  return mustRoll ? roll(state, incoming.firstOffset) : active;
}

/** What is appended to can't be compacted: it must not stay so for longer than `max.compaction.lag.ms` (KIP-354). */
function maxSegmentMs({ cleanupPolicy, maxCompactionLagMs, segmentMs }: LogConfig): number {
  const isBounded = cleanupPolicy.has("compact") && maxCompactionLagMs > 0;
  return isBounded ? Math.min(maxCompactionLagMs, segmentMs) : segmentMs;
}

/** Begins a new segment at `offset`, or at the end of the log if that is later. */
export function roll(state: LogState, offset = state.logEndOffset): Segment {
  const { producers, snapshots } = state;
  const { active } = state.segments;
  const baseOffset = Math.max(offset, state.logEndOffset);
  if (active.size === 0 && active.baseOffset === baseOffset) return active;
  active.seal();
  removeStaleFiles(state, baseOffset);
  const segment = state.beginSegment(baseOffset);
  // The new segment can then be recovered from the snapshot and itself alone.
  producers.endOffset = baseOffset;
  snapshots.take(producers);
  flushInBackground(state);
  return segment;
}

/** Files of a segment that begins where the new one does would be taken for its own. */
function removeStaleFiles(state: LogState, baseOffset: number): void {
  const { disk, logger } = state.context;
  for (const suffix of [Suffix.log, Suffix.offsetIndex, Suffix.timeIndex, Suffix.transactionIndex]) {
    const path = `${state.directory}/${fileName(baseOffset, suffix)}`;
    if (!disk.exists(path)) continue;
    logger.warn(`${path} is there though its segment has not begun; it is removed`);
    disk.remove(path);
  }
}
