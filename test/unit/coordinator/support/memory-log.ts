/**
 * A coordinator's log that is a list of batches, with a switch that makes writes fail.
 */
import type { Appended, BatchView, CoordinatorLog } from "../../../../src/coordinator/coordinator-log.ts";
import type { KafkaError } from "../../../../src/protocol/errors.ts";
import * as header from "../../../../src/records/batch-header.ts";

export class MemoryLog implements CoordinatorLog {
  readonly stored: Buffer[] = [];
  /** What writes fail with. */
  failure: KafkaError | undefined;
  /** What acknowledgements wait for. */
  flushed: Promise<void> | null = null;
  endOffset = 0;

  append(batch: Buffer): Appended {
    if (this.failure !== undefined) throw this.failure;
    const firstOffset = this.endOffset;
    header.setBaseOffset(batch, 0, firstOffset);
    this.stored.push(Buffer.from(batch));
    this.endOffset = header.nextOffset(batch, 0);
    return { firstOffset, flushed: this.flushed };
  }

  *batches(fromOffset = 0): Iterable<BatchView> {
    for (const stored of this.stored) {
      if (header.lastOffset(stored, 0) < fromOffset) continue;
      // A view of a buffer that is used again for the next, as a reader of files gives it.
      const buffer = Buffer.from(stored);
      yield { buffer, at: 0 };
      buffer.fill(0xee);
    }
  }
}
