/**
 * Compares a segment's indexes by offset and by time with its batches, which pass by once, in order. Nothing is held
 * but one entry.
 */
import type { EntryFile } from "../../log/entry-file.ts";
import type { OffsetIndex, OffsetPosition } from "../../log/offset-index.ts";
import type { TimeIndex, TimestampOffset } from "../../log/time-index.ts";
import type { BatchView } from "../../log/walk-batches.ts";
import { baseOffset, lastOffset, maxTimestamp } from "../../records/batch-header.ts";

/** Tells that something is wrong with an entry that begins at a byte of the index. */
type Tell = (what: string, position: number) => void;

/** Goes through the entries of an index; a broker makes its files longer than they need be, and fills them with zeros. */
class Entries<Entry> {
  private next = 0;
  private held: Entry | null = null;

  constructor(
    private readonly file: EntryFile,
    private readonly entrySize: number,
    private readonly read: (index: number) => Entry,
    private readonly isPadding: (entry: Entry) => boolean,
  ) {}

  /** The entry that is to be compared next; null when there are no more. */
  get current(): Entry | null {
    if (this.held === null && this.next < this.file.count) {
      const entry = this.read(this.next);
      if (this.next > 0 && this.isPadding(entry)) this.next = this.file.count;
      else this.held = entry;
    }
    return this.held;
  }

  get position(): number {
    return this.next * this.entrySize;
  }

  step(): void {
    this.held = null;
    this.next++;
  }
}

const OFFSET_ENTRY_SIZE = 8;
const TIME_ENTRY_SIZE = 12;

export class OffsetIndexCheck {
  private readonly entries: Entries<OffsetPosition>;
  private last: OffsetPosition | null = null;

  constructor(
    index: OffsetIndex,
    base: number,
    private readonly tell: Tell,
  ) {
    const isPadding = ({ offset, position }: OffsetPosition) => offset === base && position === 0;
    this.entries = new Entries(index.entries, OFFSET_ENTRY_SIZE, (at) => index.entry(at), isPadding);
  }

  batch({ buffer, at, position }: BatchView): void {
    for (let entry = this.entries.current; entry !== null; entry = this.entries.current) {
      if (entry.position > position) return;
      if (entry.position < position)
        this.wrong(entry, `leads to byte ${entry.position}, where no batch begins`);
      else if (entry.offset < baseOffset(buffer, at) || entry.offset > lastOffset(buffer, at)) {
        this.wrong(
          entry,
          `leads to byte ${position}, where offsets ${baseOffset(buffer, at)} to ${lastOffset(buffer, at)} lie`,
        );
      } else if (this.last !== null && entry.offset <= this.last.offset) {
        this.wrong(entry, `does not rise above the one before it, for offset ${this.last.offset}`);
      }
      this.last = entry;
      this.entries.step();
    }
  }

  /** There are no more batches: the `.log` has `size` bytes. */
  end(size: number): void {
    for (let entry = this.entries.current; entry !== null; entry = this.entries.current) {
      const where = entry.position < size ? "where no batch begins" : `and the log has ${size} bytes`;
      this.wrong(entry, `leads to byte ${entry.position}, ${where}`);
      this.entries.step();
    }
  }

  private wrong({ offset }: OffsetPosition, what: string): void {
    this.tell(`the entry for offset ${offset} ${what}`, this.entries.position);
  }
}

export class TimeIndexCheck {
  private readonly entries: Entries<TimestampOffset>;
  private last: TimestampOffset | null = null;
  private largest = -1;

  constructor(
    private readonly index: TimeIndex,
    base: number,
    private readonly tell: Tell,
  ) {
    const isPadding = ({ offset, timestamp }: TimestampOffset) => offset === base && timestamp === 0;
    this.entries = new Entries(index.entries, TIME_ENTRY_SIZE, (at) => index.entry(at), isPadding);
  }

  batch({ buffer, at }: BatchView): void {
    const timestamp = maxTimestamp(buffer, at);
    this.largest = Math.max(this.largest, timestamp);
    for (let entry = this.entries.current; entry !== null; entry = this.entries.current) {
      if (entry.offset > lastOffset(buffer, at)) return;
      if (entry.offset < baseOffset(buffer, at)) this.wrong(entry, "names an offset that no batch has");
      else if (entry.timestamp !== timestamp) {
        this.wrong(entry, `says ${entry.timestamp}, and the batch's largest timestamp is ${timestamp}`);
      } else if (this.last !== null && entry.timestamp <= this.last.timestamp) {
        this.wrong(entry, `does not rise above the one before it, ${this.last.timestamp}`);
      }
      this.last = entry;
      this.entries.step();
    }
  }

  /** There are no more batches. In a segment that was closed the last entry tells the largest timestamp. */
  end(isComplete: boolean): void {
    for (let entry = this.entries.current; entry !== null; entry = this.entries.current) {
      this.wrong(entry, "names an offset that no batch has");
      this.last = entry;
      this.entries.step();
    }
    if (!isComplete || this.largest < 0 || this.last?.timestamp === this.largest) return;
    const known = this.last === null ? "there is no entry" : `the last entry says ${this.last.timestamp}`;
    this.tell(
      `the segment's largest timestamp is ${this.largest}, and ${known}`,
      this.index.entries.count * TIME_ENTRY_SIZE,
    );
  }

  private wrong({ offset }: TimestampOffset, what: string): void {
    this.tell(`the entry for offset ${offset} ${what}`, this.entries.position);
  }
}
