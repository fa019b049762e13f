/**
 * The offset checkpoints of a log directory: `<topic> <partition> <offset>` a line.
 */
import { type Disk, isMissing } from "../disk/disk.ts";
import { formatCheckpoint, parseCheckpoint } from "./checkpoint-file.ts";
import { partitionDirectoryName } from "./file-names.ts";

export const RECOVERY_POINT_CHECKPOINT = "recovery-point-offset-checkpoint";
export const LOG_START_OFFSET_CHECKPOINT = "log-start-offset-checkpoint";
/** The high watermarks. */
export const REPLICATION_OFFSET_CHECKPOINT = "replication-offset-checkpoint";

export interface CheckpointedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export class OffsetCheckpoint {
  #written: string | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly disk: Disk,
    readonly path: string,
  ) {}

  /**
   * The offsets by `<topic>-<partition>`; none when the file is missing.
   *
   * @throws SyntaxError when it is not what it should be
   */
  read(): Map<string, number> {
    try {
      this.#written = this.disk.readFile(this.path).toString("utf8");
    } catch (error) {
      if (isMissing(error)) return new Map();
      throw error;
    }
    return new Map(
      parseCheckpoint(this.#written, 3).map(([topic = "", partition = "", offset = ""]) => [
        partitionDirectoryName(topic, Number(partition)),
        Number(offset),
      ]),
    );
  }

  /** Makes the file say this, durably, if it doesn't yet. Calls are served in turn. */
  write(offsets: readonly CheckpointedOffset[]): Promise<void> {
    const content = formatCheckpoint(
      offsets.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`),
    );
    const write = async () => {
      if (content === this.#written) return;
      await this.disk.replaceFile(this.path, content);
      this.#written = content;
    };
    const done = this.#writing.then(write, write);
    this.#writing = done.catch(() => undefined);
    return done;
  }
}
