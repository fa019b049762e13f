/**
 * A piece of a partition's log: the `.log` file that begins at a base offset, and its indexes. Files are opened when
 * they are used; entries of the indexes are written when the segment is flushed, rolled or closed.
 */
import { baseOffset, lastOffset, maxTimestamp, sizeInBytes } from "../records/batch-header.ts";
import { fileName, Suffix } from "./file-names.ts";
import { IntactBytes } from "./intact-bytes.ts";
import { OffsetIndex } from "./offset-index.ts";
import { LazyFile, type OpenFiles } from "./open-files.ts";
import { type BatchPosition, RecentBatches } from "./recent-batches.ts";
import { TimeIndex, type TimestampOffset } from "./time-index.ts";
import { TransactionIndex } from "./transaction-index.ts";
import { walkHeaders } from "./walk-batches.ts";

/** An index holds offsets as int32 above the base. */
const MAX_RELATIVE_OFFSET = 0x7fffffff;

export interface SegmentOptions {
  readonly files: OpenFiles;
  readonly directory: string;
  readonly baseOffset: number;
  /** Bytes of log between two entries of the index. */
  readonly indexIntervalBytes: number;
  /** How much earlier than `segment.ms` says this segment is rolled, so that not all roll at once. */
  readonly rollJitterMs: number;
  readonly createdAt: number;
  /** Behind the names of its files, for one that is not part of the log yet. */
  readonly suffix?: string;
}

export class Segment {
  readonly baseOffset: number;
  readonly log: LazyFile;
  readonly offsetIndex: OffsetIndex;
  readonly timeIndex: TimeIndex;
  readonly transactionIndex: TransactionIndex;
  readonly indexIntervalBytes: number;
  /** Which of the `.log`'s bytes are known to be what was written. */
  readonly intact = new IntactBytes();
  /** Whether `max` was compared with the `.log`, and not just read from the time index. */
  maxIsVerified = false;
  readonly #options: SegmentOptions;
  #size = -1;
  #max: TimestampOffset | null = null;
  #bytesSinceLastEntry = 0;
  #recent: RecentBatches | null = null;
  /** The max timestamp of the first batch; null until it was looked at. */
  #firstTimestamp: number | null = null;
  #unflushed = false;
  #isRemoved = false;

  constructor(options: SegmentOptions) {
    const { files, directory, suffix: more = "" } = options;
    const file = (suffix: string) =>
      new LazyFile(files, directory, fileName(options.baseOffset, suffix) + more);
    this.#options = options;
    this.baseOffset = options.baseOffset;
    this.indexIntervalBytes = options.indexIntervalBytes;
    this.log = file(Suffix.log);
    this.offsetIndex = new OffsetIndex(file(Suffix.offsetIndex), this.baseOffset);
    this.timeIndex = new TimeIndex(file(Suffix.timeIndex), this.baseOffset);
    this.transactionIndex = new TransactionIndex(file(Suffix.transactionIndex));
  }

