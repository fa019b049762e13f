/**
 * What is to be written of a chunk that was cleaned, in memory that is used again for the next one: garbage would cost
 * the requests beside it more than the cleaning does.
 */

export class CleanedBytes {
  #buffer = Buffer.alloc(0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Holds `size` bytes at its beginning; good until more is added. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  /** Adds `source[start, end)`. */
  add(source: Buffer, start: number, end: number): void {
    const at = this.reserve(end - start);
    source.copy(this.#buffer, at, start, end);
  }

  /** Adds bytes for the caller to fill in; returns where in `buffer` they begin. */
  reserve(size: number): number {
    const at = this.#size;
    this.#size += size;
    if (this.#size > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#size, 2 * this.#buffer.length));
      this.#buffer.copy(grown, 0, 0, at);
      this.#buffer = grown;
    }
    return at;
  }

  clear(): void {
    this.#size = 0;
  }
}
