/**
 * One of the broker's log directories: which partitions lie in it, what its checkpoints say of them, whether it was
 * closed cleanly, and whether it works.
 */
import { type Disk, isDiskError } from "../disk/disk.ts";
import type { Logger } from "../observe/logger.ts";
import type { Uuid } from "../protocol/uuid.ts";
import { takeCleanShutdown, writeCleanShutdown } from "./clean-shutdown.ts";
import { CleanerCheckpoint } from "./compaction/cleaner-checkpoint.ts";
import { DirectoryHealth } from "./directory-health.ts";
import { parseDirectoryName, partitionDirectoryName, Suffix, type TopicPartition } from "./file-names.ts";
import {
  LOG_START_OFFSET_CHECKPOINT,
  OffsetCheckpoint,
  RECOVERY_POINT_CHECKPOINT,
  REPLICATION_OFFSET_CHECKPOINT,
} from "./offset-checkpoint.ts";
import type { PartitionLog } from "./partition-log.ts";

/** Kept by KRaft's own reader and writer, not among the partitions. */
const METADATA_TOPIC = "__cluster_metadata";

/** A partition in a log directory; its log is opened when somebody asks for it. */
export interface Hosted {
  readonly topic: string;
  readonly partition: number;
  readonly directory: LogDirectory;
  readonly path: string;
  /** Whether its files are what they say: closed cleanly, or made since. */
  readonly isClean: boolean;
  log: PartitionLog | null;
  /** What the checkpoints said when the log was not opened yet. */
  readonly recoveryPoint: number;
  readonly logStartOffset: number;
  readonly highWatermark: number;
}

/** Closes a log that was opened only to be looked at: nothing in it has changed. */
export function letGo(hosted: Hosted): void {
  // One that was recovered is to be closed cleanly when the broker stops.
  if (!hosted.isClean) return;
  hosted.log?.abandon();
  hosted.log = null;
}

/** What the checkpoints of a log directory tell: where recovery would begin, where logs begin, how far they are. */
export const checkpointKinds = ["recovery points", "log starts", "high watermarks"] as const;
export type CheckpointKind = (typeof checkpointKinds)[number];

/** What DescribeLogDirs tells of a log directory. */
export interface DirectoryDescription {
  readonly path: string;
  readonly directoryId: Uuid | null;
  /** Why it is offline, or null. */
  readonly failure: string | null;
  readonly totalBytes: number;
  readonly usableBytes: number;
  readonly partitions: readonly (TopicPartition & { sizeInBytes: number })[];
}

export class LogDirectory {
  readonly health: DirectoryHealth;
  wasClosedCleanly = false;
  /** Whether it is known what lies here. */
  wasRead = false;
  /** By `<topic>-<partition>`. */
  readonly hosted = new Map<string, Hosted>();
  /** Names of directories that were to be deleted when the broker stopped. */
  readonly deleted: string[] = [];
  readonly cleanerCheckpoint: CleanerCheckpoint;
  #newest: PartitionLog | null = null;
  readonly #recoveryPoints: OffsetCheckpoint;
  readonly #logStartOffsets: OffsetCheckpoint;
  readonly #highWatermarks: OffsetCheckpoint;

  /** Looks at the directory, making it if it is missing. One that can't be used is offline, and empty. */
  constructor(
    private readonly disk: Disk,
    readonly path: string,
    /** From the directory's meta.properties; null if there is none. */
    readonly directoryId: Uuid | null,
    private readonly logger: Logger,
    onFailure: (directory: LogDirectory, reason: string, code: string) => void,
    /** Why it can't be used, if that is known already. */
    failure?: Error,
  ) {
    this.health = new DirectoryHealth(
      path,
      (reason, code) => onFailure(this, reason, code),
      (reason) => logger.error(`Log directory ${path} can't be read: ${reason}. Is the disk failing?`),
    );
    this.cleanerCheckpoint = new CleanerCheckpoint(disk, path, logger);
    this.#recoveryPoints = new OffsetCheckpoint(disk, `${path}/${RECOVERY_POINT_CHECKPOINT}`);
    this.#logStartOffsets = new OffsetCheckpoint(disk, `${path}/${LOG_START_OFFSET_CHECKPOINT}`);
    this.#highWatermarks = new OffsetCheckpoint(disk, `${path}/${REPLICATION_OFFSET_CHECKPOINT}`);
    try {
      if (failure) throw failure;
      this.#look();
    } catch (error) {
      this.hosted.clear();
      if (!isDiskError(error)) throw error;
      this.health.failed(error, `opening ${path}`);
    }
  }

