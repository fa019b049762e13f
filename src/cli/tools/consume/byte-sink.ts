/**
 * Gathers what is to be printed: bytes and text, in pieces large enough to be worth a write.
 */
const FIRST_CAPACITY = 64 * 1024;

export class ByteSink {
  private buffer = Buffer.allocUnsafe(FIRST_CAPACITY);
  /** How many bytes it has gathered. */
  length = 0;

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  text(text: string): void {
    // UTF-8 takes up to three bytes for each of JavaScript's units.
    this.reserve(text.length * 3);
    this.length += this.buffer.write(text, this.length);
  }

  /** Takes what it has gathered; a view that holds until something more is gathered. */
  take(): Uint8Array {
    const taken = this.buffer.subarray(0, this.length);
    this.length = 0;
    return taken;
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}
