/** The head of an LZ4 frame: what its blocks are like. */
import { undecodable } from "./undecodable.ts";

const MAGIC = 0x184d2204;
const VERSION = 1;
/** The shortest header: magic number, two descriptor bytes, checksum. */
const SHORTEST = 7;
const CONTENT_SIZE_SIZE = 8;
const SMALLEST_BLOCK_CODE = 4;

/** What a frame's header says. */
export interface Lz4FrameHeader {
  /** Bytes of the header itself. */
  size: number;
  /** Whether no block refers to an earlier one. */
  independentBlocks: boolean;
  blockChecksums: boolean;
  contentChecksum: boolean;
  /** Bytes of a block, decompressed: 64 KiB, 256 KiB, 1 MiB or 4 MiB. */
  maxBlockSize: number;
  /** Bytes of all blocks decompressed, where the frame says so. */
  contentSize: number | null;
}

/** Reads and checks the header at the start of a frame. Throws INVALID_RECORD. */
export function readLz4FrameHeader(bytes: Buffer): Lz4FrameHeader {
  if (bytes.length < SHORTEST || bytes.readUInt32LE(0) !== MAGIC)
    throw undecodable("lz4", "no frame begins here.");
  const flags = bytes.readUInt8(4);
  const blockCode = (bytes.readUInt8(5) >> 4) & 7;
  if (flags >> 6 !== VERSION) throw undecodable("lz4", `the frame has version ${flags >> 6}.`);
  if ((flags & 0x01) !== 0) throw undecodable("lz4", "the frame needs a dictionary.");
  if (blockCode < SMALLEST_BLOCK_CODE) throw undecodable("lz4", `${blockCode} is no block size.`);
  const hasContentSize = (flags & 0x08) !== 0;
  const size = SHORTEST + (hasContentSize ? CONTENT_SIZE_SIZE : 0);
  if (bytes.length < size) throw undecodable("lz4", "the frame's header is cut short.");
  if (bytes.readUInt8(size - 1) !== ((xxHash32(bytes.subarray(4, size - 1)) >>> 8) & 0xff)) {
    throw undecodable("lz4", "the frame header's checksum is wrong.");
  }
  return {
    size,
    independentBlocks: (flags & 0x20) !== 0,
    blockChecksums: (flags & 0x10) !== 0,
    contentChecksum: (flags & 0x04) !== 0,
    maxBlockSize: 1 << (2 * blockCode + 8),
    contentSize: hasContentSize ? bytes.readUInt32LE(6) + bytes.readUInt32LE(10) * 2 ** 32 : null,
  };
}

/** The checksum that LZ4 frames use, with a seed of 0. */
export function xxHash32(bytes: Uint8Array): number {
  return Bun.hash.xxHash32(bytes, 0);
}
