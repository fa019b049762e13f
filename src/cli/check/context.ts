/**
 * What the parts of a check share.
 */
import { type Disk, isDiskError, isMissing } from "../../disk/disk.ts";
import type { ClusterImage } from "../../metadata/image/cluster-image.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import type { Report } from "./report.ts";

export interface CheckContext {
  readonly disk: Disk;
  readonly report: Report;
  /** Whether the records of every batch are looked at, too. */
  readonly deep: boolean;
}

/** A log directory that is being checked. */
export interface CheckedDirectory {
  readonly path: string;
  /** Whether it was closed cleanly and nobody has it open: everything in it must be as it says. */
  readonly isClosed: boolean;
  /** Whether a broker works on it. */
  readonly isInUse: boolean;
  readonly nodeId: number | undefined;
  readonly directoryId: Uuid | undefined;
  /** What the metadata says; null where no metadata could be read. */
  readonly image: ClusterImage | null;
}

/**
 * Runs a part of the check. What can't be read is a problem, and what has gone while somebody works on the directory
 * is nothing.
 */
export function reading({ report }: CheckContext, path: string, isInUse: boolean, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!isDiskError(error)) throw error;
    if (isInUse && isMissing(error)) return;
    report.problem(path, `can't be read: ${error.message}`);
  }
}
