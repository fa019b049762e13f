/**
 * Which bytes of a `.log` are known to be what was written: this process has appended them, or read them once and found
 * the CRCs right. What lay there before is unknown, because disks forget and nobody reads a log when it is opened.
 */

/** Ranges that are kept apart; with more of them, all are forgotten, and found again as they are read. */
const MAX_RANGES = 64;

interface Range {
  from: number;
  to: number;
}

export class IntactBytes {
  /** In order, and none touches another. */
  #ranges: Range[] = [];
  /** Where bytes were found that are not what was written; −1 for nowhere. */
  damagedAt = -1;

  /** Up to where the bytes from `position` on are known; `position` itself if that one isn't. */
  knownTo(position: number): number {
    const range = this.#ranges.findLast(({ from }) => from <= position);
    return range && range.to > position ? range.to : position;
  }

  /** The bytes from `from` up to `to` are intact. */
  add(from: number, to: number): void {
    if (to <= from) return;
    const last = this.#ranges.at(-1);
    // What is appended, and what is read in order.
    if (last && last.from <= from && last.to >= from) {
      last.to = Math.max(last.to, to);
      return;
    }
    const touching = this.#ranges.filter((range) => range.from <= to && range.to >= from);
    const apart = this.#ranges.filter((range) => range.from > to || range.to < from);
    if (apart.length >= MAX_RANGES) apart.length = 0;
    const merged = touching.reduce(
      (sum, range) => ({ from: Math.min(sum.from, range.from), to: Math.max(sum.to, range.to) }),
      { from, to },
    );
    this.#ranges = [...apart, merged].sort((left, right) => left.from - right.from);
  }

  /** The file ends at `size` now. */
  truncate(size: number): void {
    this.#ranges = this.#ranges
      .filter(({ from }) => from < size)
      .map(({ from, to }) => ({ from, to: Math.min(to, size) }));
    if (this.damagedAt >= size) this.damagedAt = -1;
  }
}
