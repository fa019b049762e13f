/**
 * Deleting what is too old, too much, or below the log's start. Only whole segments go, from the first on.
 */
import { KafkaError } from "../protocol/errors.ts";
import { deleteSegments } from "./delete-segments.ts";
import type { LogState } from "./log-state.ts";
import { roll } from "./roll.ts";
import type { Segment } from "./segment.ts";
import { verifyMaxTimestamp } from "./segment-search.ts";

/** What "up to the high watermark" is in a request to delete records. */
const HIGH_WATERMARK = -1;

/** Deletes the segments that the topic's configs say must go. Returns how many. */
export function applyRetention(state: LogState): number {
  state.retentionIsDue = state.isBeingCleaned;
  if (state.isClosed || state.isBeingCleaned || !state.context.health.isOnline) return 0;
  return state.context.health.guard(`deleting old segments of ${state.name}`, () => {
    const before = deleteWhile(state, "they lie below the log's start", (_, next) => {
      return next !== undefined && next.baseOffset <= state.logStartOffset;
    });
    if (!state.config.cleanupPolicy.has("delete")) return before;
    return before + deleteBySize(state) + deleteByTime(state);
  });
}

function deleteBySize(state: LogState): number {
  const { retentionBytes } = state.config;
  if (retentionBytes < 0) return 0;
  let excess = state.segments.sizeInBytes - retentionBytes;
  return deleteWhile(state, `the log is larger than retention.bytes=${retentionBytes}`, ({ size }) => {
    if (excess < size || excess <= 0) return false;
    excess -= size;
    return true;
  });
}

function deleteByTime(state: LogState): number {
  const { retentionMs } = state.config;
  if (retentionMs < 0) return 0;
  const now = state.context.clock.now();
  return deleteWhile(state, `they are older than retention.ms=${retentionMs}`, (segment) => {
    verifyMaxTimestamp(segment);
    return now - segment.largestTimestamp > retentionMs;
  });
}

/** Deletes segments from the first on as long as the condition holds; never an empty one at the end. */
function deleteWhile(
  state: LogState,
  why: string,
  condition: (segment: Segment, next: Segment | undefined) => boolean,
): number {
  const { segments, context } = state;
  const deleted: Segment[] = [];
  for (const segment of segments.all) {
    const next = segments.after(segment.baseOffset);
    // What consumers can't read yet stays, so that the log's start does not overtake the high watermark.
    const isReadable = state.highWatermark >= (next?.baseOffset ?? state.logEndOffset);
    if (!isReadable || (!next && segment.size === 0) || !condition(segment, next)) break;
    deleted.push(segment);
  }
  const last = deleted.at(-1);
  if (!last) return 0;
  const next = segments.after(last.baseOffset) ?? roll(state);
  context.logger.info(
    `${state.name}: ${deleted.length} segments up to offset ${next.baseOffset} go, because ${why}`,
  );
  startAt(state, next.baseOffset);
  deleteSegments(state, deleted);
  return deleted.length;
}

/**
 * Makes `offset` the log's first (−1 for the high watermark), if it isn't beyond it already. Returns the first offset.
 * The records go with their segments, later.
 *
 * @throws KafkaError OFFSET_OUT_OF_RANGE above the high watermark or below 0, POLICY_VIOLATION for a topic that is only
 *   compacted
 */
export function deleteRecordsBefore(state: LogState, offset: number): number {
  if (state.config.cleanupPolicy.has("compact") && !state.config.cleanupPolicy.has("delete")) {
    throw new KafkaError(
      "POLICY_VIOLATION",
      `Records of partition ${state.name} can not be deleted due to the configured policy`,
    );
  }
  const target = offset === HIGH_WATERMARK ? state.highWatermark : offset;
  if (target < 0 || target > state.highWatermark) {
    throw new KafkaError(
      "OFFSET_OUT_OF_RANGE",
      `The log of ${state.name} can't begin at offset ${offset}: its high watermark is ${state.highWatermark}`,
    );
  }
  state.context.health.check();
  startAt(state, target);
  return state.logStartOffset;
}

function startAt(state: LogState, offset: number): void {
  if (offset <= state.logStartOffset) return;
  state.logStartOffset = offset;
  state.epochs.truncateFromStart(offset);
  state.recoveryPoint = Math.max(state.recoveryPoint, offset);
  state.notify();
}
