/**
 * Rebuilding a partition's producers from the newest snapshot that can be read and the batches behind it.
 */
import { attributes, baseOffset, hasProducerId, isControl, lastOffset } from "../records/batch-header.ts";
import type { LogState } from "./log-state.ts";
import { applyBatch } from "./producer-batches.ts";
import type { Segment } from "./segment.ts";
import { startFor } from "./segment-search.ts";
import { walkHeaders } from "./walk-batches.ts";

/** Makes the producers what they were when the log ended at `offset`. Rejects nothing that is in the log. */
export function loadProducers(state: LogState, offset: number): void {
  const { producers, segments, snapshots } = state;
  snapshots.loadLatest(producers, segments.first.baseOffset, offset);
  for (const segment of segments.from(producers.endOffset)) {
    if (segment.baseOffset >= offset) break;
    replay(state, segment, offset);
  }
  producers.endOffset = offset;
}

function replay(state: LogState, segment: Segment, upTo: number): void {
  const { producers } = state;
  const from = producers.endOffset;
  walkHeaders(segment.log, startFor(segment, from), segment.size, (buffer, at, position, size) => {
    if (baseOffset(buffer, at) >= upTo) return true;
    if (lastOffset(buffer, at) < from || !hasProducerId(buffer, at)) return false;
    if (!isControl(attributes(buffer, at))) {
      applyBatch(producers, buffer, at);
      return false;
    }
    // A marker is what its record says, and a header's bytes are all there is here.
    const batch = Buffer.allocUnsafe(size);
    segment.log.read(batch, 0, size, position);
    const completed = applyBatch(producers, batch, 0);
    if (completed) producers.completeTransaction(completed);
    return false;
  });
}
