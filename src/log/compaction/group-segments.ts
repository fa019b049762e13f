/**
 * Which segments become one: neighbours that together are no larger than one may be, in `.log` and indexes.
 */
import type { LogConfig } from "../../config/topic-config.ts";
import { OFFSET_ENTRY_SIZE } from "../offset-index.ts";
import type { Segment } from "../segment.ts";
import { TIME_ENTRY_SIZE } from "../time-index.ts";

/** An index holds offsets as int32 above the base. */
const MAX_RELATIVE_OFFSET = 0x7fffffff;

/** @param end the offset after the last segment's last, or more */
export function groupSegments(
  segments: readonly Segment[],
  { segmentBytes, segmentIndexBytes }: LogConfig,
  end: number,
): Segment[][] {
  const groups: Segment[][] = [];
  let bytes = 0;
  let offsetIndexBytes = 0;
  let timeIndexBytes = 0;
  for (const [index, segment] of segments.entries()) {
    const group = groups.at(-1);
    const first = group?.[0];
    const last = (segments[index + 1]?.baseOffset ?? end) - 1;
    bytes += segment.size;
    offsetIndexBytes += segment.offsetIndex.entries.count * OFFSET_ENTRY_SIZE;
    timeIndexBytes += segment.timeIndex.entries.count * TIME_ENTRY_SIZE;
    const fits =
      bytes <= segmentBytes && offsetIndexBytes <= segmentIndexBytes && timeIndexBytes <= segmentIndexBytes;
    if (group && first && fits && (segment.size === 0 || last - first.baseOffset <= MAX_RELATIVE_OFFSET)) {
      group.push(segment);
      continue;
    }
    groups.push([segment]);
    bytes = segment.size;
    offsetIndexBytes = segment.offsetIndex.entries.count * OFFSET_ENTRY_SIZE;
    timeIndexBytes = segment.timeIndex.entries.count * TIME_ENTRY_SIZE;
  }
  return groups;
}
