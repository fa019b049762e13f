/**
 * Finds the frames in what arrives over a connection. A frame that comes in pieces is gathered in a buffer of its
 * size, so that each of its bytes is copied once.
 */
const LENGTH_SIZE = 4;

export class FrameReader {
  private readonly length = Buffer.alloc(LENGTH_SIZE);
  private lengthRead = 0;
  private frame: Buffer | null = null;
  private frameRead = 0;

  /** @param maxSize a frame that claims to be longer is an error: the other side isn't a Kafka broker */
  constructor(private readonly maxSize: number) {}

  /**
   * The frames that these bytes complete, without their lengths; they are copies.
   *
   * @throws RangeError for a length that no frame has
   */
  push(bytes: Uint8Array): Buffer[] {
    const complete: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      at += this.frame === null ? this.readLength(bytes, at) : this.readFrame(this.frame, bytes, at);
      if (this.frame === null || this.frameRead < this.frame.length) continue;
      complete.push(this.frame);
      this.frame = null;
      this.lengthRead = 0;
    }
    return complete;
  }

  private readLength(bytes: Uint8Array, at: number): number {
    const taken = Math.min(LENGTH_SIZE - this.lengthRead, bytes.length - at);
    this.length.set(bytes.subarray(at, at + taken), this.lengthRead);
    this.lengthRead += taken;
    if (this.lengthRead === LENGTH_SIZE) {
      const size = this.length.readInt32BE(0);
      if (size < LENGTH_SIZE || size > this.maxSize) throw new RangeError(`a frame of ${size} bytes`);
      this.frame = Buffer.allocUnsafe(size);
      this.frameRead = 0;
    }
    return taken;
  }

  private readFrame(frame: Buffer, bytes: Uint8Array, at: number): number {
    const taken = Math.min(frame.length - this.frameRead, bytes.length - at);
    frame.set(bytes.subarray(at, at + taken), this.frameRead);
    this.frameRead += taken;
    return taken;
  }
}
