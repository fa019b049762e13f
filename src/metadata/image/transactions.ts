/**
 * Applies batches of records to an image. What stands between BEGIN and END, in one batch or over many, is applied
 * all at once, and not at all when ABORT ends it (KIP-868).
 */
import type { MetadataRecord } from "../records.ts";
import { type ChangeSink, ignoreChanges } from "./change.ts";
import type { ClusterImage } from "./cluster-image.ts";
import { replay } from "./replay.ts";
import { ReplayError } from "./replay-error.ts";

/** Records that were appended together. */
export interface RecordBatch {
  readonly records: readonly MetadataRecord[];
  readonly lastOffset: number;
  readonly epoch: number;
}

export class RecordApplier {
  /** What has been read since BEGIN; null outside of a transaction. */
  private held: MetadataRecord[] | null = null;

  constructor(private readonly image: ClusterImage) {}

  /** Whether a transaction has begun and not ended. */
  get inTransaction(): boolean {
    return this.held !== null;
  }

  /**
   * Applies a batch, and tells `change` what it changes. Returns false while a transaction holds it back.
   *
   * @throws ReplayError when a record contradicts those before it: the image is of no use then
   */
  apply(batch: RecordBatch, change: ChangeSink = ignoreChanges): boolean {
    for (const record of batch.records) this.take(record, change);
    if (this.held !== null) return false;
    this.image.lastOffset = batch.lastOffset;
    this.image.lastEpoch = batch.epoch;
    this.image.version++;
    return true;
  }

  private take(record: MetadataRecord, change: ChangeSink): void {
    if (record.name === "BeginTransactionRecord") {
      if (this.held !== null) throw new ReplayError("a transaction begins within another");
      this.held = [];
    } else if (record.name === "EndTransactionRecord") {
      for (const held of this.end()) replay(this.image.parts, held, change);
    } else if (record.name === "AbortTransactionRecord") {
      this.end();
    } else if (this.held !== null) {
      this.held.push(record);
    } else {
      replay(this.image.parts, record, change);
    }
  }

  private end(): MetadataRecord[] {
    const held = this.held;
    if (held === null) throw new ReplayError("a transaction ends that never began");
    this.held = null;
    return held;
  }
}
