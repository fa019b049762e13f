/**
 * The first half of compaction: going through the dirty part of a log, and noting at which offset each key was written
 * last.
 */
import * as header from "../../records/batch-header.ts";
import { RecordCursor } from "../../records/record-cursor.ts";
import type { LogState } from "../log-state.ts";
import { startFor } from "../segment-search.ts";
import type { Cleanable } from "./cleanable.ts";
import { CleanedTransactions } from "./cleaned-transactions.ts";
import { abortedBetween, type CleaningTools, walkInTurns } from "./cleaning.ts";
import type { OffsetMap } from "./offset-map.ts";

/**
 * Fills the map with the keys from the first dirty offset on, as far as it has room. What it covers then ends with its
 * `latestOffset`. Keys of aborted transactions don't count.
 */
export async function gatherKeys(state: LogState, part: Cleanable, tools: CleaningTools): Promise<void> {
  const { firstDirtyOffset: from, firstUncleanableOffset: end } = part;
  const transactions = new CleanedTransactions();
  transactions.add(abortedBetween(state, from, end));
  const dirty = state.segments.between(from, end);
  const { maxDecompressedMessageBytes } = state.config;
  for (const [index, segment] of dirty.entries()) {
    let isFull = false;
    await walkInTurns(segment, startFor(segment, from), tools, (buffer, at) => {
      if (header.isControl(header.attributes(buffer, at))) transactions.meetControlBatch(buffer, at);
      else if (!transactions.meetBatch(buffer, at)) {
        isFull = !gather(buffer, at, from, tools.map, maxDecompressedMessageBytes);
      }
      if (isFull) return false;
      const last = header.lastOffset(buffer, at);
      if (last >= from) tools.map.latestOffset = last;
      return true;
    });
    if (isFull) return;
    // Offsets that nobody has any more are covered too.
    tools.map.latestOffset = (dirty[index + 1]?.baseOffset ?? end) - 1;
  }
}

/** Returns false when the map is full. */
function gather(buffer: Buffer, at: number, from: number, map: OffsetMap, maxBytes: number): boolean {
  const cursor = new RecordCursor(buffer, at, maxBytes);
  while (cursor.next()) {
    const { keySize, keyStart, offset } = cursor;
    if (keySize < 0 || offset < from) continue;
    if (!map.put(cursor.bytes, keyStart, keyStart + keySize, offset)) return false;
  }
  return true;
}
