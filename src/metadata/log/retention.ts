/**
 * Keeps the metadata log from growing for ever, by the rules of Kafka's KafkaMetadataLog: while log and snapshots are too
 * much, or the oldest snapshot is too old, that one goes, and the segments that the next one holds. The newest snapshot
 * and the last segment always stay.
 */
import type { Disk } from "../../disk/disk.ts";
import type { Logger } from "../../observe/logger.ts";
import { MetadataError, messageOf } from "../metadata-error.ts";
import { logFilesIn, type SnapshotFile, segmentFiles } from "./file-names.ts";
import { readSnapshot } from "./read-snapshot.ts";

export interface RetentionOptions {
  readonly disk: Disk;
  /** The folder `__cluster_metadata-0`. */
  readonly folder: string;
  /** `metadata.max.retention.bytes`; negative for no limit. */
  readonly retentionBytes: number;
  /** `metadata.max.retention.ms`; negative for no limit. */
  readonly retentionMs: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly logger: Logger;
}

/** Removes what may go, the oldest first, off the event loop. What can't be removed is warned of. */
export async function applyMetadataRetention(options: RetentionOptions): Promise<void> {
  try {
    for (const path of expired(options)) await options.disk.removeInBackground(path);
  } catch (error) {
    options.logger.warn(
      `What is old in ${options.folder} can't be removed, and takes up room: ${messageOf(error)}`,
    );
  }
}

/** The files that may go, in the order in which they are to go: what is left at any moment is a whole log. */
function expired(options: RetentionOptions): string[] {
  const { disk, folder, retentionBytes, logger } = options;
  const { segments, snapshots } = logFilesIn(disk, folder);
  let bytes = [...segments, ...snapshots].reduce((sum, { path }) => sum + disk.sizeOf(path), 0);
  const remaining = [...segments];
  const paths: string[] = [];
  for (const [index, oldest] of snapshots.entries()) {
    const next = snapshots[index + 1];
    const isTooMuch = retentionBytes >= 0 && bytes > retentionBytes;
    if (next === undefined || !(isTooMuch || isTooOld(oldest, options))) break;
    const passed = remaining.filter((_, at) => {
      const successor = remaining[at + 1];
      return successor !== undefined && successor.baseOffset <= next.endOffset;
    });
    remaining.splice(0, passed.length);
    bytes -= [oldest, ...passed].reduce((sum, { path }) => sum + disk.sizeOf(path), 0);
    const why = isTooMuch ? "log and snapshots are larger than" : "it is older than";
    const config = isTooMuch ? "metadata.max.retention.bytes" : "metadata.max.retention.ms";
    logger.info(`${oldest.path} goes, because ${why} ${config}, and with it ${passed.length} segments`);
    paths.push(oldest.path, ...passed.flatMap(({ path }) => segmentFiles(path)));
  }
  return paths;
}

/** Whether the last record in the snapshot was written too long ago. */
function isTooOld({ path }: SnapshotFile, { disk, retentionMs, now }: RetentionOptions): boolean {
  if (retentionMs < 0) return false;
  try {
    const [header] = readSnapshot(path, disk.readFile(path)).next().value?.control ?? [];
    return header?.type === "snapshotHeader" && now - header.lastContainedLogTimestamp > retentionMs;
  } catch (error) {
    // Nobody reads it any more; how old it is, nobody knows.
    if (error instanceof MetadataError) return false;
    throw error;
  }
}
