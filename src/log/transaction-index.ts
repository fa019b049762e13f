/**
 * A segment's `.txnindex`: the aborted transactions whose ABORT marker lies in the segment. 34 bytes each: int16
 * version 0, then int64 producer id, first offset, last offset, and the last stable offset at the time. There is no
 * file until there is an entry.
 */
import { EntryFile } from "./entry-file.ts";
import { readInt64, writeInt64 } from "./int64.ts";
import type { LazyFile } from "./open-files.ts";

export const TRANSACTION_ENTRY_SIZE = 34;
const VERSION = 0;

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
  /** The offset of the ABORT marker. */
  readonly lastOffset: number;
  readonly lastStableOffset: number;
}

export class TransactionIndex {
  readonly #entries: EntryFile;

  constructor(readonly file: LazyFile) {
    this.#entries = new EntryFile(file, TRANSACTION_ENTRY_SIZE);
  }

  get count(): number {
    return this.#entries.count;
  }

  get isUnflushed(): boolean {
    return this.#entries.isUnflushed;
  }

  /** Whether every entry can be one of this segment's. */
  isSane(baseOffset: number): boolean {
    if (this.#entries.isRagged) return false;
    for (let index = 0; index < this.count; index++) {
      const at = this.#entries.find(index);
      if (this.#entries.view.readInt16BE(at) !== VERSION) return false;
      const { firstOffset, lastOffset, lastStableOffset } = this.entry(index);
      if (lastOffset < baseOffset || firstOffset > lastOffset || firstOffset < 0) return false;
      if (lastStableOffset < 0 || lastStableOffset > lastOffset + 1) return false;
    }
    return true;
  }

  append(aborted: AbortedTransaction): void {
    const at = this.#entries.append();
    const { view } = this.#entries;
    view.writeInt16BE(VERSION, at);
    view.writeBigInt64BE(aborted.producerId, at + 2);
    writeInt64(view, aborted.firstOffset, at + 10);
    writeInt64(view, aborted.lastOffset, at + 18);
    writeInt64(view, aborted.lastStableOffset, at + 26);
  }

  entry(index: number): AbortedTransaction {
    const at = this.#entries.find(index);
    const { view } = this.#entries;
    return {
      producerId: view.readBigInt64BE(at + 2),
      firstOffset: readInt64(view, at + 10),
      lastOffset: readInt64(view, at + 18),
      lastStableOffset: readInt64(view, at + 26),
    };
  }

  /**
   * Adds to `found` the transactions that touch offsets from `fromOffset` up to but not including `upToOffset`.
   * Returns whether later segments can't have any more of them.
   */
  collect(fromOffset: number, upToOffset: number, found: AbortedTransaction[]): boolean {
    for (let index = 0; index < this.count; index++) {
      const aborted = this.entry(index);
      if (aborted.lastOffset >= fromOffset && aborted.firstOffset < upToOffset) found.push(aborted);
      if (aborted.lastStableOffset >= upToOffset) return true;
    }
    return false;
  }

  /** Drops the transactions whose marker lies at or above `offset`. */
  truncateTo(offset: number): void {
    let kept = this.count;
    while (kept > 0 && this.entry(kept - 1).lastOffset >= offset) kept--;
    if (kept < this.count || this.#entries.isRagged) this.#entries.truncate(kept);
  }

  /** Makes the entries durable; does nothing when there are none. */
  async flush(): Promise<void> {
    if (this.count > 0) await this.#entries.flush();
  }

  /** See EntryFile.takeMade. */
  takeMade(): boolean {
    return this.#entries.takeMade();
  }

  /** Writes what waits in memory. */
  persist(): void {
    this.#entries.persist();
  }
}
