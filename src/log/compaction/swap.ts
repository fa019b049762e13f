/**
 * Putting a compacted segment in the place of those it was made of, so that a crash at any moment leaves either. The
 * states that it may leave behind are cleared up by leftovers.ts, here as in Kafka:
 *
 * 1. `.cleaned` files: as if nothing had happened;
 * 2. `.swap` files, complete and on the device: the old segments go, and these get their names.
 */

import { removeLater } from "../delete-segments.ts";
import { fileName, Suffix } from "../file-names.ts";
import { flushRecords } from "../flush.ts";
import type { LogState } from "../log-state.ts";
import type { Segment } from "../segment.ts";

/** A segment that is being written; what an earlier run may have left of one is removed. */
export function newCleanedSegment(state: LogState, baseOffset: number): Segment {
  for (const suffix of [Suffix.log, Suffix.offsetIndex, Suffix.timeIndex, Suffix.transactionIndex]) {
    state.context.disk.remove(`${state.directory}/${fileName(baseOffset, suffix)}${Suffix.cleaned}`);
  }
  const segment = state.newSegment(baseOffset, Suffix.cleaned);
  segment.log.ensureExists();
  return segment;
}

/**
 * Makes the cleaned segment ready to take the place of others: complete, on the device, and marked so. Until it has
 * taken it the caller may remove it again.
 *
 * @param check throws when the log is not what it was
 */
export async function prepareSwap(
  state: LogState,
  cleaned: Segment,
  replaced: readonly Segment[],
  check: () => void,
): Promise<void> {
  const { disk } = state.context;
  cleaned.seal();
  cleaned.maxIsVerified = true;
  await cleaned.flushLog();
  await cleaned.flushIndexes();
  // Where a crash undoes the swap, the old segments are what there is: their records must be on the device as well.
  if (replaced.some(({ isUnflushed }) => isUnflushed)) await flushRecords(state);
  check();
  const last = replaced.at(-1);
  if (last) disk.setModifiedAt(cleaned.log.path, disk.modifiedAt(last.log.path));
  await disk.flushDirectory(state.directory);
  check();
  cleaned.changeSuffix(Suffix.cleaned, Suffix.swap);
  await disk.flushDirectory(state.directory);
  check();
}

/**
 * Puts the prepared segment in the place of others. Readers of those can finish: their files go after
 * `file.delete.delay.ms`.
 */
export async function swapIn(state: LogState, cleaned: Segment, replaced: readonly Segment[]): Promise<void> {
  const { segments, snapshots, context } = state;
  // Names first: if one can't be changed, the old segments can still be read under whatever name they have.
  for (const segment of replaced) segment.markDeleted();
  cleaned.changeSuffix(Suffix.swap, "");
  for (const segment of replaced) segments.remove(segment);
  segments.add(cleaned);
  for (const { baseOffset } of replaced) {
    if (baseOffset !== cleaned.baseOffset) snapshots.removeWhere((offset) => offset === baseOffset);
  }
  await context.disk.flushDirectory(state.directory);
  removeLater(state, replaced);
}
