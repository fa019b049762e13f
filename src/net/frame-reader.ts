/**
 * Finds the frames in the bytes of a connection: each begins with its length in four bytes.
 *
 * A frame that lies whole in one piece received is a view of it. One that spans pieces is collected in a buffer of its
 * own, and the memory for it follows what has arrived, not what its length claims: thousands of connections may each
 * claim 100 MB and send a byte.
 */
import { ProtocolViolation } from "./errors.ts";
import { FramePool } from "./frame-pool.ts";

const LENGTH_BYTES = 4;
/** A frame is collected in a buffer this many times as large as what has arrived of it, up to the frame's size. */
const GROWTH = 8;
const SMALLEST_BUFFER = 2048;
/** Behind a frame of this size there is probably another, worth being received on its own. */
const LARGE_FRAME_BYTES = 32 * 1024;
const NOTHING = Buffer.alloc(0);

/** Receives into `target` at `offset`, at most `length` bytes; 0 or less when there is nothing now. */
export type Receive = (target: Buffer, offset: number, length: number) => number;

const lengthField = Buffer.alloc(LENGTH_BYTES);

export class FrameReader {
  private piece: Buffer = NOTHING;
  private at = 0;
  /** Pieces that came while the one before was not used up. */
  private later: Buffer[] | null = null;
  /** The first bytes of a length, when a piece ended within it. */
  private lengthSoFar = 0;
  private lengthBytes = 0;
  /** The frame that is being collected: its size, or −1, and what has arrived. */
  private frameSize = -1;
  private frame: Buffer = NOTHING;
  private filled = 0;
  private lastFrameSize = 0;
  /** What may still be received directly before it is the other connections' turn. */
  private receivable = 0;
  /** What was received in this turn, and what was received directly ever. */
  private receivedNow = 0;
  private received = 0;

  /**
   * @param maxFrameBytes gives the longest frame allowed, without its length; read for each frame
   * @param receive gets bytes of the connection that come before any that are pushed later
   */
  constructor(
    private readonly maxFrameBytes: () => number,
    private readonly pool = new FramePool(),
    private readonly receive: Receive | null = null,
  ) {}

  /** Bytes that were received directly, and not pushed. */
  get receivedBytes(): number {
    return this.received;
  }

  /** Allows this many bytes to be received directly from now on, after `arrived` have come; 0 ends it. */
  allowReceiving(bytes: number, arrived: number): void {
    this.receivable = this.receive === null ? 0 : bytes;
    this.receivedNow = arrived;
  }

  /** Takes in bytes; they are kept, and must not be changed by the caller. */
  push(piece: Buffer): void {
    if (this.at === this.piece.length) {
      this.piece = piece;
      this.at = 0;
    } else if (this.later === null) this.later = [piece];
    else this.later.push(piece);
  }

  /**
   * The next whole frame without its length, or null when more bytes are needed.
   *
   * @throws ProtocolViolation when a length is negative or above the limit
   */
  next(): Buffer | null {
    for (;;) {
      const available = this.piece.length - this.at;
      if (available === 0) {
        if (!this.nextPiece() && !this.receiveOn()) return null;
        if (this.frameSize >= 0 && this.filled === this.frameSize) return this.finishFrame();
      } else if (this.frameSize >= 0) {
        this.collect(available);
        if (this.filled === this.frameSize) return this.finishFrame();
      } else if (this.lengthBytes > 0 || available < LENGTH_BYTES) {
        this.collectLength();
        if (this.frameSize === 0) return this.finishFrame();
      } else {
        const size = this.checked(this.piece.readInt32BE(this.at));
        const start = this.at + LENGTH_BYTES;
        if (size <= available - LENGTH_BYTES) {
          this.at = start + size;
          this.lastFrameSize = size;
          return this.piece.subarray(start, this.at);
        }
        this.at = start;
        this.frameSize = size;
      }
    }
  }

  /** Whether some bytes of a frame have arrived and the rest has not, or whole frames wait to be asked for. */
  get hasUnfinished(): boolean {
    return this.frameSize >= 0 || this.lengthBytes > 0 || this.at < this.piece.length;
  }

  /** Memory held for frames that were not given out yet, in bytes. */
  get heldBytes(): number {
    let held = Math.min(this.frame.length, Math.max(0, this.frameSize)) + this.piece.length - this.at;
    if (this.later !== null) for (const piece of this.later) held += piece.length;
    return held;
  }

