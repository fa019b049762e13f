/**
 * Snappy as Kafka's clients write it: raw blocks in the container of the xerial library (snappy-java). Java writes
 * blocks of 32 KiB; librdkafka and others also send a single raw block without a container, and both are read.
 */
import { snappyAddon } from "../native.ts";
import { compressSnappyBlock, declaredSize, decompressSnappyBlock } from "./snappy-block.ts";
import { expandsTooFar, undecodable } from "./undecodable.ts";

/** How raw blocks are made and opened: the addon's way or the portable one. */
export interface SnappyBlocks {
  compress(chunk: Uint8Array): Uint8Array;
  /** The block's `declaredSize` has been checked. */
  decompress(block: Uint8Array): Uint8Array;
}

export const portableSnappy: SnappyBlocks = {
  compress: compressSnappyBlock,
  decompress: decompressSnappyBlock,
};

const CHUNK_SIZE = 32 * 1024;
const LENGTH_SIZE = 4;
/** 0x82 "SNAPPY" 0, then the version and the oldest version that can read it, int32 both. */
const CONTAINER_HEADER = Buffer.from("82534e4150505900" + "00000001" + "00000001", "hex");
const CONTAINER_MAGIC = CONTAINER_HEADER.subarray(0, 8);

/** The addon's blocks, or null where it can't be loaded. */
export function nativeSnappy(): SnappyBlocks | null {
  const addon = snappyAddon();
  // Without the copy the addon hands out memory of its own, which piles up unseen by the garbage collector.
  return (
    addon && {
      compress: (chunk) => addon.compressSync(chunk, { copyOutputData: true }),
      decompress: (block) => addon.uncompressSync(block, { asBuffer: true, copyOutputData: true }),
    }
  );
}

/** Compresses into the xerial container. */
export function compressSnappy(
  bytes: Uint8Array,
  blocks: SnappyBlocks = nativeSnappy() ?? portableSnappy,
): Buffer {
  const pieces: Uint8Array[] = [CONTAINER_HEADER];
  for (let at = 0; at < bytes.length; at += CHUNK_SIZE) {
    const block = blocks.compress(bytes.subarray(at, at + CHUNK_SIZE));
    const length = Buffer.allocUnsafe(LENGTH_SIZE);
    length.writeInt32BE(block.length);
    pieces.push(length, block);
  }
  return Buffer.concat(pieces);
}

/** Decompresses a container or a raw block. Throws INVALID_RECORD, or MESSAGE_TOO_LARGE beyond `maxSize`. */
export function decompressSnappy(
  bytes: Buffer,
  maxSize: number,
  blocks: SnappyBlocks = nativeSnappy() ?? portableSnappy,
): Buffer {
  const raw = rawBlocks(bytes);
  const total = raw.reduce((sum, block) => sum + declaredSize(block), 0);
  if (total > maxSize) throw expandsTooFar("snappy", maxSize);
  const output = Buffer.allocUnsafe(total);
  let written = 0;
  for (const block of raw) {
    const plain = open(block, blocks);
    output.set(plain, written);
    written += plain.length;
  }
  return output;
}

function open(block: Uint8Array, blocks: SnappyBlocks): Uint8Array {
  try {
    return blocks.decompress(block);
  } catch (error) {
    throw undecodable("snappy", error instanceof Error ? error.message : String(error));
  }
}

/** The raw blocks in a container (or several, one after the other), or the bytes themselves. */
function rawBlocks(bytes: Buffer): Buffer[] {
  if (!startsContainer(bytes, 0)) return [bytes];
  const blocks: Buffer[] = [];
  let position = 0;
  while (position < bytes.length) {
    if (startsContainer(bytes, position)) {
      position += CONTAINER_HEADER.length;
      continue;
    }
    if (position + LENGTH_SIZE > bytes.length) throw undecodable("snappy", "a block's length is cut short.");
    const length = bytes.readInt32BE(position);
    position += LENGTH_SIZE;
    if (length < 0 || length > bytes.length - position) {
      throw undecodable("snappy", `a block of ${length} bytes overruns the batch.`);
    }
    blocks.push(bytes.subarray(position, position + length));
    position += length;
  }
  return blocks;
}

function startsContainer(bytes: Buffer, at: number): boolean {
  return (
    bytes.length - at >= CONTAINER_HEADER.length &&
    bytes.compare(CONTAINER_MAGIC, 0, CONTAINER_MAGIC.length, at, at + CONTAINER_MAGIC.length) === 0
  );
}
