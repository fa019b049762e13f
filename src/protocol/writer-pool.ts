/**
 * Writers to use again, so that a reply costs no buffer of its own.
 */
import { Writer } from "./writer.ts";

const MAX_KEPT = 64;
/** Buffers beyond this go back to the system: a rare huge reply must not be paid for ever after. */
const MAX_KEPT_SIZE = 2 * 1024 * 1024;
const MAX_KEPT_TOTAL_SIZE = 16 * 1024 * 1024;

export class WriterPool {
  private readonly kept: Writer[] = [];
  private keptSize = 0;

  /** @param recordsWithin see Writer */
  constructor(private readonly recordsWithin?: number) {}

  /** An empty writer. Whoever takes it gives it back when its bytes are no longer needed. */
  take(): Writer {
    const writer = this.kept.pop();
    if (writer === undefined) return new Writer(undefined, this.recordsWithin);
    this.keptSize -= writer.capacity;
    return writer;
  }

  /** Takes back a writer: what it has written may be overwritten from now on. */
  give(writer: Writer): void {
    if (this.kept.length >= MAX_KEPT || writer.capacity > MAX_KEPT_SIZE) return;
    if (this.keptSize + writer.capacity > MAX_KEPT_TOTAL_SIZE) return;
    writer.reset();
    this.keptSize += writer.capacity;
    this.kept.push(writer);
  }
}
