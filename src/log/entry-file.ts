/**
 * A file of entries of one size, appended to at the end and searched: what the three kinds of index have in common.
 * New entries wait in memory until there are enough of them, or until somebody wants them on disk; older ones are
 * read from the file, a page at a time. So an index costs no memory in proportion to its length.
 *
 * What was not persisted is lost with the process. That is fine: whoever recovers the log rebuilds its indexes.
 */
import type { LazyFile } from "./open-files.ts";

/** Entries that wait in memory before they are written. */
const MAX_PENDING = 512;
const PAGE_SIZE = 4096;

/** The page read last, by whichever file: a search reads the same one again and again. */
const page = Buffer.alloc(PAGE_SIZE);
let pageOwner: EntryFile | null = null;
let pageFirst = 0;
let pageCount = 0;

export class EntryFile {
  /** Entries in the file; −1 until it was looked at. */
  #persisted = -1;
  #pending: Buffer | null = null;
  #pendingCount = 0;
  #unflushed = false;
  /** Whether the file is known not to be there yet. */
  #isMissing = false;
  #wasMade = false;
  /** Where the entry that `find` was asked for lies. */
  view: Buffer = page;

  constructor(
    readonly file: LazyFile,
    private readonly entrySize: number,
  ) {}

  /** How many entries there are. A last entry that is not whole doesn't count. */
  get count(): number {
    return this.#persistedCount() + this.#pendingCount;
  }

  /** Whether the file's size isn't that of whole entries. */
  get isRagged(): boolean {
    const size = this.file.sizeOrMissing();
    return size > 0 && size % this.entrySize !== 0;
  }

  /** Whether there are entries that are not durable yet. */
  get isUnflushed(): boolean {
    return this.#unflushed || this.#pendingCount > 0;
  }

  /** Puts the entry (0 or more, below `count`) into `view` and returns where in `view` it begins. */
  find(index: number): number {
    const persisted = this.#persistedCount();
    if (index >= persisted) {
      this.view = this.#pending ?? page;
      return (index - persisted) * this.entrySize;
    }
    if (pageOwner !== this || index < pageFirst || index >= pageFirst + pageCount) this.#readPage(index);
    this.view = page;
    return (index - pageFirst) * this.entrySize;
  }

  /** Makes room for one more entry at the end, in `view`, and returns where it begins: the caller fills it. */
  append(): number {
    if (this.#pendingCount === MAX_PENDING) this.persist();
    this.#persistedCount();
    this.#pending = this.#roomForOne();
    this.view = this.#pending;
    return this.#pendingCount++ * this.entrySize;
  }

  /** Keeps the first `count` entries only. */
  truncate(count: number): void {
    const persisted = this.#persistedCount();
    if (count < persisted || this.isRagged) {
      this.file.truncate(Math.min(count, persisted) * this.entrySize);
      this.#persisted = Math.min(count, persisted);
      this.#unflushed = true;
      if (pageOwner === this) pageOwner = null;
    }
    this.#pendingCount = Math.max(0, count - this.#persisted);
  }

  /** Writes what waits in memory. */
  persist(): void {
    if (this.#pendingCount === 0 || !this.#pending) return;
    const persisted = this.#persistedCount();
    const length = this.#pendingCount * this.entrySize;
    this.#make();
    this.file.write(this.#pending, 0, length, persisted * this.entrySize);
    this.#persisted = persisted + this.#pendingCount;
    this.#pendingCount = 0;
    this.#pending = null;
    this.#unflushed = true;
    if (pageOwner === this) pageOwner = null;
  }

  /** Whether the file was made since this was last asked: then its name has to be made durable too. */
  takeMade(): boolean {
    const wasMade = this.#wasMade;
    this.#wasMade = false;
    return wasMade;
  }

  /** Writes what waits in memory, makes the file if it is missing, and makes it all durable. */
  async flush(): Promise<void> {
    if (!this.#prepareFlush()) return;
    this.#unflushed = false;
    try {
      await this.file.flush();
    } catch (error) {
      this.#unflushed = true;
      throw error;
    }
  }

  #prepareFlush(): boolean {
    this.persist();
    this.#persistedCount();
    if (this.#isMissing) {
      // Without entries there is nothing in it to be flushed, only its name.
      this.#make();
      this.file.ensureExists();
    }
    return this.#unflushed;
  }

  #persistedCount(): number {
    if (this.#persisted < 0) {
      const size = this.file.sizeOrMissing();
      this.#isMissing = size < 0;
      this.#persisted = Math.floor(Math.max(0, size) / this.entrySize);
    }
    return this.#persisted;
  }

  /** The file is about to be made if it is missing. */
  #make(): void {
    if (this.#isMissing) this.#wasMade = true;
    this.#isMissing = false;
  }

  /** Most partitions never have many entries waiting, so the room grows with them. */
  #roomForOne(): Buffer {
    const pending = this.#pending;
    const needed = (this.#pendingCount + 1) * this.entrySize;
    if (pending && pending.length >= needed) return pending;
    const larger = Buffer.alloc(
      Math.min(Math.max(needed, 2 * (pending?.length ?? 0)), MAX_PENDING * this.entrySize),
    );
    pending?.copy(larger);
    return larger;
  }

  #readPage(index: number): void {
    const perPage = Math.floor(PAGE_SIZE / this.entrySize);
    const first = index - (index % perPage);
    const count = Math.min(perPage, this.#persistedCount() - first);
    pageOwner = null;
    const read = this.file.read(page, 0, count * this.entrySize, first * this.entrySize);
    if (read < count * this.entrySize)
      throw new Error(`${this.file.path} ends before entry ${first + count}`);
    pageOwner = this;
    pageFirst = first;
    pageCount = count;
  }
}
