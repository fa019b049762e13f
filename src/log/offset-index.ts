/**
 * A segment's `.index`: offset relative to the segment's base (int32) and position in the `.log` (int32), one entry
 * for about every `index.interval.bytes`. An entry names the last offset of a batch and where that batch begins.
 *
 * It is a hint: whoever follows it checks that a batch begins there.
 */
import { EntryFile } from "./entry-file.ts";
import type { LazyFile } from "./open-files.ts";

export const OFFSET_ENTRY_SIZE = 8;

export interface OffsetPosition {
  readonly offset: number;
  readonly position: number;
}

export class OffsetIndex {
  readonly entries: EntryFile;

  constructor(
    file: LazyFile,
    private readonly baseOffset: number,
  ) {
    this.entries = new EntryFile(file, OFFSET_ENTRY_SIZE);
  }

  /** The last entry that is not above `offset`; the segment's beginning if there is none. */
  lookup(offset: number): OffsetPosition {
    const index = this.#lastNotAbove(offset, 0);
    return index < 0 ? { offset: this.baseOffset, position: 0 } : this.entry(index);
  }

  /** The offset of the first entry at or behind a position in the `.log`, or −1 if there is none. */
  firstOffsetFrom(position: number): number {
    const index = this.#lastNotAbove(position - 1, 4) + 1;
    return index < this.entries.count ? this.entry(index).offset : -1;
  }

  /** The last entry; the segment's beginning if there is none. */
  get last(): OffsetPosition {
    const count = this.entries.count;
    return count === 0 ? { offset: this.baseOffset, position: 0 } : this.entry(count - 1);
  }

  entry(index: number): OffsetPosition {
    const at = this.entries.find(index);
    const { view } = this.entries;
    return { offset: this.baseOffset + view.readInt32BE(at), position: view.readInt32BE(at + 4) };
  }

  append(offset: number, position: number): void {
    const at = this.entries.append();
    const { view } = this.entries;
    view.writeInt32BE(offset - this.baseOffset, at);
    view.writeInt32BE(position, at + 4);
  }

  /** Drops the entries at and above `offset`. */
  truncateTo(offset: number): void {
    this.entries.truncate(this.#lastNotAbove(offset - 1, 0) + 1);
  }

  /** Whether no entry fits any more under `segment.index.bytes`. */
  isFull(maxBytes: number): boolean {
    return this.entries.count >= Math.floor(maxBytes / OFFSET_ENTRY_SIZE);
  }

  /** The last entry whose field (0: offset, 4: position) is not above the value; −1 if the first one already is. */
  #lastNotAbove(value: number, field: 0 | 4): number {
    const sought = field === 0 ? value - this.baseOffset : value;
    let low = -1;
    let high = this.entries.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const at = this.entries.find(middle);
      if (this.entries.view.readInt32BE(at + field) <= sought) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
