/**
 * Snappy's raw block format in TypeScript, for where the addon can't be loaded
 * (https://github.com/google/snappy/blob/main/format_description.txt).
 */
import { copyLiterals, copyMatch } from "./lz-copy.ts";
import { findMatches } from "./matches.ts";
import { undecodable } from "./undecodable.ts";

const LITERAL = 0;
const COPY_WITH_1_BYTE_OFFSET = 1;
const COPY_WITH_2_BYTE_OFFSET = 2;

/** No element of the format yields more than 64 bytes out of 3. */
const MAX_RATIO = 22;

/**
 * The length that a raw block says it decompresses to. Throws INVALID_RECORD if it has none, or if so few bytes can't
 * become so many: so a caller may allocate what it says, after comparing it to its own limit.
 */
export function declaredSize(block: Uint8Array): number {
  let size = 0;
  for (let index = 0; index < 5; index++) {
    const byte = block[index];
    if (byte === undefined) break;
    size += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) {
      if (size > block.length * MAX_RATIO)
        throw undecodable("snappy", `${block.length} bytes claim to be ${size}.`);
      return size;
    }
  }
  throw undecodable("snappy", "a block has no length.");
}

function preambleSize(block: Uint8Array): number {
  let size = 1;
  while ((block[size - 1] ?? 0) >= 0x80) size++;
  return size;
}

/** Decompresses a raw block, whose `declaredSize` has been checked, into a new array. Throws INVALID_RECORD. */
export function decompressSnappyBlock(block: Uint8Array): Uint8Array {
  const output = new Uint8Array(declaredSize(block));
  const end = block.length;
  let position = preambleSize(block);
  let written = 0;
  while (position < end) {
    const tag = block[position++] ?? 0;
    const kind = tag & 3;
    if (kind === LITERAL) {
      const extra = Math.max(0, (tag >> 2) - 59);
      const length = (extra === 0 ? tag >> 2 : littleEndian(block, position, extra)) + 1;
      position += extra;
      if (position + length > end || written + length > output.length)
        throw undecodable("snappy", "a literal overruns.");
      copyLiterals(block, position, output, written, length);
      position += length;
      written += length;
      continue;
    }
    const short = kind === COPY_WITH_1_BYTE_OFFSET;
    const offsetSize = short ? 1 : kind === COPY_WITH_2_BYTE_OFFSET ? 2 : 4;
    const length = short ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offset = littleEndian(block, position, offsetSize) + (short ? (tag >> 5) << 8 : 0);
    position += offsetSize;
    if (offset === 0 || offset > written || written + length > output.length) {
      throw undecodable("snappy", "a copy points outside of the block.");
    }
    copyMatch(output, written, offset, length);
    written += length;
  }
  if (position !== end || written !== output.length) throw undecodable("snappy", "a block is cut short.");
  return output;
}

function littleEndian(block: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let index = size - 1; index >= 0; index--) value = value * 256 + (block[at + index] ?? 0);
  return value;
}

/** Compresses at most 64 KiB into a raw block. */
export function compressSnappyBlock(input: Uint8Array): Uint8Array {
  const output = new Uint8Array(32 + input.length + Math.floor(input.length / 6));
  let written = writePreamble(output, input.length);
  const limits = { lastMatchStart: input.length - 4, matchEnd: input.length, depth: 1 };
  const anchor = findMatches(input, limits, (literalStart, matchStart, offset, length) => {
    written = writeLiteral(output, written, input, literalStart, matchStart);
    written = writeCopies(output, written, offset, length);
  });
  return output.subarray(0, writeLiteral(output, written, input, anchor, input.length));
}

function writePreamble(output: Uint8Array, size: number): number {
  let at = 0;
  let rest = size;
  for (; rest >= 0x80; rest >>>= 7) output[at++] = (rest & 0x7f) | 0x80;
  output[at++] = rest;
  return at;
}

function writeLiteral(output: Uint8Array, at: number, input: Uint8Array, from: number, to: number): number {
  const length = to - from;
  if (length === 0) return at;
  const last = length - 1;
  let position = at;
  if (last < 60) {
    output[position++] = last << 2;
  } else {
    output[position++] = (last < 0x100 ? 60 : 61) << 2;
    output[position++] = last & 0xff;
    if (last >= 0x100) output[position++] = last >> 8;
  }
  copyLiterals(input, from, output, position, length);
  return position + length;
}

/** A copy has at most 64 bytes, and the short form at least 4, so that no piece may be left with fewer. */
function writeCopies(output: Uint8Array, at: number, offset: number, length: number): number {
  let position = at;
  let rest = length;
  while (rest > 0) {
    const piece = rest >= 68 ? 64 : rest > 64 ? 60 : rest;
    if (piece < 12 && offset < 2048) {
      output[position++] = COPY_WITH_1_BYTE_OFFSET | ((piece - 4) << 2) | ((offset >> 8) << 5);
      output[position++] = offset & 0xff;
    } else {
      output[position++] = COPY_WITH_2_BYTE_OFFSET | ((piece - 1) << 2);
      output[position++] = offset & 0xff;
      output[position++] = offset >> 8;
    }
    rest -= piece;
  }
  return position;
}
