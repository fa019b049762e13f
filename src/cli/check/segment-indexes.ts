/**
 * The three indexes of a segment, while its batches pass by.
 */
import { fileName, Suffix } from "../../log/file-names.ts";
import { OffsetIndex } from "../../log/offset-index.ts";
import { LazyFile, type OpenFiles } from "../../log/open-files.ts";
import { TimeIndex } from "../../log/time-index.ts";
import { TransactionIndex } from "../../log/transaction-index.ts";
import type { BatchView } from "../../log/walk-batches.ts";
import { OffsetIndexCheck, TimeIndexCheck } from "./index-check.ts";
import type { EndedTransaction } from "./producer-check.ts";
import { TransactionIndexCheck } from "./transaction-index-check.ts";

/** Tells of something wrong in the file at `path`. */
export type TellOf = (path: string, what: string, position?: number) => void;

export class SegmentIndexes {
  /** Whether both indexes that every segment has are there. */
  readonly areThere: boolean;
  private readonly files: readonly LazyFile[];
  private readonly offsets: OffsetIndexCheck;
  private readonly times: TimeIndexCheck;
  private readonly transactions: TransactionIndexCheck;
  private readonly hasTimes: boolean;

  constructor(open: OpenFiles, folder: string, base: number, tell: TellOf) {
    const file = (suffix: string) => new LazyFile(open, `${folder}/${fileName(base, suffix)}`);
    const [offsetFile, timeFile] = [file(Suffix.offsetIndex), file(Suffix.timeIndex)];
    const transactionFile = file(Suffix.transactionIndex);
    this.files = [offsetFile, timeFile, transactionFile];
    this.hasTimes = timeFile.sizeOrMissing() >= 0;
    this.areThere = this.hasTimes && offsetFile.sizeOrMissing() >= 0;
    const teller = (of: LazyFile) => (what: string, position?: number) => tell(of.path, what, position);
    const offsetIndex = new OffsetIndex(offsetFile, base);
    const timeIndex = new TimeIndex(timeFile, base);
    if (offsetIndex.entries.isRagged) teller(offsetFile)("the last entry is not whole");
    if (timeIndex.entries.isRagged) teller(timeFile)("the last entry is not whole");
    this.offsets = new OffsetIndexCheck(offsetIndex, base, teller(offsetFile));
    this.times = new TimeIndexCheck(timeIndex, base, teller(timeFile));
    this.transactions = new TransactionIndexCheck(
      new TransactionIndex(transactionFile),
      teller(transactionFile),
    );
  }

  /** @param completed the transaction that the batch ends, as far as that is known */
  batch(batch: BatchView, completed: EndedTransaction | undefined): void {
    this.offsets.batch(batch);
    this.times.batch(batch);
    this.transactions.batch(batch, completed);
  }

  /**
   * There are no more batches.
   *
   * @param isComplete whether nothing is appended any more, so that the last entry tells the largest timestamp
   */
  end(logSize: number, isComplete: boolean): void {
    this.offsets.end(logSize);
    this.times.end(isComplete && this.hasTimes);
    this.transactions.end();
  }

  close(): void {
    for (const file of this.files) file.close();
  }
}
