/**
 * Checks the folder of one partition: its segments, and everything that is said about them.
 */
import { fileName, LEADER_EPOCH_CHECKPOINT, offsetOfFile, Suffix } from "../../log/file-names.ts";
import { LazyFile, OpenFiles } from "../../log/open-files.ts";
import type { ProducerEntry } from "../../log/producer-entry.ts";
import { decodeSnapshot } from "../../log/producer-snapshot.ts";
import { MalformedError } from "../../protocol/malformed.ts";
import type { CheckContext } from "./context.ts";
import { EpochCheck, readEpochs } from "./epoch-check.ts";
import { ProducerCheck } from "./producer-check.ts";
import { checkSegment } from "./segment-check.ts";
import { SegmentIndexes, type TellOf } from "./segment-indexes.ts";

export interface PartitionOptions {
  readonly path: string;
  /** Names of the files in the folder. */
  readonly names: readonly string[];
  /** Whether everything in it must be complete: closed cleanly, and not open. */
  readonly isClosed: boolean;
  /** Whether a broker writes to it. */
  readonly isInUse: boolean;
  /** Below it everything is on the device, indexes and all, even after a crash. */
  readonly recoveryPoint: number;
  readonly logStartOffset: number;
}

/** Checks it; returns where the log begins and ends. */
export function checkPartition(
  context: CheckContext,
  options: PartitionOptions,
): { beginning: number; end: number } {
  return new PartitionCheck(context, options).run();
}

/** A segment's log and its indexes. */
const MAX_OPEN_FILES = 4;

class PartitionCheck {
  private readonly bases: readonly number[];
  private readonly files: OpenFiles;
  private readonly producers: ProducerCheck;
  private readonly epochs: EpochCheck | null;
  /** By the snapshot's offset. */
  private readonly snapshots: Set<number>;

  constructor(
    private readonly context: CheckContext,
    private readonly options: PartitionOptions,
  ) {
    this.bases = this.offsets(Suffix.log);
    this.files = new OpenFiles(context.disk, MAX_OPEN_FILES);
    this.snapshots = new Set(this.offsets(Suffix.producerSnapshot));
    const beginning = this.bases[0] ?? 0;
    this.producers = new ProducerCheck(beginning);
    const first = this.snapshot(beginning);
    if (first !== null) this.producers.restore(first);
    this.epochs = this.openEpochs();
  }

  run(): { beginning: number; end: number } {
    const { report } = this.context;
    const beginning = this.bases[0] ?? this.options.logStartOffset;
    let end = beginning;
    for (const [index, base] of this.bases.entries()) {
      end = this.segment(base, this.bases[index + 1] ?? Number.POSITIVE_INFINITY, end);
      report.looked.segments++;
    }
    this.compareSnapshot(end);
    for (const offset of this.snapshots) {
      const path = this.pathOf(offset, Suffix.producerSnapshot);
      this.snapshot(offset);
      if (offset <= end || this.options.isInUse) continue;
      report.finding(!this.options.isClosed, path, `this is of offset ${offset}, and the log ends at ${end}`);
    }
    this.indexesWithoutLog();
    return { beginning, end };
  }

  private segment(base: number, nextBase: number, before: number): number {
    const { report, deep } = this.context;
    const { path: folder, isClosed, isInUse } = this.options;
    if (base > 0) this.compareSnapshot(base);
    const path = this.pathOf(base, Suffix.log);
    const isLast = nextBase === Number.POSITIVE_INFINITY;
    const indexes = new SegmentIndexes(this.files, folder, base, this.tellOf(nextBase, isLast));
    const log = new LazyFile(this.files, path);
    const size = Math.max(0, log.sizeOrMissing());
    report.looked.bytes += size;
    if (size > 0 && !indexes.areThere && !this.isRebuilt(nextBase)) {
      report.note(path, "indexes of this segment are missing; a start makes them anew");
    }
    try {
      const { nextOffset, end, rest, isIntact } = checkSegment(log, base, size, {
        nextBase,
        deep,
        batch: (batch) => {
          report.looked.batches++;
          this.epochs?.batch(batch);
          indexes.batch(batch, this.producers.batch(batch));
        },
        wrong: (what, position) => {
          this.producers.isKnown = false;
          report.problem(path, what, position);
        },
      });
      if (rest !== null) this.tellRest(path, rest, end, isLast && nextOffset >= this.options.recoveryPoint);
      if (!isIntact) this.producers.isKnown = false;
      else if (!isLast || !isInUse) indexes.end(size, isClosed || !isLast);
      return Math.max(before, nextOffset);
    } finally {
      log.close();
      indexes.close();
    }
  }

