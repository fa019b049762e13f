/**
 * Follows the producers of a partition through its log, and compares what is known of them with snapshots.
 */
import { applyBatch } from "../../log/producer-batches.ts";
import { NO_OFFSET, type ProducerEntry } from "../../log/producer-entry.ts";
import { type CompletedTransaction, ProducerState } from "../../log/producer-state.ts";
import type { BatchView } from "../../log/walk-batches.ts";
import * as header from "../../records/batch-header.ts";

/** Producers in one partition that are followed; beyond, a check would take more memory than it should. */
const MAX_PRODUCERS = 200_000;

/** A transaction, and the last stable offset after it; undefined where compaction has hidden that. */
export interface EndedTransaction extends CompletedTransaction {
  readonly lastStableOffset: number | undefined;
}

type Tell = (what: string) => void;

export class ProducerCheck {
  private readonly state = new ProducerState();
  /** Whether what is known follows from every batch since the log's beginning. */
  isKnown = true;
  /** Whether compaction has been here: then it isn't known any more what a producer had written at a time. */
  private isCompacted = false;
  private nextOffset: number;

  constructor(private readonly beginning: number) {
    this.nextOffset = beginning;
    this.state.endOffset = beginning;
  }

  /** Begins with what a snapshot at the log's beginning knows. */
  restore(producers: readonly ProducerEntry[]): void {
    for (const producer of producers) this.state.restore(producer);
  }

  /** Returns the transaction that the batch ends. */
  batch({ buffer, at }: BatchView): EndedTransaction | undefined {
    const isWhole = header.recordCount(buffer, at) === header.lastOffsetDelta(buffer, at) + 1;
    if (header.baseOffset(buffer, at) !== this.nextOffset || !isWhole) this.isCompacted = true;
    this.nextOffset = header.nextOffset(buffer, at);
    if (!this.isKnown) return undefined;
    const completed = applyBatch(this.state, buffer, at);
    if (this.state.producers.size > MAX_PRODUCERS) this.isKnown = false;
    if (completed === undefined) return undefined;
    const lastStableOffset = this.state.lastStableOffsetAfter(completed);
    this.state.completeTransaction(completed);
    return { ...completed, lastStableOffset: this.isCompacted ? undefined : lastStableOffset };
  }

  /** Compares with the producers that a snapshot at `offset`, which has just been reached, holds. */
  compare(snapshot: readonly ProducerEntry[], offset: number, tell: Tell): void {
    if (!this.isKnown || this.isCompacted || this.nextOffset !== offset) return;
    const inSnapshot = new Map(snapshot.map((entry) => [entry.producerId, entry]));
    for (const entry of snapshot) {
      if (entry.lastOffset >= offset) {
        tell(
          `producer ${entry.producerId} is said to have written offset ${entry.lastOffset}, which is not below ${offset}`,
        );
        continue;
      }
      const known = this.state.find(entry.producerId);
      if (known !== undefined) this.compareOne(entry, known, tell);
      else if (entry.lastOffset >= this.beginning) {
        tell(
          `producer ${entry.producerId} is said to have written offset ${entry.lastOffset}, and the log has nothing of it`,
        );
      }
    }
    for (const { producerId, isInTransaction } of this.state.producers.values()) {
      if (isInTransaction && !inSnapshot.has(producerId)) {
        tell(`producer ${producerId}, which is in a transaction, is missing`);
      }
    }
  }

  private compareOne(entry: ProducerEntry, known: ProducerEntry, tell: Tell): void {
    const what = (of: ProducerEntry) => {
      const transaction = of.currentTransactionFirstOffset;
      return (
        `epoch ${of.epoch}, sequence ${of.lastSequence}, offset ${of.lastOffset}` +
        (transaction === NO_OFFSET ? "" : `, in a transaction since offset ${transaction}`)
      );
    };
    if (what(entry) !== what(known)) {
      tell(
        `producer ${entry.producerId} is said to be at ${what(entry)}; by the log it is at ${what(known)}`,
      );
    }
  }
}
