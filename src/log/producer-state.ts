/**
 * The producers of a partition and their transactions, as its log tells them: a function of the batches up to
 * `endOffset`. It is told of every batch, at the append or when the log is loaded, and written to `.snapshot` files.
 */

import type { EndMarker, ProducerBatch } from "./producer-check.ts";
import { type AppendedBatch, NO_OFFSET, ProducerEntry } from "./producer-entry.ts";

/** A transaction whose marker has been written, to be told to `completeTransaction`. */
export interface CompletedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
  /** The marker's offset. */
  readonly lastOffset: number;
  readonly isAborted: boolean;
}

interface Transaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
  /** The marker's offset, −1 while there is none. */
  lastOffset: number;
}

export class ProducerState {
  /** State is that of the log up to here, exclusively. */
  endOffset = 0;
  readonly #producers = new Map<bigint, ProducerEntry>();
  /** By first offset: each begins at the end of the log. */
  #ongoing: Transaction[] = [];
  /** Ended, with the marker at or above the high watermark; by first offset. */
  #unreplicated: Transaction[] = [];

  get producers(): ReadonlyMap<bigint, ProducerEntry> {
    return this.#producers;
  }

  find(producerId: bigint): ProducerEntry | undefined {
    return this.#producers.get(producerId);
  }

  /** Where the first transaction begins whose end readers of committed records can't know yet; −1 if there is none. */
  get firstUnstableOffset(): number {
    const ongoing = this.#ongoing[0]?.firstOffset ?? NO_OFFSET;
    const unreplicated = this.#unreplicated[0]?.firstOffset ?? NO_OFFSET;
    if (ongoing === NO_OFFSET || unreplicated === NO_OFFSET) return Math.max(ongoing, unreplicated);
    return Math.min(ongoing, unreplicated);
  }

  /** Puts in a producer as a snapshot had it. */
  restore(entry: ProducerEntry): void {
    this.#producers.set(entry.producerId, entry);
    if (entry.isInTransaction) this.#begin(entry.producerId, entry.currentTransactionFirstOffset);
  }

  /** A batch of records with this producer was appended. */
  addBatch(batch: ProducerBatch, appended: AppendedBatch): void {
    const entry = this.#entryOf(batch.producerId);
    entry.setEpoch(batch.epoch);
    entry.addBatch(appended);
    if (batch.isTransactional && !entry.isInTransaction) {
      entry.currentTransactionFirstOffset = batch.baseOffset;
      this.#begin(batch.producerId, batch.baseOffset);
    }
  }

  /** A marker was appended. Returns the transaction it ends; none if the producer wrote nothing here. */
  addMarker(marker: EndMarker): CompletedTransaction | undefined {
    const entry = this.#entryOf(marker.producerId);
    const firstOffset = entry.currentTransactionFirstOffset;
    entry.setEpoch(marker.epoch);
    entry.coordinatorEpoch = marker.coordinatorEpoch;
    entry.lastTimestamp = marker.timestamp;
    entry.currentTransactionFirstOffset = NO_OFFSET;
    if (firstOffset === NO_OFFSET) return undefined;
    const { producerId, offset: lastOffset, isCommit } = marker;
    return { producerId, firstOffset, lastOffset, isAborted: !isCommit };
  }

  /** Where the last stable offset will be when this transaction is complete and the high watermark past it. */
  lastStableOffsetAfter(completed: CompletedTransaction): number {
    const next = this.#ongoing.find(({ producerId }) => producerId !== completed.producerId);
    return next?.firstOffset ?? completed.lastOffset + 1;
  }

  /** The transaction index knows of it: it holds back the last stable offset no longer than the high watermark does. */
  completeTransaction(completed: CompletedTransaction): void {
    const index = this.#ongoing.findIndex(({ firstOffset }) => firstOffset === completed.firstOffset);
    const [transaction] = index < 0 ? [] : this.#ongoing.splice(index, 1);
    if (!transaction) return;
    transaction.lastOffset = completed.lastOffset;
    insertByFirstOffset(this.#unreplicated, transaction);
  }

  /** The high watermark is `offset` now. */
  highWatermarkMovedTo(offset: number): void {
    if (this.#unreplicated.length === 0) return;
    this.#unreplicated = this.#unreplicated.filter(({ lastOffset }) => lastOffset >= offset);
  }

  /** Forgets producers that have been idle for `expirationMs`, unless a transaction is going on. */
  expire(now: number, expirationMs: number): void {
    for (const entry of this.#producers.values()) {
      if (!entry.isInTransaction && now - entry.lastTimestamp >= expirationMs) {
        this.#producers.delete(entry.producerId);
      }
    }
  }

  /** Knows nothing any more, of a log that ends at `endOffset`. */
  clear(endOffset: number): void {
    this.#producers.clear();
    this.#ongoing = [];
    this.#unreplicated = [];
    this.endOffset = endOffset;
  }

  #entryOf(producerId: bigint): ProducerEntry {
    const known = this.#producers.get(producerId);
    if (known) return known;
    const entry = new ProducerEntry(producerId);
    this.#producers.set(producerId, entry);
    return entry;
  }

  #begin(producerId: bigint, firstOffset: number): void {
    insertByFirstOffset(this.#ongoing, { producerId, firstOffset, lastOffset: NO_OFFSET });
  }
}

function insertByFirstOffset(transactions: Transaction[], transaction: Transaction): void {
  let index = transactions.length;
  while (index > 0 && (transactions[index - 1]?.firstOffset ?? 0) > transaction.firstOffset) index--;
  transactions.splice(index, 0, transaction);
}
