/**
 * `cleaner-offset-checkpoint` of a log directory: up to where each of its logs has been cleaned.
 */
import type { Disk } from "../../disk/disk.ts";
import type { Logger } from "../../observe/logger.ts";
import { partitionDirectoryName, type TopicPartition } from "../file-names.ts";
import { OffsetCheckpoint } from "../offset-checkpoint.ts";

export const CLEANER_OFFSET_CHECKPOINT = "cleaner-offset-checkpoint";

export class CleanerCheckpoint {
  readonly #file: OffsetCheckpoint;
  /** Null until it was read. */
  #offsets: Map<string, number> | null = null;

  constructor(
    disk: Disk,
    logDirectory: string,
    private readonly logger: Logger,
  ) {
    this.#file = new OffsetCheckpoint(disk, `${logDirectory}/${CLEANER_OFFSET_CHECKPOINT}`);
  }

  /** Where the last cleaning of a partition ended; undefined if there was none, or nobody knows. */
  cleanedUpTo({ topic, partition }: TopicPartition): number | undefined {
    return this.#known().get(partitionDirectoryName(topic, partition));
  }

  /** What was cleaned up to an offset is to be known after a restart. */
  set({ topic, partition }: TopicPartition, offset: number): void {
    this.#known().set(partitionDirectoryName(topic, partition), offset);
  }

  /** Forgets what was known of a partition. Returns whether there was anything. */
  delete({ topic, partition }: TopicPartition): boolean {
    return this.#known().delete(partitionDirectoryName(topic, partition));
  }

  /** Writes the file, durably, for the partitions that still are. */
  async write(partitions: Iterable<TopicPartition>): Promise<void> {
    const lines = [];
    for (const { topic, partition } of partitions) {
      const offset = this.cleanedUpTo({ topic, partition });
      if (offset !== undefined) lines.push({ topic, partition, offset });
    }
    await this.#file.write(lines);
  }

  #known(): Map<string, number> {
    this.#offsets ??= this.#read();
    return this.#offsets;
  }

  #read(): Map<string, number> {
    try {
      return this.#file.read();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.logger.warn(`${this.#file.path} can't be read: ${error.message}; compaction begins anew`);
      return new Map();
    }
  }
}