  /** What a crash leaves behind the last whole batch was acknowledged to nobody, if it is the end of the log. */
  private tellRest(path: string, rest: string, position: number, mayBeUnfinished: boolean): void {
    const isUnfinished = mayBeUnfinished && !this.options.isClosed;
    const consequence = isUnfinished
      ? "what was being written; a start after a crash cuts it off"
      : "nothing behind it could be checked";
    this.context.report.finding(isUnfinished, path, `${rest}: ${consequence}`, position);
  }

  /** Whether a start after a crash makes the indexes of a segment anew. */
  private isRebuilt(nextBase: number): boolean {
    return !this.options.isClosed && nextBase > this.options.recoveryPoint;
  }

  /** Indexes lag behind the log while a broker writes. */
  private tellOf(nextBase: number, isLast: boolean): TellOf {
    if (isLast && this.options.isInUse) return () => undefined;
    const isRebuilt = this.isRebuilt(nextBase);
    const consequence = isRebuilt ? "; a start makes it anew" : "";
    return (path, what, position) =>
      this.context.report.finding(isRebuilt, path, `${what}${consequence}`, position);
  }

  private openEpochs(): EpochCheck | null {
    const { disk, report } = this.context;
    const { path: folder, isClosed, isInUse, logStartOffset } = this.options;
    const path = `${folder}/${LEADER_EPOCH_CHECKPOINT}`;
    const epochs = readEpochs(disk, path);
    if (epochs === null) {
      if (this.bases.length > 0) report.note(path, "is missing; a start makes it anew from the log");
      return null;
    }
    if (typeof epochs === "string") {
      report.problem(path, epochs);
      return null;
    }
    if (isInUse) return null;
    return new EpochCheck(epochs, logStartOffset, (what) => report.finding(!isClosed, path, what));
  }

  /** The log has been followed up to `offset`: what a snapshot says of it must be so. */
  private compareSnapshot(offset: number): void {
    if (!this.snapshots.delete(offset) || offset === this.bases[0]) return;
    const path = this.pathOf(offset, Suffix.producerSnapshot);
    const snapshot = this.snapshot(offset);
    if (snapshot === null) return;
    this.producers.compare(snapshot, offset, (what) => this.context.report.problem(path, what));
  }

  private snapshot(offset: number): ProducerEntry[] | null {
    const { disk, report } = this.context;
    const path = this.pathOf(offset, Suffix.producerSnapshot);
    if (!this.options.names.includes(nameOf(path))) return null;
    try {
      return decodeSnapshot(disk.readFile(path));
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      report.problem(path, `${error.message}; a start reads the log instead`);
      return null;
    }
  }

  private indexesWithoutLog(): void {
    for (const name of this.options.names) {
      if (!/^\d{20}\.(index|timeindex|txnindex)$/.test(name) || this.bases.includes(offsetOfFile(name)))
        continue;
      this.context.report.note(
        `${this.options.path}/${name}`,
        "this is an index without a log; a start removes it",
      );
    }
  }

  private offsets(suffix: string): number[] {
    const { names } = this.options;
    return names
      .filter((name) => /^\d{20}\.[a-z]+$/.test(name) && name.endsWith(suffix))
      .map(offsetOfFile)
      .filter((offset) => offset >= 0)
      .sort((left, right) => left - right);
  }

  private pathOf(offset: number, suffix: string): string {
    return `${this.options.path}/${fileName(offset, suffix)}`;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
