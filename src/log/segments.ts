/**
 * The segments of a log, in order. There is always at least one once the log is loaded; the last one is appended to.
 */
import type { Segment } from "./segment.ts";

export class Segments {
  readonly #segments: Segment[] = [];

  get all(): readonly Segment[] {
    return this.#segments;
  }

  get count(): number {
    return this.#segments.length;
  }

  get first(): Segment {
    return this.#at(0);
  }

  /** The one that is appended to. */
  get active(): Segment {
    return this.#at(this.#segments.length - 1);
  }

  get sizeInBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.size, 0);
  }

  /** Adds a segment whose base offset none has yet. */
  add(segment: Segment): void {
    this.#segments.splice(this.#indexAtOrBelow(segment.baseOffset) + 1, 0, segment);
  }

  remove(segment: Segment): void {
    const index = this.#segments.indexOf(segment);
    if (index >= 0) this.#segments.splice(index, 1);
  }

  /** The segment that holds an offset, if any does: the last that begins at or below it. */
  atOrBelow(offset: number): Segment | undefined {
    return this.#segments[this.#indexAtOrBelow(offset)];
  }

  /** The segment after the one with this base offset. */
  after(baseOffset: number): Segment | undefined {
    return this.#segments[this.#indexAtOrBelow(baseOffset) + 1];
  }

  /** The segments that may hold offsets from `offset` on. */
  from(offset: number): Segment[] {
    return this.#segments.slice(Math.max(0, this.#indexAtOrBelow(offset)));
  }

  /** The segments that may hold offsets from `offset` up to but not including `end`. */
  between(offset: number, end: number): Segment[] {
    if (offset >= end) return [];
    return this.from(offset).filter(({ baseOffset }) => baseOffset < end);
  }

  /** The segments that may hold offsets from `offset` on, without the one that is appended to. */
  inactiveFrom(offset: number): Segment[] {
    return this.between(offset, this.active.baseOffset);
  }

  #indexAtOrBelow(offset: number): number {
    let low = -1;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#at(middle).baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #at(index: number): Segment {
    const segment = this.#segments[index];
    if (!segment) throw new Error("A log without segments was used");
    return segment;
  }
}
