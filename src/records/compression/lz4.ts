/**
 * The LZ4 frame format (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md) around blocks. Written as Kafka's
 * Java client does: independent blocks of 64 KiB, no checksums, no content size. Read in all its forms, since other
 * clients choose larger blocks, checksums or blocks that build on each other; only dictionaries are refused.
 */
import { lz4Addon } from "../native.ts";
import { compressLz4Block, decompressLz4Block, type Lz4Block, type Lz4Target } from "./lz4-block.ts";
import { type Lz4FrameHeader, readLz4FrameHeader, xxHash32 } from "./lz4-frame-header.ts";
import { expandsTooFar, undecodable } from "./undecodable.ts";

/** How blocks are made and opened: the addon's way or the portable one. */
export interface Lz4Blocks {
  compress(chunk: Uint8Array): Uint8Array;
  /** As `decompressLz4Block`; only called for blocks that stand for themselves. */
  decompress(block: Lz4Block, target: Lz4Target): number;
}

export const portableLz4: Lz4Blocks = {
  compress: (chunk) => compressLz4Block(chunk, 1),
  decompress: decompressLz4Block,
};

const CHUNK_SIZE = 64 * 1024;
/** Magic number; version 1 with independent blocks; blocks of 64 KiB at most; the header's checksum. */
const FRAME_HEADER = Buffer.from("04224d18" + "60" + "40" + "82", "hex");
const WORD_SIZE = 4;
const STORED_FLAG = 0x80000000;
/** No byte of a block stands for more than 255. */
const MAX_RATIO = 255;

/** Kafka's default level, for which it takes LZ4's fast compressor; any other is for the high-compression one. */
const FAST_LEVEL = 9;
/** Deeper searches cost seconds on hostile input and gain nothing measurable: levels above 8 are as 8. */
const MAX_DEPTH = 256;

/** The addon's blocks, or null where it can't be loaded. */
export function nativeLz4(): Lz4Blocks | null {
  const addon = lz4Addon();
  return (
    addon && {
      compress: (chunk) => addon.compressSync(chunk).subarray(WORD_SIZE),
      decompress: ({ input, start, end }, { output, at, limit }) => {
        const sized = Buffer.allocUnsafe(WORD_SIZE + end - start);
        sized.writeUInt32LE(limit - at);
        input.copy(sized, WORD_SIZE, start, end);
        const plain = addon.uncompressSync(sized);
        output.set(plain, at);
        return at + plain.length;
      },
    }
  );
}

/** Compresses into one frame, at a level of 1 to 17. */
export function compressLz4(
  bytes: Uint8Array,
  level: number = FAST_LEVEL,
  blocks: Lz4Blocks = nativeLz4() ?? portableLz4,
): Buffer {
  const depth = Math.min(2 ** level, MAX_DEPTH);
  const pieces: Uint8Array[] = [FRAME_HEADER];
  for (let at = 0; at < bytes.length; at += CHUNK_SIZE) {
    const chunk = bytes.subarray(at, at + CHUNK_SIZE);
    const block = level === FAST_LEVEL ? blocks.compress(chunk) : compressLz4Block(chunk, depth);
    const stored = block.length >= chunk.length;
    pieces.push(word(stored ? chunk.length + STORED_FLAG : block.length), stored ? chunk : block);
  }
  pieces.push(word(0));
  return Buffer.concat(pieces);
}

function word(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(WORD_SIZE);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Decompresses one frame. Throws INVALID_RECORD, or MESSAGE_TOO_LARGE beyond `maxSize`. */
export function decompressLz4(
  bytes: Buffer,
  maxSize: number,
  blocks: Lz4Blocks = nativeLz4() ?? portableLz4,
): Buffer {
  const header = readLz4FrameHeader(bytes);
  const frame = new FrameReader(bytes, header, maxSize, header.independentBlocks ? blocks : portableLz4);
  while (frame.nextBlock());
  return frame.finish();
}

/** Reads the blocks of one frame into an output that grows with them. */
class FrameReader {
  private position: number;
  private output = Buffer.alloc(0);
  private written = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly header: Lz4FrameHeader,
    private readonly maxSize: number,
    private readonly blocks: Lz4Blocks,
  ) {
    this.position = header.size;
  }

  /** Decodes a block; false at the mark that ends them. */
  nextBlock(): boolean {
    const { bytes, header } = this;
    const length = this.word();
    if (length === 0) return false;
    const size = length % STORED_FLAG;
    const start = this.position;
    const end = start + size;
    if (size > header.maxBlockSize || end > bytes.length)
      throw undecodable("lz4", `a block of ${size} bytes overruns.`);
    this.position = end;
    if (header.blockChecksums && this.word() !== xxHash32(bytes.subarray(start, end))) {
      throw undecodable("lz4", "a block's checksum is wrong.");
    }
    if (length >= STORED_FLAG) this.store(start, end);
    else this.decode(start, end);
    return true;
  }

  /** Checks what follows the blocks, and gives their content. */
  finish(): Buffer {
    const { bytes, header, output, written } = this;
    const content = output.subarray(0, written);
    if (header.contentChecksum && this.word() !== xxHash32(content)) {
      throw undecodable("lz4", "the content's checksum is wrong.");
    }
    if (header.contentSize !== null && header.contentSize !== written) {
      throw undecodable("lz4", `${written} bytes are said to be ${header.contentSize}.`);
    }
    if (this.position !== bytes.length) throw undecodable("lz4", "the batch goes on after the frame's end.");
    return content;
  }

  private store(start: number, end: number): void {
    const limit = this.reserve(end - start);
    if (limit < this.written + end - start) throw expandsTooFar("lz4", this.maxSize);
    this.bytes.copy(this.output, this.written, start, end);
    this.written += end - start;
  }

  private decode(start: number, end: number): void {
    const room = Math.min(this.header.maxBlockSize, (end - start) * MAX_RATIO);
    const limit = this.reserve(room);
    const block = { input: this.bytes, start, end };
    const floor = this.header.independentBlocks ? this.written : 0;
    const target = { output: this.output, at: this.written, floor, limit };
    const written = this.open(block, target);
    if (written < 0) {
      throw limit === this.written + room
        ? undecodable("lz4", "a block is larger than its frame allows.")
        : expandsTooFar("lz4", this.maxSize);
    }
    this.written = written;
  }

  /** The addon says neither what is wrong nor whether only room is lacking: the portable way is asked again. */
  private open(block: Lz4Block, target: Lz4Target): number {
    try {
      return this.blocks.decompress(block, target);
    } catch {
      return decompressLz4Block(block, target);
    }
  }

  /** Makes room for so many bytes more, but not beyond the maximum; returns where the room ends. */
  private reserve(room: number): number {
    const limit = Math.min(this.written + room, this.maxSize);
    if (limit > this.output.length) {
      const grown = Buffer.allocUnsafe(Math.min(Math.max(limit, 2 * this.written), this.maxSize));
      this.output.copy(grown, 0, 0, this.written);
      this.output = grown;
    }
    return limit;
  }

  private word(): number {
    if (this.position + WORD_SIZE > this.bytes.length) throw undecodable("lz4", "the frame is cut short.");
    this.position += WORD_SIZE;
    return this.bytes.readUInt32LE(this.position - WORD_SIZE);
  }
}
