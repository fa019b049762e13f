/**
 * The offset checkpoints of a log directory, as far as they can be read.
 */
import { parseDirectoryName } from "../../log/file-names.ts";
import {
  LOG_START_OFFSET_CHECKPOINT,
  OffsetCheckpoint,
  RECOVERY_POINT_CHECKPOINT,
  REPLICATION_OFFSET_CHECKPOINT,
} from "../../log/offset-checkpoint.ts";
import type { CheckContext, CheckedDirectory } from "./context.ts";

const CLEANER_CHECKPOINT = "cleaner-offset-checkpoint";

/** Offsets by `<topic>-<partition>`. */
type Offsets = ReadonlyMap<string, number>;

export interface Checkpoints {
  readonly recoveryPoints: Offsets;
  readonly logStartOffsets: Offsets;
  readonly highWatermarks: Offsets;
  readonly cleaned: Offsets;
}

/** Reads them; a file that isn't there holds nothing. */
export function readCheckpoints({ disk, report }: CheckContext, directory: string): Checkpoints {
  const read = (name: string): Offsets => {
    const checkpoint = new OffsetCheckpoint(disk, `${directory}/${name}`);
    try {
      return checkpoint.read();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      report.problem(checkpoint.path, error.message);
      return new Map();
    }
  };
  return {
    recoveryPoints: read(RECOVERY_POINT_CHECKPOINT),
    logStartOffsets: read(LOG_START_OFFSET_CHECKPOINT),
    highWatermarks: read(REPLICATION_OFFSET_CHECKPOINT),
    cleaned: read(CLEANER_CHECKPOINT),
  };
}

/**
 * Compares what they say of a partition with its log.
 *
 * @param isClosed whether everything must be complete; after a crash of the machine, a log may be shorter than it was
 */
export function compareCheckpoints(
  { report }: CheckContext,
  directory: string,
  name: string,
  { recoveryPoints, logStartOffsets, highWatermarks, cleaned }: Checkpoints,
  end: number,
  isClosed: boolean,
): void {
  const compare = (file: string, offsets: Offsets, isNote: boolean) => {
    const offset = offsets.get(name) ?? 0;
    if (offset <= end) return;
    report.finding(
      isNote,
      `${directory}/${file}`,
      `says offset ${offset} of ${name}, whose log ends at ${end}`,
    );
  };
  compare(RECOVERY_POINT_CHECKPOINT, recoveryPoints, false);
  compare(LOG_START_OFFSET_CHECKPOINT, logStartOffsets, false);
  compare(REPLICATION_OFFSET_CHECKPOINT, highWatermarks, !isClosed);
  compare(CLEANER_CHECKPOINT, cleaned, true);
}

/**
 * Names the partitions of which a checkpoint says that something was written, and which have no folder though the
 * metadata has them: the checkpoint may be older than the deletion of a topic.
 */
export function tellMissing(
  { report }: CheckContext,
  { path, image }: CheckedDirectory,
  { recoveryPoints, highWatermarks }: Checkpoints,
  hasFolder: (name: string) => boolean,
): void {
  for (const [name, offset] of new Map([...highWatermarks, ...recoveryPoints])) {
    const { topic = "", partition = -1 } = parseDirectoryName(name) ?? {};
    const isKnown = image === null || image.topicByName(topic)?.partitions[partition] !== undefined;
    if (offset === 0 || !isKnown || hasFolder(name)) continue;
    report.problem(
      `${path}/${name}`,
      `there is no such folder, and a checkpoint says that it had offset ${offset}`,
    );
  }
}
