/**
 * Which offset each key of the dirty part of a log was last written at: what compaction decides by. Keys are held as
 * their hashes, 24 bytes an entry, as in Kafka, so that `log.cleaner.dedupe.buffer.size` means the same number of keys.
 *
 * The table is made of pages that grow one by one: memory follows the keys there are, and no growth takes long.
 */
import { KeyHash } from "./key-hash.ts";

/** Four words of hash; the offset's high word plus one, so that 0 is an empty place; its low word. */
const ENTRY_WORDS = 6;
const ENTRY_BYTES = 4 * ENTRY_WORDS;
const OFFSET_AT = 4;
const TWO_POW_32 = 0x100000000;
/** A page that is full has about this many places. */
const PLACES_OF_A_PAGE = 4096;
const MAX_PAGE_BITS = 12;
const FIRST_PLACES = 16;
/** A page grows when this share of its places is taken, as long as it may. */
const GROWTH_LOAD = 0.7;

interface Page {
  words: Int32Array;
  places: number;
  taken: number;
}

export class OffsetMap {
  /** Up to here, inclusively, the map knows every key of the dirty part. −1 while it is empty. */
  latestOffset = -1;
  readonly #hash: KeyHash;
  readonly #pageBits: number;
  readonly #placesOfAPage: number;
  readonly #maxEntries: number;
  readonly #pages: (Page | undefined)[] = [];
  #size = 0;

  /**
   * @param maxBytes what the table may come to
   * @param loadFactor the share of its places that may be taken
   * @param seed for the hashes, any whole number
   * @throws RangeError when there is no room for a single key
   */
  constructor(maxBytes: number, loadFactor: number, seed: number) {
    const places = Math.floor(maxBytes / ENTRY_BYTES);
    this.#maxEntries = Math.floor(places * loadFactor);
    if (this.#maxEntries < 1) {
      throw new RangeError(
        "log.cleaner.dedupe.buffer.size has no room for a single key, so that compaction can't make progress",
      );
    }
    this.#pageBits = Math.min(MAX_PAGE_BITS, Math.max(0, Math.floor(Math.log2(places / PLACES_OF_A_PAGE))));
    this.#placesOfAPage = Math.floor(places / 2 ** this.#pageBits);
    this.#hash = new KeyHash(seed | 0);
  }

  /** Keys in the map. */
  get size(): number {
    return this.#size;
  }

  /** The share of the keys it may hold that it holds. */
  get utilization(): number {
    return this.#size / this.#maxEntries;
  }

  /** Says that the key in `bytes[start, end)` was written at `offset`. Returns false, and does nothing, if the map is full. */
  put(bytes: Buffer, start: number, end: number, offset: number): boolean {
    if (this.#size >= this.#maxEntries) return false;
    this.#hash.take(bytes, start, end);
    const page = this.#roomyPage();
    const at = this.#find(page);
    if (page.words[at + OFFSET_AT] === 0) {
      // One place stays empty: it ends a search.
      if (page.taken + 1 >= page.places) return false;
      page.words.set(this.#hash.words, at);
      page.taken++;
      this.#size++;
    }
    page.words[at + OFFSET_AT] = Math.floor(offset / TWO_POW_32) + 1;
    page.words[at + OFFSET_AT + 1] = offset;
    this.latestOffset = offset;
    return true;
  }

  /** Where the key in `bytes[start, end)` was last written, or −1. */
  get(bytes: Buffer, start: number, end: number): number {
    this.#hash.take(bytes, start, end);
    const page = this.#pages[this.#pageIndex()];
    if (!page) return -1;
    const at = this.#find(page);
    const high = page.words[at + OFFSET_AT] ?? 0;
    return high === 0 ? -1 : (high - 1) * TWO_POW_32 + ((page.words[at + OFFSET_AT + 1] ?? 0) >>> 0);
  }

  #pageIndex(): number {
    return this.#pageBits === 0 ? 0 : (this.#hash.words[1] ?? 0) >>> (32 - this.#pageBits);
  }

  #roomyPage(): Page {
    const index = this.#pageIndex();
    const page = this.#pages[index];
    if (page && (page.taken < GROWTH_LOAD * page.places || page.places === this.#placesOfAPage)) return page;
    const places = Math.min(this.#placesOfAPage, page ? 2 * page.places : FIRST_PLACES);
    const grown: Page = { words: new Int32Array(ENTRY_WORDS * places), places, taken: page?.taken ?? 0 };
    if (page) moveInto(grown, page);
    this.#pages[index] = grown;
    return grown;
  }

  /** Where the entry of the hash lies in the page's words, or the empty place where it belongs. */
  #find({ words, places }: Page): number {
    const sought = this.#hash.words;
    for (let place = ((sought[0] ?? 0) >>> 0) % places; ; place = place + 1 === places ? 0 : place + 1) {
      const at = place * ENTRY_WORDS;
      if (words[at + OFFSET_AT] === 0) return at;
      if (
        words[at] === sought[0] &&
        words[at + 1] === sought[1] &&
        words[at + 2] === sought[2] &&
        words[at + 3] === sought[3]
      ) {
        return at;
      }
    }
  }
}

function moveInto(target: Page, source: Page): void {
  for (let from = 0; from < source.words.length; from += ENTRY_WORDS) {
    if (source.words[from + OFFSET_AT] === 0) continue;
    let place = (source.words[from] ?? 0) >>> 0;
    while (target.words[(place % target.places) * ENTRY_WORDS + OFFSET_AT] !== 0) place++;
    target.words.set(source.words.subarray(from, from + ENTRY_WORDS), (place % target.places) * ENTRY_WORDS);
  }
}
