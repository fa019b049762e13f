/**
 * A segment's `.timeindex`: the largest timestamp so far (int64) and the last offset of the batch that holds it,
 * relative to the segment's base (int32). Timestamps rise from entry to entry. When the segment is closed a last entry
 * tells its largest timestamp.
 */
import { EntryFile } from "./entry-file.ts";
import { readInt64, writeInt64 } from "./int64.ts";
import type { LazyFile } from "./open-files.ts";

export const TIME_ENTRY_SIZE = 12;
const RELATIVE_OFFSET_AT = 8;

export interface TimestampOffset {
  /** Milliseconds, −1 for none. */
  readonly timestamp: number;
  readonly offset: number;
}

export class TimeIndex {
  readonly entries: EntryFile;

  constructor(
    file: LazyFile,
    private readonly baseOffset: number,
  ) {
    this.entries = new EntryFile(file, TIME_ENTRY_SIZE);
  }

  /** The last entry whose timestamp is not above `timestamp`; the segment's beginning if there is none. */
  lookup(timestamp: number): TimestampOffset {
    const index = this.#lastWhere((at) => readInt64(this.entries.view, at) <= timestamp);
    return index < 0 ? { timestamp: -1, offset: this.baseOffset } : this.entry(index);
  }

  /** The last entry; no timestamp at the segment's beginning if there is none. */
  get last(): TimestampOffset {
    const count = this.entries.count;
    return count === 0 ? { timestamp: -1, offset: this.baseOffset } : this.entry(count - 1);
  }

  entry(index: number): TimestampOffset {
    const at = this.entries.find(index);
    const { view } = this.entries;
    return {
      timestamp: readInt64(view, at),
      offset: this.baseOffset + view.readInt32BE(at + RELATIVE_OFFSET_AT),
    };
  }

  /** Adds an entry if its timestamp is above the last one's. */
  maybeAppend(timestamp: number, offset: number): void {
    if (timestamp <= this.last.timestamp) return;
    const at = this.entries.append();
    const { view } = this.entries;
    writeInt64(view, timestamp, at);
    view.writeInt32BE(offset - this.baseOffset, at + RELATIVE_OFFSET_AT);
  }

  /** Drops the entries for offsets at and above `offset`. */
  truncateTo(offset: number): void {
    const relative = offset - this.baseOffset;
    const last = this.#lastWhere((at) => this.entries.view.readInt32BE(at + RELATIVE_OFFSET_AT) < relative);
    this.entries.truncate(last + 1);
  }

  /** Whether no entry fits any more under `segment.index.bytes`; one place is kept for the last entry. */
  isFull(maxBytes: number): boolean {
    return this.entries.count >= Math.floor(maxBytes / TIME_ENTRY_SIZE) - 1;
  }

  /** The last entry for which the condition holds; it must hold for all before it. −1 if for none. */
  #lastWhere(holds: (at: number) => boolean): number {
    let low = -1;
    let high = this.entries.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (holds(this.entries.find(middle))) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
