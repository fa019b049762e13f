/**
 * Finds repetitions in a block of at most 64 KiB: what the portable LZ4 and Snappy compressors have in common.
 * With a depth of 1 only the latest occurrence of four bytes is looked at; more depth follows a chain of older ones.
 */

/** Both formats are at home here: LZ4 offsets have 16 bits, Snappy chunks 32 KiB. */
export const MAX_BLOCK_SIZE = 65536;

const MIN_MATCH = 4;
const HASH_BITS = 13;
/** After this many misses in a row the search begins to skip bytes: what doesn't compress should not cost much. */
const MISSES_BEFORE_SKIP_LOG = 6;

const heads = new Int32Array(1 << HASH_BITS);
const chain = new Int32Array(MAX_BLOCK_SIZE);

/** Called with the literals `[literalStart, matchStart)` and the repetition of `length` bytes from `offset` back. */
export type MatchVisitor = (literalStart: number, matchStart: number, offset: number, length: number) => void;

/** What may match: repetitions begin at or before `lastMatchStart` and end at or before `matchEnd`. */
export interface MatchLimits {
  lastMatchStart: number;
  matchEnd: number;
  /** How many earlier occurrences are tried for each position, 1 or more. */
  depth: number;
}

/** Visits the repetitions of `input` from front to back; returns where the literals after the last one begin. */
export function findMatches(input: Uint8Array, limits: MatchLimits, visit: MatchVisitor): number {
  if (input.length > MAX_BLOCK_SIZE) throw new RangeError(`A block of ${input.length} bytes`);
  const { lastMatchStart, matchEnd, depth } = limits;
  heads.fill(-1);
  let anchor = 0;
  let position = 0;
  let misses = 0;
  while (position <= lastMatchStart) {
    const found = longestMatch(input, position, matchEnd, depth);
    if (found === 0) {
      position += depth > 1 ? 1 : 1 + (misses++ >> MISSES_BEFORE_SKIP_LOG);
      continue;
    }
    visit(anchor, position, position - foundAt, found);
    if (depth > 1) remember(input, position + 1, Math.min(position + found, lastMatchStart + 1));
    position += found;
    anchor = position;
    misses = 0;
  }
  return anchor;
}

/** Where `longestMatch` found its match; a second return value without an object. */
let foundAt = 0;

/** The length of the longest match at `position` (0 for none); remembers the position for later ones. */
function longestMatch(input: Uint8Array, position: number, matchEnd: number, depth: number): number {
  const sequence = fourBytes(input, position);
  let candidate = insert(position, sequence);
  let best = 0;
  for (let attempts = depth; candidate >= 0 && attempts > 0; attempts--) {
    if (fourBytes(input, candidate) === sequence) {
      const length = matchLength(input, candidate, position, matchEnd);
      if (length > best) {
        best = length;
        foundAt = candidate;
      }
      if (position + length === matchEnd) break;
    }
    candidate = chain[candidate] ?? -1;
  }
  return best;
}

function remember(input: Uint8Array, from: number, to: number): void {
  for (let position = from; position < to; position++) insert(position, fourBytes(input, position));
}

/** Makes `position` the latest with these four bytes; returns the one before it, or −1. */
function insert(position: number, sequence: number): number {
  const slot = Math.imul(sequence, 0x9e3779b1) >>> (32 - HASH_BITS);
  const previous = heads[slot] ?? -1;
  heads[slot] = position;
  chain[position] = previous;
  return previous;
}

function matchLength(input: Uint8Array, earlier: number, position: number, matchEnd: number): number {
  let length = MIN_MATCH;
  while (position + length < matchEnd && input[earlier + length] === input[position + length]) length++;
  return length;
}

function fourBytes(input: Uint8Array, at: number): number {
  return (
    (input[at] ?? 0) |
    ((input[at + 1] ?? 0) << 8) |
    ((input[at + 2] ?? 0) << 16) |
    ((input[at + 3] ?? 0) << 24)
  );
}
