/**
 * Bytes as they arrive, cut into lines: each ends with a line feed, a carriage return or both, as Java reads them.
 */

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export class LineSplitter {
  private rest: Buffer[] = [];
  /** A line feed that comes next belongs to the carriage return before it. */
  private skipsLineFeed = false;

  /** The lines that these bytes complete; they may be views. */
  push(bytes: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    if (this.skipsLineFeed && bytes.length > 0) {
      if (bytes[0] === LINE_FEED) start = 1;
      this.skipsLineFeed = false;
    }
    const hasReturns = bytes.includes(CARRIAGE_RETURN, start);
    for (;;) {
      const end = hasReturns ? nextEnd(bytes, start) : bytes.indexOf(LINE_FEED, start);
      if (end < 0) break;
      lines.push(this.whole(bytes.subarray(start, end)));
      start = end + 1;
      if (bytes[end] !== CARRIAGE_RETURN) continue;
      if (start === bytes.length) this.skipsLineFeed = true;
      else if (bytes[start] === LINE_FEED) start++;
    }
    if (start < bytes.length) this.rest.push(Buffer.from(bytes.subarray(start)));
    return lines;
  }

  /** The last line, which nothing ends; null if there is none. */
  end(): Buffer | null {
    return this.rest.length === 0 ? null : this.whole(Buffer.alloc(0));
  }

  private whole(last: Buffer): Buffer {
    if (this.rest.length === 0) return last;
    const line = Buffer.concat([...this.rest, last]);
    this.rest = [];
    return line;
  }
}

function nextEnd(bytes: Buffer, start: number): number {
  const feed = bytes.indexOf(LINE_FEED, start);
  const carriageReturn = bytes.indexOf(CARRIAGE_RETURN, start);
  if (feed < 0 || carriageReturn < 0) return Math.max(feed, carriageReturn);
  return Math.min(feed, carriageReturn);
}
