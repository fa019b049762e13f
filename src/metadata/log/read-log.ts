/**
 * Reads a metadata log into an image: the newest snapshot, then the segments from there on, one file in memory at a
 * time. Nothing is written.
 */
import type { Disk } from "../../disk/disk.ts";
import { KRAFT_VERSION } from "../feature-levels.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import { RecordApplier } from "../image/transactions.ts";
import { MetadataError } from "../metadata-error.ts";
import { type ControlRecord, readControlRecords } from "./control-records.ts";
import { logFilesIn, type SegmentFile, type SnapshotFile } from "./file-names.ts";
import { emptyLogState, type LogState } from "./log-state.ts";
import { batchSize, located, recordsIn } from "./read-batch.ts";
import { readSnapshot } from "./read-snapshot.ts";
import { type ScannedBatch, scanBatches } from "./scan-batches.ts";

export interface ReadLogOptions {
  readonly disk: Disk;
  /** The folder `__cluster_metadata-0`. */
  readonly folder: string;
  /** Reads a whole file. */
  readonly readFile: (path: string) => Promise<Uint8Array>;
  /** Empty; filled from the log. */
  readonly image: ClusterImage;
}

export interface ReadLog {
  readonly state: LogState;
  readonly applier: RecordApplier;
}

/**
 * Reads the log in `folder`; a folder that is missing is a log without records.
 *
 * @throws MetadataError when the log is damaged, incomplete or of a newer Kafka, with the file and the position
 */
export async function readLog(options: ReadLogOptions): Promise<ReadLog> {
  const reader = new LogReader(options);
  await reader.read();
  return reader;
}

class LogReader implements ReadLog {
  readonly state = emptyLogState();
  readonly applier: RecordApplier;
  /** Where the newest snapshot ends, and the records that are still to be applied begin. */
  private from = 0;

  constructor(private readonly options: ReadLogOptions) {
    this.applier = new RecordApplier(options.image);
  }

  async read(): Promise<void> {
    const { disk, folder, image } = this.options;
    const { state } = this;
    const { segments, snapshots } = logFilesIn(disk, folder);
    const snapshot = snapshots.at(-1);
    if (snapshot !== undefined) await this.readSnapshot(snapshot);
    checkBeginning(segments, this.from);
    // A segment whose successor begins at or before the snapshot's end is in the snapshot.
    const wanted = segments.filter((_, index) => {
      const next = segments[index + 1];
      return next === undefined || next.baseOffset > this.from;
    });
    for (const segment of wanted) await this.readSegment(segment, segment === wanted.at(-1));
    if (state.endOffset < this.from) {
      state.segment = null;
      state.endOffset = this.from;
    }
    image.parts.features.set(KRAFT_VERSION, state.kraftVersion);
    located(folder, undefined, () => image.parts.topics.checkComplete());
  }

  private async readSnapshot({ path, endOffset, epoch }: SnapshotFile): Promise<void> {
    this.from = endOffset;
    this.state.snapshotEpoch = epoch;
    for (const { control, records } of readSnapshot(path, await this.readFile(path))) {
      for (const record of control) this.note(record, false);
      // A snapshot of nothing is what kafka-storage.sh leaves for the log to begin with.
      if (endOffset === 0) this.state.bootstrapRecords.push(...records);
      else located(path, undefined, () => this.applier.apply({ records, lastOffset: endOffset - 1, epoch }));
    }
  }

  private async readSegment({ path, baseOffset }: SegmentFile, isLast: boolean): Promise<void> {
    const { state } = this;
    if (state.segment !== null && baseOffset !== state.endOffset) {
      throw new MetadataError(
        path,
        `this segment begins at offset ${baseOffset}, and the one before it ends at ${state.endOffset}`,
      );
    }
    state.endOffset = baseOffset;
    const buffer = await this.readFile(path);
    // Some hand-made logs begin without the record of the first leader.
    const batches = scanBatches(path, buffer, baseOffset === 0 ? [0, 1] : [baseOffset]);
    let beganAt: number | null = null;
    let next = batches.next();
    for (; !next.done; next = batches.next()) {
      beganAt ??= next.value.timestamp;
      this.take(path, next.value);
    }
    const sizeInBytes = next.value;
    if (sizeInBytes < buffer.length && !isLast) {
      throw new MetadataError(path, "a batch is cut short, and there is a segment behind it", sizeInBytes);
    }
    state.segment = { path, baseOffset, sizeInBytes, cutShortBytes: buffer.length - sizeInBytes, beganAt };
  }

  private take(path: string, batch: ScannedBatch): void {
    const { state, from } = this;
    const { epoch, nextOffset } = batch;
    if (epoch > (state.epochs.at(-1)?.epoch ?? -1)) {
      state.epochs.push({ epoch, startOffset: batch.baseOffset });
    }
    state.endOffset = nextOffset;
    if (nextOffset <= from) return;
    state.bytesSinceSnapshot += batchSize(batch);
    if (batch.control) {
      const control = located(path, batch, () => [...readControlRecords(batch)]);
      for (const record of control) this.note(record, true);
      return;
    }
    const records = recordsIn(path, batch)
      .filter(({ offset }) => offset >= from)
      .map(({ record }) => record);
    located(path, batch, () => this.applier.apply({ records, lastOffset: nextOffset - 1, epoch }));
  }

  private note(record: ControlRecord, inLog: boolean): void {
    const { state } = this;
    if (record.type === "kraftVersion") {
      state.kraftVersion = record.kraftVersion;
    } else if (record.type === "kraftVoters") {
      state.voters = record.voters;
      state.voterIds = record.voters.map(({ voterId }) => voterId);
      state.votersInLog = inLog;
    } else if (record.type === "leaderChange" && state.voters.length === 0) {
      state.voterIds = record.voterIds;
    }
  }

  private async readFile(path: string): Promise<Buffer> {
    const bytes = await this.options.readFile(path);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}

/** Whether nothing is missing between the snapshot and the first segment. */
function checkBeginning(segments: readonly SegmentFile[], from: number): void {
  const [first] = segments;
  // Offset 0 can only be the record of the first leader, which nothing depends on.
  if (first === undefined || first.baseOffset <= Math.max(from, 1)) return;
  throw new MetadataError(
    first.path,
    `the log begins at offset ${first.baseOffset}, and what was before it is in no snapshot: ` +
      (from === 0 ? "there is none" : `the newest ends at ${from}`),
  );
}
