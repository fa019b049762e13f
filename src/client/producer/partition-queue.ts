/**
 * What is to be sent to one partition, in its order: a batch that is being filled, batches that wait, batches on their
 * way. Batches come back to their place when sending them has failed, and nothing overtakes them.
 */

import { incrementSequence } from "../../records/batch-header.ts";
import type { NewRecord } from "../../records/builder.ts";
import { type Delivered, ProducerBatch } from "./batch.ts";

export class PartitionQueue {
  private open: ProducerBatch | null = null;
  private readonly waiting: ProducerBatch[] = [];
  private readonly onTheirWay: ProducerBatch[] = [];
  private nextOrder = 0;
  private nextSequence = 0;
  private notBeforeMs = 0;
  private isRecovering = false;

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly batchSize: number,
  ) {}

  get isIdle(): boolean {
    return this.open === null && this.waiting.length === 0 && this.onTheirWay.length === 0;
  }

  /** All batches of which it isn't known yet what becomes of them. */
  unsettled(): ProducerBatch[] {
    return [...this.onTheirWay, ...this.waiting, ...(this.open === null ? [] : [this.open])];
  }

  /** Adds a record. Returns whether a batch begins with it: one before it can be sent then, and its own linger begins. */
  append(record: NewRecord, delivered: Delivered | undefined, nowMs: number): boolean {
    if (this.open?.append(record, delivered)) return false;
    this.closeBatch();
    this.open = new ProducerBatch(this.batchSize, nowMs, this.nextOrder++);
    this.open.append(record, delivered);
    return true;
  }

  /** Lets the batch that is being filled be sent. */
  closeBatch(): void {
    if (this.open !== null) this.waiting.push(this.open);
    this.open = null;
  }

  /** Closes the batch if it has lingered long enough. */
  closeLingering(nowMs: number, lingerMs: number): void {
    if (this.open !== null && nowMs - this.open.createdMs >= lingerMs) this.closeBatch();
  }

  /** From when on there may be something to send, null if nothing waits for time to pass. */
  dueMs(lingerMs: number): number | null {
    if (this.waiting.length > 0) return this.notBeforeMs;
    return this.open === null ? null : this.open.createdMs + lingerMs;
  }

  /** The next batch to send, if one may be sent now. After a failure it waits until all others are back. */
  sendable(nowMs: number): ProducerBatch | undefined {
    if (nowMs < this.notBeforeMs || (this.isRecovering && this.onTheirWay.length > 0)) return undefined;
    return this.waiting[0];
  }

  /** Whether no batch before this one is on its way: then the broker misses one for good if it misses any. */
  isFirst(batch: ProducerBatch): boolean {
    return this.unsettled().every((other) => other.order >= batch.order);
  }

  get hasBatchesOnTheirWay(): boolean {
    return this.onTheirWay.length > 0;
  }

  /** Takes the next batch out, and numbers it if the producer has an id. */
  take(isIdempotent: boolean): ProducerBatch | undefined {
    const batch = this.waiting.shift();
    if (batch === undefined) return undefined;
    this.isRecovering = false;
    if (isIdempotent && batch.sequence === null) {
      batch.sequence = this.nextSequence;
      this.nextSequence = incrementSequence(this.nextSequence, batch.writer.count);
    }
    this.onTheirWay.push(batch);
    return batch;
  }

  /** It is known what has become of a batch that was sent, or that has waited too long. */
  finish(batch: ProducerBatch): void {
    remove(this.onTheirWay, batch);
    remove(this.waiting, batch);
    if (this.open === batch) this.open = null;
  }

  /** A batch has to be sent again, not before `notBeforeMs`. */
  takeBack(batch: ProducerBatch, notBeforeMs: number): void {
    remove(this.onTheirWay, batch);
    this.isRecovering = true;
    this.notBeforeMs = Math.max(this.notBeforeMs, notBeforeMs);
    const behind = this.waiting.findIndex((other) => other.order > batch.order);
    this.waiting.splice(behind < 0 ? this.waiting.length : behind, 0, batch);
  }

  /** Numbers batches from 0 again, for a producer with a new id. */
  restartSequence(): void {
    this.nextSequence = 0;
    for (const batch of this.waiting) batch.sequence = null;
  }
}

function remove(batches: ProducerBatch[], batch: ProducerBatch): void {
  const at = batches.indexOf(batch);
  if (at >= 0) batches.splice(at, 1);
}
