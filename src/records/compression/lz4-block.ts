/**
 * LZ4's block format in TypeScript (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md): for where the addon
 * can't be loaded, and for what it can't do: levels, blocks that refer to earlier ones, and a bounded output.
 */
import { copyLiterals, copyMatch } from "./lz-copy.ts";
import { findMatches } from "./matches.ts";
import { undecodable } from "./undecodable.ts";

const MIN_MATCH = 4;
/** The format's end conditions: the last five bytes are literals, and no match begins in the last twelve. */
const LAST_LITERALS = 5;
const NO_MATCH_IN_LAST = 12;
/** A length nibble of 15 goes on in the bytes that follow. */
const LENGTH_GOES_ON = 15;
/** A range of compressed bytes. */
export interface Lz4Block {
  input: Buffer;
  start: number;
  end: number;
}

/** Where a block is decompressed to. */
export interface Lz4Target {
  output: Buffer;
  /** Where the block's first byte goes. */
  at: number;
  /** Where the earliest byte lies that a match may refer to. */
  floor: number;
  /** Up to where the output may be written. */
  limit: number;
}

/**
 * Decompresses a block into the target and returns the position after it, or −1 if it would go beyond the limit.
 * Throws INVALID_RECORD if the block is malformed.
 */
export function decompressLz4Block({ input, start, end }: Lz4Block, target: Lz4Target): number {
  const { output, floor, limit } = target;
  let position = start;
  let written = target.at;
  for (;;) {
    if (position >= end) throw undecodable("lz4", "a block ends before its last literals.");
    const token = input[position++] ?? 0;
    let length = token >> 4;
    if (length === LENGTH_GOES_ON) {
      for (let byte = 255; byte === 255; length += byte) byte = input[position++] ?? 0;
    }
    if (position + length > end) throw undecodable("lz4", "literals overrun their block.");
    if (written + length > limit) return -1;
    copyLiterals(input, position, output, written, length);
    position += length;
    written += length;
    if (position === end) return written;

    const offset = (input[position] ?? 0) | ((input[position + 1] ?? 0) << 8);
    position += 2;
    length = (token & 15) + MIN_MATCH;
    if (length === LENGTH_GOES_ON + MIN_MATCH) {
      for (let byte = 255; byte === 255; length += byte) byte = input[position++] ?? 0;
    }
    if (position > end || offset === 0 || offset > written - floor) {
      throw undecodable("lz4", "a match points outside of what it may refer to.");
    }
    if (written + length > limit) return -1;
    copyMatch(output, written, offset, length);
    written += length;
  }
}

/** Compresses at most 64 KiB into a block. A depth of 1 is fast; the deeper, the smaller the block, and the slower. */
export function compressLz4Block(input: Uint8Array, depth: number): Uint8Array {
  const output = new Uint8Array(input.length + Math.floor(input.length / 255) + 16);
  const limits = {
    lastMatchStart: input.length - NO_MATCH_IN_LAST,
    matchEnd: input.length - LAST_LITERALS,
    depth,
  };
  let written = 0;
  const anchor = findMatches(input, limits, (literalStart, matchStart, offset, length) => {
    written = writeLiterals(output, written, input, literalStart, matchStart, length - MIN_MATCH);
    output[written++] = offset & 0xff;
    output[written++] = offset >> 8;
    if (length - MIN_MATCH >= LENGTH_GOES_ON) {
      written = writeLength(output, written, length - MIN_MATCH - LENGTH_GOES_ON);
    }
  });
  return output.subarray(0, writeLiterals(output, written, input, anchor, input.length, 0));
}

function writeLiterals(
  output: Uint8Array,
  at: number,
  input: Uint8Array,
  from: number,
  to: number,
  matchLength: number,
): number {
  const length = to - from;
  let position = at;
  output[position++] = (Math.min(length, LENGTH_GOES_ON) << 4) | Math.min(matchLength, LENGTH_GOES_ON);
  if (length >= LENGTH_GOES_ON) position = writeLength(output, position, length - LENGTH_GOES_ON);
  copyLiterals(input, from, output, position, length);
  return position + length;
}

function writeLength(output: Uint8Array, at: number, rest: number): number {
  let position = at;
  let left = rest;
  for (; left >= 255; left -= 255) output[position++] = 255;
  output[position++] = left;
  return position;
}
