/**
 * Compares a segment's index of aborted transactions with the markers that pass by.
 */
import {
  type AbortedTransaction,
  TRANSACTION_ENTRY_SIZE,
  type TransactionIndex,
} from "../../log/transaction-index.ts";
import type { BatchView } from "../../log/walk-batches.ts";
import * as header from "../../records/batch-header.ts";
import { ControlRecordType, controlRecordType } from "../../records/control.ts";
import { RecordCursor } from "../../records/record-cursor.ts";
import type { EndedTransaction } from "./producer-check.ts";

type Tell = (what: string, position?: number) => void;

export class TransactionIndexCheck {
  private next = 0;

  constructor(
    private readonly index: TransactionIndex,
    private readonly tell: Tell,
  ) {}

  /** @param completed the transaction that the batch ends, as far as that is known */
  batch({ buffer, at }: BatchView, completed: EndedTransaction | undefined): void {
    if (controlTypeOf(buffer, at) !== ControlRecordType.abort) return;
    const marker = header.baseOffset(buffer, at);
    for (let entry = this.current; entry !== null && entry.lastOffset < marker; entry = this.current) {
      this.wrong(entry);
    }
    const entry = this.current;
    if (entry === null || entry.lastOffset > marker) {
      if (completed?.isAborted) this.tell(`the transaction aborted at offset ${marker} is missing`);
      return;
    }
    this.next++;
    const wrong = whatIsWrong(entry, header.producerId(buffer, at), completed);
    if (wrong !== null)
      this.tell(`the entry for the transaction aborted at offset ${marker} ${wrong}`, this.at);
  }

  end(): void {
    for (let entry = this.current; entry !== null; entry = this.current) this.wrong(entry);
  }

  private get current(): AbortedTransaction | null {
    return this.next < this.index.count ? this.index.entry(this.next) : null;
  }

  private get at(): number {
    return (this.next - 1) * TRANSACTION_ENTRY_SIZE;
  }

  private wrong({ lastOffset }: AbortedTransaction): void {
    this.next++;
    this.tell(`no transaction was aborted at offset ${lastOffset}`, this.at);
  }
}

function whatIsWrong(
  entry: AbortedTransaction,
  producerId: bigint,
  completed: EndedTransaction | undefined,
): string | null {
  if (entry.producerId !== producerId) return `names producer ${entry.producerId}, and it was ${producerId}`;
  if (completed !== undefined && entry.firstOffset > completed.firstOffset) {
    return `lets it begin at ${entry.firstOffset}, and it began at ${completed.firstOffset}`;
  }
  const stable = completed?.lastStableOffset ?? Math.min(entry.lastStableOffset, entry.lastOffset + 1);
  if (entry.lastStableOffset === stable) return null;
  return `says the last stable offset was ${entry.lastStableOffset}, and it was ${stable}`;
}

/** The type of the first record of a control batch whose CRC is right; −1 for any other batch, or an empty one. */
function controlTypeOf(buffer: Buffer, at: number): number {
  if (!header.isControl(header.attributes(buffer, at))) return -1;
  const cursor = new RecordCursor(buffer, at);
  return cursor.next() ? controlRecordType(cursor.key()) : -1;
}
