/**
 * Memory for large frames, to use again: fresh memory costs the system's work for each of its pages.
 */

/** Frames below this are not worth it, and those above are too rare to be kept memory for. */
const SMALLEST = 32 * 1024;
const SIZES: readonly number[] = [40, 80, 160, 320, 640, 1280].map((kib) => kib * 1024);
const MAX_KEPT_BYTES = 8 * 1024 * 1024;

export class FramePool {
  private readonly kept: Buffer[][] = SIZES.map(() => []);
  private keptBytes = 0;
  /** What was given out: a view of other memory may have the same size, and other views of it be in use. */
  private readonly lent = new WeakSet<ArrayBufferLike>();

  /** A buffer that holds `size` bytes or more. */
  take(size: number): Buffer {
    const sizeClass = size < SMALLEST ? -1 : SIZES.findIndex((room) => size <= room);
    const room = SIZES[sizeClass];
    if (room === undefined) return Buffer.allocUnsafeSlow(size);
    const kept = this.kept[sizeClass]?.pop();
    const frame = kept ?? Buffer.allocUnsafeSlow(room);
    if (kept !== undefined) this.keptBytes -= room;
    this.lent.add(frame.buffer);
    return frame;
  }

  /** Takes back a buffer that `take` gave, or a view of one; others are let go of. */
  give(frame: Buffer): void {
    const { buffer } = frame;
    if (!this.lent.delete(buffer)) return;
    const sizeClass = SIZES.indexOf(buffer.byteLength);
    if (sizeClass === -1 || this.keptBytes + buffer.byteLength > MAX_KEPT_BYTES) return;
    this.keptBytes += buffer.byteLength;
    this.kept[sizeClass]?.push(Buffer.from(buffer));
  }
}
