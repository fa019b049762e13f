/**
 * The batches appended last: consumers that keep up ask for these, and get them without a look into index or file.
 */
const CAPACITY = 8;

/** Where a batch lies in its file. */
export interface BatchPosition {
  readonly position: number;
  readonly size: number;
  readonly baseOffset: number;
  /** Where looking for it began: of what lies between, nothing was read but headers. */
  readonly walkedFrom: number;
}

export class RecentBatches {
  readonly #baseOffsets: number[] = [];
  readonly #lastOffsets: number[] = [];
  readonly #positions: number[] = [];
  readonly #sizes: number[] = [];
  #next = 0;

  add(baseOffset: number, lastOffset: number, position: number, size: number): void {
    this.#baseOffsets[this.#next] = baseOffset;
    this.#lastOffsets[this.#next] = lastOffset;
    this.#positions[this.#next] = position;
    this.#sizes[this.#next] = size;
    this.#next = (this.#next + 1) % CAPACITY;
  }

  /** The batch that holds `offset`, if it is among them. */
  find(offset: number): BatchPosition | undefined {
    for (let index = 0; index < this.#positions.length; index++) {
      const baseOffset = this.#baseOffsets[index] ?? 0;
      if (offset < baseOffset || offset > (this.#lastOffsets[index] ?? -1)) continue;
      const position = this.#positions[index] ?? 0;
      return { position, size: this.#sizes[index] ?? 0, baseOffset, walkedFrom: position };
    }
    return undefined;
  }
}
