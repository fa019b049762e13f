/**
 * A hash of record keys in 128 bits: MurmurHash3 in its form for 32-bit machines. Two keys of a log with the same hash
 * would be taken for one, and the older record dropped: with 128 bits that doesn't come about by chance. The seed
 * differs from process to process, since nothing of it is kept.
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

export class KeyHash {
  /** The last hash, as four words of 32 bits. */
  readonly words = new Int32Array(4);

  constructor(private readonly seed: number) {}

  /** Hashes `bytes[start, end)` into `words`. */
  take(bytes: Buffer, start: number, end: number): void {
    const { seed } = this;
    let a = seed;
    let b = seed;
    let c = seed;
    let d = seed;
    let at = start;
    for (; at + 16 <= end; at += 16) {
      a = rotate(a ^ mixed(word(bytes, at), C1, 15, C2), 19);
      a = (Math.imul((a + b) | 0, 5) + 0x561ccd1b) | 0;
      b = rotate(b ^ mixed(word(bytes, at + 4), C2, 16, C3), 17);
      b = (Math.imul((b + c) | 0, 5) + 0x0bcaa747) | 0;
      c = rotate(c ^ mixed(word(bytes, at + 8), C3, 17, C4), 15);
      c = (Math.imul((c + d) | 0, 5) + 0x96cd1c35) | 0;
      d = rotate(d ^ mixed(word(bytes, at + 12), C4, 18, C1), 13);
      d = (Math.imul((d + a) | 0, 5) + 0x32ac3b17) | 0;
    }
    if (at < end) {
      d ^= mixed(lastWord(bytes, at + 12, end), C4, 18, C1);
      c ^= mixed(lastWord(bytes, at + 8, end), C3, 17, C4);
      b ^= mixed(lastWord(bytes, at + 4, end), C2, 16, C3);
      a ^= mixed(lastWord(bytes, at, end), C1, 15, C2);
    }
    this.#finish(a, b, c, d, end - start);
  }

  #finish(first: number, second: number, third: number, fourth: number, size: number): void {
    let b = second ^ size;
    let c = third ^ size;
    let d = fourth ^ size;
    let a = ((first ^ size) + b + c + d) | 0;
    b = avalanche((b + a) | 0);
    c = avalanche((c + a) | 0);
    d = avalanche((d + a) | 0);
    a = (avalanche(a) + b + c + d) | 0;
    const { words } = this;
    words[0] = a;
    words[1] = b + a;
    words[2] = c + a;
    words[3] = d + a;
  }
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function mixed(value: number, factor: number, bits: number, secondFactor: number): number {
  return Math.imul(rotate(Math.imul(value, factor), bits), secondFactor);
}

function avalanche(value: number): number {
  let mixing = value ^ (value >>> 16);
  mixing = Math.imul(mixing, 0x85ebca6b);
  mixing ^= mixing >>> 13;
  mixing = Math.imul(mixing, 0xc2b2ae35);
  return mixing ^ (mixing >>> 16);
}

/** Four bytes that are there. */
function word(bytes: Buffer, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

/** Up to four bytes from `at` on, as far as they lie before `end`. */
function lastWord(bytes: Buffer, at: number, end: number): number {
  let value = 0;
  for (let index = Math.min(3, end - at - 1); index >= 0; index--)
    value = (value << 8) | (bytes[at + index] ?? 0);
  return value;
}
