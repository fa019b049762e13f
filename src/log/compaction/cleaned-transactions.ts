/**
 * The transactions of the part of a log that compaction goes through, batch by batch: which batches are aborted, and
 * which markers may go because nothing is left of their transaction.
 */
import * as header from "../../records/batch-header.ts";
import { ControlRecordType, controlRecordType } from "../../records/control.ts";
import { RecordCursor } from "../../records/record-cursor.ts";
import type { AbortedTransaction, TransactionIndex } from "../transaction-index.ts";

interface Aborted {
  readonly transaction: AbortedTransaction;
  /** Whether a batch of it was met. */
  hasBatches: boolean;
}

export class CleanedTransactions {
  /** Where the aborted transactions go whose markers stay. None while the keys are gathered. */
  index: TransactionIndex | null = null;
  /** Producers with batches met of a transaction that will be committed. */
  readonly #committed = new Set<bigint>();
  /** Begun before the batch that was met last. */
  readonly #aborted = new Map<bigint, Aborted>();
  /** Not begun yet; the next to begin is the last. */
  #coming: AbortedTransaction[] = [];

  /** Tells of aborted transactions that lie ahead, as the log's transaction indexes have them. */
  add(transactions: readonly AbortedTransaction[]): void {
    if (transactions.length === 0) return;
    this.#coming = [...this.#coming, ...transactions].sort((a, b) => b.firstOffset - a.firstOffset);
  }

  /** Meets a batch of records. Returns whether its transaction was aborted. */
  meetBatch(buffer: Buffer, at: number): boolean {
    this.#beginUpTo(header.lastOffset(buffer, at));
    if (!header.isTransactional(header.attributes(buffer, at))) return false;
    const producerId = header.producerId(buffer, at);
    const aborted = this.#aborted.get(producerId);
    if (aborted) aborted.hasBatches = true;
    else this.#committed.add(producerId);
    return aborted !== undefined;
  }

  /** Meets a control batch. Returns whether it may go, as far as its transaction is concerned. */
  meetControlBatch(buffer: Buffer, at: number): boolean {
    this.#beginUpTo(header.lastOffset(buffer, at));
    const cursor = new RecordCursor(buffer, at);
    // An empty one was cleaned before.
    if (!cursor.next()) return true;
    const producerId = header.producerId(buffer, at);
    switch (controlRecordType(cursor.key())) {
      case ControlRecordType.abort: {
        const aborted = this.#aborted.get(producerId);
        this.#aborted.delete(producerId);
        if (!aborted?.hasBatches) return true;
        this.index?.append(aborted.transaction);
        return false;
      }
      case ControlRecordType.commit:
        return !this.#committed.delete(producerId);
      default:
        return false;
    }
  }

  #beginUpTo(offset: number): void {
    for (let next = this.#coming.at(-1); next && next.firstOffset <= offset; next = this.#coming.at(-1)) {
      this.#coming.pop();
      if (!this.#aborted.has(next.producerId)) {
        this.#aborted.set(next.producerId, { transaction: next, hasBatches: false });
      }
    }
  }
}