  #look(): void {
    this.disk.makeDirectory(this.path);
    this.wasClosedCleanly = takeCleanShutdown(this.disk, this.path);
    this.#find();
    this.wasRead = true;
    this.disk.flushDirectory(this.path).catch((error: unknown) => {
      this.health.failed(error, `opening ${this.path}`);
    });
  }

  #find(): void {
    const recoveryPoints = this.#read(this.#recoveryPoints, "the whole log is checked if need be");
    const logStartOffsets = this.#read(this.#logStartOffsets, "logs begin with their first segment");
    const highWatermarks = this.#read(this.#highWatermarks, "they follow from the logs");
    for (const { name, kind } of this.disk.list(this.path)) {
      const parsed = kind === "directory" ? parseDirectoryName(name) : undefined;
      if (!parsed || parsed.topic === METADATA_TOPIC) continue;
      const { topic, partition, purpose } = parsed;
      if (purpose === "deleted") this.deleted.push(name);
      else if (purpose !== "current") this.logger.warn(`${this.path}/${name} is ${purpose} and left alone`);
      if (purpose !== "current") continue;
      this.hosted.set(name, {
        topic,
        partition,
        directory: this,
        path: `${this.path}/${name}`,
        isClean: this.wasClosedCleanly,
        log: null,
        recoveryPoint: recoveryPoints.get(name) ?? 0,
        logStartOffset: logStartOffsets.get(name) ?? 0,
        highWatermark: highWatermarks.get(name) ?? 0,
      });
    }
    this.#warnOfUnknown(logStartOffsets);
  }

  /** A name that is damaged hides where another log begins. */
  #warnOfUnknown(logStartOffsets: ReadonlyMap<string, number>): void {
    const unknown = [...logStartOffsets.keys()].filter((name) => !this.hosted.has(name));
    if (unknown.length === 0) return;
    this.logger.warn(`${this.#logStartOffsets.path} names ${unknown.join(", ")}, which are not here`);
  }

  #read(checkpoint: OffsetCheckpoint, otherwise: string): Map<string, number> {
    try {
      return checkpoint.read();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.logger.warn(`${checkpoint.path} can't be read: ${error.message}; ${otherwise}`);
      return new Map();
    }
  }

  /** A partition that begins to lie here. */
  add(topic: string, partition: number, log: PartitionLog): Hosted {
    // There may have been one of that name.
    if (this.cleanerCheckpoint.delete({ topic, partition })) {
      this.writeCleanerCheckpoint().catch(() => undefined);
    }
    const hosted = {
      topic,
      partition,
      directory: this,
      path: log.directory,
      isClean: true,
      log,
      recoveryPoint: 0,
      logStartOffset: 0,
      highWatermark: 0,
    };
    this.hosted.set(partitionDirectoryName(topic, partition), hosted);
    this.#newest = log;
    return hosted;
  }

  /** Where the partition lies that was begun last, if it is one of this topic. */
  newestOf(topicId: Uuid): string | undefined {
    return this.#newest?.topicId === topicId ? this.#newest.directory : undefined;
  }

  /** Writes checkpoints, all of them if it isn't said which. Does nothing when offline. */
  async checkpoint(kinds: readonly CheckpointKind[] = checkpointKinds): Promise<void> {
    if (!this.health.isOnline) return;
    try {
      for (const kind of kinds) await this.#write(kind);
    } catch (error) {
      throw this.health.failed(error, "writing checkpoints");
    }
  }

  #write(kind: CheckpointKind): Promise<void> {
    const all = [...this.hosted.values()];
    const offsets = (of: (hosted: Hosted) => number, hosts = all) =>
      hosts.map((hosted) => ({ topic: hosted.topic, partition: hosted.partition, offset: of(hosted) }));
    switch (kind) {
      case "recovery points":
        return this.#recoveryPoints.write(
          offsets((hosted) => hosted.log?.recoveryPoint ?? hosted.recoveryPoint),
        );
      case "log starts": {
        const starting = all.filter(({ log, logStartOffset }) =>
          log ? log.startsWithinSegment : logStartOffset > 0,
        );
        return this.#logStartOffsets.write(
          offsets((hosted) => hosted.log?.logStartOffset ?? hosted.logStartOffset, starting),
        );
      }
      case "high watermarks":
        return this.#highWatermarks.write(
          offsets((hosted) => hosted.log?.highWatermark ?? hosted.highWatermark),
        );
    }
  }

  /** Makes known across restarts how far compaction is. Does nothing when offline. */
  async writeCleanerCheckpoint(): Promise<void> {
    if (!this.health.isOnline) return;
    try {
      await this.cleanerCheckpoint.write(this.hosted.values());
    } catch (error) {
      throw this.health.failed(error, "writing checkpoints");
    }
  }

  /**
   * Says that the directory was closed cleanly, if it was: every log in it was closed, or not opened and clean.
   * Resolves to whether that is so.
   *
   * @param brokerEpoch the epoch the broker was registered with, −1 for none
   */
  async closeCleanly(brokerEpoch: number): Promise<boolean> {
    const all = [...this.hosted.values()];
    const isComplete = all.every(({ log, isClean }) => (log ? log.wasClosedCleanly : isClean));
    if (!isComplete || !this.health.isOnline) return false;
    await this.checkpoint();
    await writeCleanShutdown(this.disk, this.path, brokerEpoch);
    return true;
  }

  /** What lies here, and how much room there is; only why it failed, if it did. */
  describe(): DirectoryDescription {
    const { path, directoryId, health } = this;
    try {
      if (health.isOnline) return this.#describe();
    } catch (error) {
      const failure = health.failed(error, `looking at ${path}`);
      if (health.isOnline) throw failure;
    }
    return { path, directoryId, failure: health.reason, totalBytes: -1, usableBytes: -1, partitions: [] };
  }

  #describe(): DirectoryDescription {
    const { path, directoryId } = this;
    const { freeBytes, totalBytes } = this.disk.space(path);
    const sizeOf = (hosted: Hosted) => this.sizeOf(hosted);
    const partitions = [...this.hosted.values()].map((hosted) => ({
      topic: hosted.topic,
      partition: hosted.partition,
      // Worked out for those that somebody asks for: it may mean looking into the partition's directory.
      get sizeInBytes() {
        return sizeOf(hosted);
      },
    }));
    return { path, directoryId, failure: null, totalBytes, usableBytes: freeBytes, partitions };
  }

  /** Bytes in a partition's `.log` files. See `DirectoryHealth.guard` for what it throws. */
  sizeOf({ log, path }: Hosted): number {
    if (log) return log.sizeInBytes;
    return this.health.guard(`looking at ${path}`, () =>
      this.#segmentNames(path).reduce((sum, name) => sum + this.disk.sizeOf(`${path}/${name}`), 0),
    );
  }

  /** How many segments a partition has. Throws as `sizeOf` does. */
  segmentsOf({ log, path }: Hosted): number {
    if (log) return log.segmentCount;
    return this.health.guard(`looking at ${path}`, () => this.#segmentNames(path).length);
  }

  #segmentNames(path: string): string[] {
    return this.disk.list(path).flatMap(({ name }) => (name.endsWith(Suffix.log) ? [name] : []));
  }
}
