/**
 * Taking segments out of a log. Their files get another name at once and are removed a while later
 * (`file.delete.delay.ms`), so that whoever reads from them can finish.
 */
import type { LogState } from "./log-state.ts";
import type { Segment } from "./segment.ts";

/** Takes segments out of the log. The caller sees to it that the log has others, or gets one. */
export function deleteSegments(state: LogState, deleted: readonly Segment[]): void {
  if (deleted.length === 0) return;
  const { segments, snapshots } = state;
  for (const segment of deleted) {
    segments.remove(segment);
    segment.markDeleted();
    snapshots.removeWhere((offset) => offset === segment.baseOffset);
  }
  removeLater(state, deleted);
}

/** Removes the files of segments that are out of the log, after `file.delete.delay.ms`. */
export function removeLater(state: LogState, deleted: readonly Segment[]): void {
  state.schedule(state.config.fileDeleteDelayMs, () => {
    for (const segment of deleted) {
      segment.removeFiles().catch((error: unknown) => {
        state.context.logger.warn(`${segment.log.path} could not be removed: ${error}`);
      });
    }
  });
}