  /** Lets go of everything. */
  clear(): void {
    this.piece = NOTHING;
    this.at = 0;
    this.later = null;
    this.lengthSoFar = 0;
    this.lengthBytes = 0;
    this.pool.give(this.frame);
    this.frame = NOTHING;
    this.frameSize = -1;
    this.filled = 0;
  }

  private nextPiece(): boolean {
    // The used piece is let go of: it may be half a megabyte.
    this.piece = this.later?.shift() ?? NOTHING;
    this.at = 0;
    if (this.later?.length === 0) this.later = null;
    return this.piece.length > 0;
  }

  private collectLength(): void {
    while (this.lengthBytes < LENGTH_BYTES && this.at < this.piece.length) {
      this.lengthSoFar = (this.lengthSoFar << 8) | this.piece.readUInt8(this.at++);
      this.lengthBytes++;
    }
    if (this.lengthBytes < LENGTH_BYTES) return;
    this.frameSize = this.checked(this.lengthSoFar);
    this.lengthSoFar = 0;
    this.lengthBytes = 0;
  }

  private collect(available: number): void {
    const taken = Math.min(available, this.frameSize - this.filled);
    const needed = this.filled + taken;
    if (needed > this.frame.length) {
      this.makeRoom(needed * GROWTH);
    }
    this.piece.copy(this.frame, this.filled, this.at, this.at + taken);
    this.at += taken;
    this.filled = needed;
  }

  private makeRoom(bytes: number): void {
    const size = Math.max(bytes, SMALLEST_BUFFER);
    const larger = size < this.frameSize ? Buffer.allocUnsafeSlow(size) : this.pool.take(this.frameSize);
    if (this.filled > 0) this.frame.copy(larger, 0, 0, this.filled);
    this.pool.give(this.frame);
    this.frame = larger;
  }

  /** Receives more of the frame that is being collected, or the length of one that may follow a large one. */
  private receiveOn(): boolean {
    if (this.receivable <= 0) return false;
    if (this.frameSize < 0) return this.receiveLength();
    if (this.filled === this.frame.length) this.makeRoom((this.filled + this.receivedNow) * GROWTH);
    const room = Math.min(this.frame.length, this.frameSize) - this.filled;
    const count = this.receiveInto(this.frame, this.filled, room);
    this.filled += count;
    return count > 0;
  }

  private receiveLength(): boolean {
    if (this.lengthBytes > 0 || this.lastFrameSize < LARGE_FRAME_BYTES) return false;
    const count = this.receiveInto(lengthField, 0, LENGTH_BYTES);
    if (count === LENGTH_BYTES) this.frameSize = this.checked(lengthField.readInt32BE(0));
    else if (count > 0) this.push(Buffer.from(lengthField.subarray(0, count)));
    return count > 0;
  }

  private receiveInto(target: Buffer, offset: number, length: number): number {
    const count = Math.max(0, this.receive?.(target, offset, length) ?? 0);
    this.receivable -= count;
    this.receivedNow += count;
    this.received += count;
    return count;
  }

  private finishFrame(): Buffer {
    const frame = this.frame.length > this.frameSize ? this.frame.subarray(0, this.frameSize) : this.frame;
    this.lastFrameSize = this.frameSize;
    this.frame = NOTHING;
    this.frameSize = -1;
    this.filled = 0;
    return frame;
  }

  private checked(size: number): number {
    if (size < 0) throw new ProtocolViolation(`request length ${size} is negative${strangerHint(size)}`);
    const limit = this.maxFrameBytes();
    if (size > limit) {
      const claim = `request length ${size} is above socket.request.max.bytes=${limit}`;
      throw new ProtocolViolation(claim + strangerHint(size));
    }
    return size;
  }
}

/** Says which other protocol the four bytes of a wrong length are the beginning of, if they are. */
function strangerHint(size: number): string {
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES);
  bytes.writeInt32BE(size);
  if (bytes[0] === 0x16 && bytes[1] === 0x03) return " (the client seems to speak TLS)";
  if (/^(GET |POST|HEAD|PUT |OPTI|PRI )/.test(bytes.toString("latin1")))
    return " (the client seems to speak HTTP)";
  return "";
}
