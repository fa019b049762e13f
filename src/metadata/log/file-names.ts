/**
 * The names of what lies in the metadata log's folder: segments named by their first offset, and snapshots by the
 * offset and epoch at which they end.
 */
import type { Disk } from "../../disk/disk.ts";

/** The folder of the metadata log in its log directory: the partition 0 of an internal topic. */
export const METADATA_DIRECTORY = "__cluster_metadata-0";
/** Feature levels that Kafka 3.3 to 4.3 wrote when they formatted a directory, beside the metadata log's folder. */
export const BOOTSTRAP_CHECKPOINT = "bootstrap.checkpoint";

const SEGMENT = /^(\d{20})\.log$/;
const SNAPSHOT = /^(\d{20})-(\d{10})\.checkpoint$/;

/** A file of the log, by the offset it is named after. */
export interface SegmentFile {
  readonly path: string;
  readonly baseOffset: number;
}

/** A snapshot of all that the log says below `endOffset`. */
export interface SnapshotFile {
  readonly path: string;
  readonly endOffset: number;
  readonly epoch: number;
}

export interface LogFiles {
  /** In the order of their offsets. */
  readonly segments: readonly SegmentFile[];
  readonly snapshots: readonly SnapshotFile[];
}

/** What a metadata log's folder holds, half-written snapshots (`.part`) left out; nothing if there is no folder. */
export function logFilesIn(disk: Disk, folder: string): LogFiles {
  const segments: SegmentFile[] = [];
  const snapshots: SnapshotFile[] = [];
  const names = disk.exists(folder) ? disk.list(folder).filter(({ kind }) => kind === "file") : [];
  for (const { name } of names) {
    const path = `${folder}/${name}`;
    const segment = SEGMENT.exec(name);
    if (segment) segments.push({ path, baseOffset: Number(segment[1]) });
    const snapshot = SNAPSHOT.exec(name);
    if (snapshot) snapshots.push({ path, endOffset: Number(snapshot[1]), epoch: Number(snapshot[2]) });
  }
  segments.sort((left, right) => left.baseOffset - right.baseOffset);
  snapshots.sort((left, right) => left.endOffset - right.endOffset || left.epoch - right.epoch);
  return { segments, snapshots };
}

/** All files of the segment with that `.log`, as Kafka has them; that comes last. */
export function segmentFiles(path: string): string[] {
  const name = path.slice(0, -".log".length);
  return [".index", ".timeindex", ".txnindex", ".snapshot", ".log"].map((suffix) => name + suffix);
}

/** The name of the segment whose first offset is `baseOffset`. */
export function segmentName(baseOffset: number): string {
  return `${padded(baseOffset, 20)}.log`;
}

/** The name of the snapshot of everything below `endOffset`, whose last record is of `epoch`. */
export function snapshotName(endOffset: number, epoch: number): string {
  return `${padded(endOffset, 20)}-${padded(epoch, 10)}.checkpoint`;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