  get size(): number {
    if (this.#size < 0) this.#size = Math.max(0, this.log.sizeOrMissing());
    return this.#size;
  }

  /** Whether the `.log` was appended to since it was last made durable. */
  get isUnflushed(): boolean {
    return this.#unflushed;
  }

  /** Whether an index has entries that are not durable. */
  get hasUnflushedIndexes(): boolean {
    const { offsetIndex, timeIndex, transactionIndex } = this;
    return offsetIndex.entries.isUnflushed || timeIndex.entries.isUnflushed || transactionIndex.isUnflushed;
  }

  /** The largest timestamp so far and the last offset of the batch that has it; −1 if no batch has one. */
  get max(): TimestampOffset {
    this.#max ??= this.timeIndex.last;
    return this.#max;
  }

  setMax(max: TimestampOffset): void {
    this.#max = max;
  }

  /** Milliseconds: the largest timestamp (see `verifyMaxTimestamp`), or when the file was last written if no record has a timestamp. */
  get largestTimestamp(): number {
    const { timestamp } = this.max;
    return timestamp >= 0 ? timestamp : this.#options.files.disk.modifiedAt(this.log.path);
  }

  /** Appends the batches in `records[start, end)` with one write, and puts them into the indexes. */
  append(records: Buffer, start: number, end: number): void {
    const position = this.size;
    this.log.write(records, start, end - start, position);
    this.#appended(records, start, end, position);
  }

  /** The same without holding up the caller. One at a time; the records must not be touched meanwhile. */
  async appendInBackground(records: Buffer, start: number, end: number): Promise<void> {
    const position = this.size;
    await this.log.writeInBackground(records, start, end - start, position);
    this.#appended(records, start, end, position);
  }

  #appended(records: Buffer, start: number, end: number, position: number): void {
    this.#unflushed = true;
    this.#size = position + end - start;
    this.intact.add(position, this.#size);
    for (let at = start; at < end; ) {
      const size = sizeInBytes(records, at);
      const last = lastOffset(records, at);
      const batchPosition = position + at - start;
      if (batchPosition === 0) this.#firstTimestamp = maxTimestamp(records, at);
      this.addToIndexes(last, maxTimestamp(records, at), batchPosition, size);
      this.#recent ??= new RecentBatches();
      this.#recent.add(baseOffset(records, at), last, batchPosition, size);
      at += size;
    }
  }

  /** Where the batch that holds `offset` lies, if it was appended lately. */
  findRecent(offset: number): BatchPosition | undefined {
    return this.#recent?.find(offset);
  }

  /** Gives the indexes an entry for a batch if it is time for one. */
  addToIndexes(last: number, batchMaxTimestamp: number, position: number, size: number): void {
    if (batchMaxTimestamp > this.max.timestamp) this.#max = { timestamp: batchMaxTimestamp, offset: last };
    if (this.#bytesSinceLastEntry > this.indexIntervalBytes) {
      this.offsetIndex.append(last, position);
      this.timeIndex.maybeAppend(this.max.timestamp, this.max.offset);
      this.#bytesSinceLastEntry = 0;
    }
    this.#bytesSinceLastEntry += size;
  }

  /** Empties the indexes by offset and time, to be filled again with `addToIndexes` and `seal`. */
  resetIndexes(): void {
    this.offsetIndex.entries.truncate(0);
    this.timeIndex.entries.truncate(0);
    this.#max = null;
    this.#bytesSinceLastEntry = 0;
    this.#recent = null;
  }

  /** Nothing is appended any more, or for a while: the time index tells the largest timestamp. */
  seal(): void {
    this.timeIndex.maybeAppend(this.max.timestamp, this.max.offset);
  }

  /** Cuts the `.log` off; the indexes are the caller's. */
  truncateLog(size: number): void {
    if (size >= this.size) return;
    this.log.truncate(size);
    this.#size = size;
    this.intact.truncate(size);
    this.#unflushed = true;
    this.#bytesSinceLastEntry = 0;
    this.#recent = null;
    if (size === 0) this.#firstTimestamp = null;
  }

  /** Whether an offset can be told apart from the base in an index. */
  canHold(offset: number): boolean {
    return offset - this.baseOffset <= MAX_RELATIVE_OFFSET && offset >= this.baseOffset;
  }

  /** Whether no entry fits into the indexes any more (`segment.index.bytes`). */
  indexIsFull(maxIndexBytes: number): boolean {
    return this.offsetIndex.isFull(maxIndexBytes) || this.timeIndex.isFull(maxIndexBytes);
  }

  /**
   * Whether the segment is old enough to be followed by another: by the timestamps of its first batch and of what is
   * to be appended, or by the clock where the first batch has none.
   */
  isOlderThan(segmentMs: number, newTimestamp: number, now: number): boolean {
    const first = this.firstBatchTimestamp;
    const waited = first >= 0 ? newTimestamp - first : now - this.#options.createdAt;
    return waited > segmentMs - this.#options.rollJitterMs;
  }

  /** Milliseconds: the max timestamp of the first batch, −1 if there is none. */
  get firstBatchTimestamp(): number {
    if (this.#firstTimestamp === null && this.size > 0) {
      walkHeaders(this.log, 0, this.size, (buffer, at) => {
        this.#firstTimestamp = maxTimestamp(buffer, at);
        return true;
      });
    }
    return this.#firstTimestamp ?? -1;
  }

  /** Nobody knows whether what is in the `.log` is durable: the next flush is to make it so. */
  markUnflushed(): void {
    this.#unflushed = true;
  }

  /** Makes the records durable. */
  async flushLog(): Promise<void> {
    if (!this.#unflushed || this.#isRemoved) return;
    this.#unflushed = false;
    try {
      await this.log.flush();
    } catch (error) {
      this.#unflushed = true;
      throw error;
    }
  }

  /** Makes the indexes durable; if there is a `.log`, there are files for them from here on. */
  async flushIndexes(): Promise<void> {
    if (this.#isRemoved || (this.size === 0 && this.log.sizeOrMissing() < 0)) return;
    await this.offsetIndex.entries.flush();
    await this.timeIndex.entries.flush();
    await this.transactionIndex.flush();
  }

  /** Whether files of indexes were made since this was last asked. */
  takeMadeIndexes(): boolean {
    const { offsetIndex, timeIndex, transactionIndex } = this;
    const made = [offsetIndex.entries.takeMade(), timeIndex.entries.takeMade(), transactionIndex.takeMade()];
    return made.includes(true);
  }

  /** Closes the files. What the indexes hold in memory is written, but not durable. */
  close(): void {
    this.offsetIndex.entries.persist();
    this.timeIndex.entries.persist();
    this.transactionIndex.persist();
    this.closeFiles();
  }

  /** Closes the files and writes nothing. */
  closeFiles(): void {
    for (const file of this.#files()) file.close();
  }

  /** Puts `.deleted` behind the files' names: they are no part of the log any more. */
  markDeleted(): void {
    for (const file of this.#files()) file.moveTo(file.path + Suffix.deleted);
  }

  /** Gives the files names that end in `to` instead of `from`. */
  changeSuffix(from: string, to: string): void {
    for (const file of this.#files()) file.moveTo(file.path.slice(0, file.path.length - from.length) + to);
  }

  /** Removes the files, however they are called by now. */
  async removeFiles(): Promise<void> {
    this.#isRemoved = true;
    this.closeFiles();
    for (const file of this.#files()) await this.#options.files.disk.removeInBackground(file.path);
  }

  /** The same, holding up the caller. */
  removeFilesNow(): void {
    this.#isRemoved = true;
    this.closeFiles();
    for (const file of this.#files()) this.#options.files.disk.remove(file.path);
  }

  #files(): LazyFile[] {
    return [this.log, this.offsetIndex.entries.file, this.timeIndex.entries.file, this.transactionIndex.file];
  }
}
