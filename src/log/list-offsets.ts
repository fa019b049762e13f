/**
 * Which offset a point in time has.
 */
import { requireIntact } from "./intact-batches.ts";
import type { LogState } from "./log-state.ts";
import { endFor, type ReadIsolation } from "./read.ts";
import {
  type FoundTimestamp,
  findByTimestamp,
  findMaxTimestamp,
  verifyMaxTimestamp,
} from "./segment-search.ts";

/** −1 for a timestamp that was not asked for, and for a leader epoch that is not known. */
export type TimestampedOffset = FoundTimestamp;

/** Where the log begins. */
export function earliestOffset(state: LogState): TimestampedOffset {
  const first = state.epochs.entries[0];
  const leaderEpoch = first && first.startOffset <= state.logStartOffset ? first.epoch : -1;
  return { timestamp: -1, offset: state.logStartOffset, leaderEpoch };
}

/** Where a reader's view ends. */
export function latestOffset(state: LogState, isolation: ReadIsolation): TimestampedOffset {
  return { timestamp: -1, offset: endFor(state, isolation), leaderEpoch: state.epochs.latest };
}

/** The first record whose timestamp (milliseconds) is not below the given one; null if there is none. */
export function offsetForTimestamp(state: LogState, timestamp: number): TimestampedOffset | null {
  for (const segment of state.segments.all) {
    verifyMaxTimestamp(segment);
    if (segment.size === 0 || segment.max.timestamp < timestamp) continue;
    const { maxDecompressedMessageBytes } = state.config;
    const require = (from: number, to: number) => requireIntact(state, segment, from, to);
    const { logStartOffset } = state;
    const found = findByTimestamp(segment, timestamp, logStartOffset, maxDecompressedMessageBytes, require);
    if (found) return found;
  }
  return null;
}

/** The first record with the largest timestamp; null if no record has one. */
export function offsetOfMaxTimestamp(state: LogState): TimestampedOffset | null {
  let latest = state.segments.first;
  for (const segment of state.segments.all) {
    verifyMaxTimestamp(segment);
    if (segment.max.timestamp > latest.max.timestamp) latest = segment;
  }
  const { maxDecompressedMessageBytes } = state.config;
  const require = (from: number, to: number) => requireIntact(state, latest, from, to);
  return findMaxTimestamp(latest, maxDecompressedMessageBytes, require) ?? null;
}
