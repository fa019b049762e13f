/**
 * All partitions of a broker: finds them in the log directories, opens their logs when somebody asks, makes and deletes
 * them, looks after them while the broker runs (log-maintenance.ts), and closes them.
 */
import type { Clock } from "../clock.ts";
import type { LogConfig } from "../config/topic-config.ts";
import type { Disk } from "../disk/disk.ts";
import type { Logger } from "../observe/logger.ts";
import { type Uuid, ZERO_UUID } from "../protocol/uuid.ts";
import { closeLogs } from "./close-logs.ts";
import { type CleanerSettings, LogCleaner } from "./compaction/log-cleaner.ts";
import { directoryAdvice } from "./directory-advice.ts";
import { lockDirectories } from "./directory-locks.ts";
import {
  markedDirectoryName,
  PARTITION_METADATA,
  partitionDirectoryName,
  type TopicPartition,
} from "./file-names.ts";
import {
  type CheckpointKind,
  type DirectoryDescription,
  type Hosted,
  LogDirectory,
  letGo,
} from "./log-directory.ts";
import { LogMaintenance, type MaintenanceSettings } from "./log-maintenance.ts";
import type { LogContext } from "./log-state.ts";
import { MetadataFlushes } from "./metadata-flushes.ts";
import { OpenFiles } from "./open-files.ts";
import { inParallel } from "./parallel.ts";
import { PartitionLog } from "./partition-log.ts";
import { isIdOf, readPartitionMetadata } from "./partition-metadata.ts";
import { Placement } from "./placement.ts";
import { recoverLogs } from "./recover-logs.ts";
import { finish, type Steps } from "./steps.ts";

/** Logs that are flushed at the same time when all are. */
const FLUSH_PARALLELISM = 16;
const DEFAULT_OPEN_FILES = 512;
/** Until the directories of new partitions are flushed: their first records come first. */
const METADATA_FLUSH_DELAY_MS = 100;

export type { DirectoryDescription } from "./log-directory.ts";

export interface DirectoryOptions {
  readonly path: string;
  readonly directoryId: Uuid | null;
  /** Why it can't be used, where that is known already. The others are. */
  readonly failure?: Error | undefined;
}

export interface LogManagerOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `log.dirs`; the id is the one in the directory's meta.properties. */
  readonly directories: readonly DirectoryOptions[];
  /** The configs of a topic as they are now; asked at every append, so it should not work them out each time. */
  readonly configOf: (topic: string) => LogConfig;
  /** The id of a topic that exists. */
  readonly topicIdOf: (topic: string) => Uuid | undefined;
  /** The id of the directory in which a partition is said to lie, if that is known. */
  readonly directoryIdOf?: (topic: string, partition: number) => Uuid | undefined;
  readonly settings: MaintenanceSettings;
  /** The configs of compaction as they are now; there is none without them. */
  readonly cleaner?: () => CleanerSettings;
  /** Log files that may be open at a time. */
  readonly maxOpenFiles?: number;
  /** Where the directories are locked already (see `lockDirectories`): what lets go of them. */
  readonly releaseLocks?: () => void;
  /** A directory has failed and is offline. */
  readonly onDirectoryFailure?: (directory: LogDirectory, reason: string) => void;
  readonly random?: () => number;
}

export class LogManager {
  readonly #options: LogManagerOptions;
  readonly #files: OpenFiles;
  readonly #directories: LogDirectory[];
  readonly #partitions = new Map<string, Hosted>();
  readonly #placement: Placement;
  readonly #releaseLocks: () => void;
  readonly #maintenance: LogMaintenance;
  readonly #cleaner: LogCleaner | null;
  readonly #metadataFlushes: MetadataFlushes;

  /**
   * Locks the directories and looks at what lies in them. Nothing is opened yet.
   *
   * @throws DirectoryInUseError when another broker has one of them
   */
  constructor(options: LogManagerOptions) {
    const { disk, directories } = options;
    this.#options = options;
    this.#files = new OpenFiles(disk, options.maxOpenFiles ?? DEFAULT_OPEN_FILES);
    this.#releaseLocks =
      options.releaseLocks ??
      lockDirectories(
        disk,
        directories.map(({ path }) => path),
      );
    this.#directories = directories.map((directory) => this.#look(directory));
    const { clock, logger, cleaner } = options;
    this.#placement = new Placement(this.#directories, logger);
    const maintained = {
      hosted: () => this.#partitions.values(),
      open: (hosted: Hosted) => this.#open(hosted),
      letGo,
      checkpoint: (kinds: readonly CheckpointKind[]) => this.checkpoint(kinds),
      configOf: options.configOf,
    };
    this.#maintenance = new LogMaintenance(options.settings, clock, maintained, logger);
    this.#metadataFlushes = new MetadataFlushes(disk, () =>
      this.#maintenance.later(METADATA_FLUSH_DELAY_MS, () => void this.#metadataFlushes.flush()),
    );
    this.#cleaner = cleaner ? new LogCleaner(cleaner, clock, logger, maintained) : null;
    for (const directory of this.#directories) this.#takeOver(directory);
  }

  #look({ path, directoryId, failure }: DirectoryOptions): LogDirectory {
    const { disk, logger, onDirectoryFailure } = this.#options;
    const tell = (directory: LogDirectory, reason: string, code: string) => {
      logger.error(directoryAdvice(path, reason, code, directory.wasRead));
      onDirectoryFailure?.(directory, reason);
    };
    return new LogDirectory(disk, path, directoryId, logger, tell, failure);
  }

  #takeOver(directory: LogDirectory): void {
    for (const [name, hosted] of directory.hosted) {
      const other = this.#partitions.get(name);
      if (other) {
        throw new Error(
          `${name} lies in both ${other.path} and ${hosted.path}; remove the one that is not wanted`,
        );
      }
      this.#partitions.set(name, hosted);
      this.#placement.found(this.#options.directoryIdOf?.(hosted.topic, hosted.partition));
    }
    for (const name of directory.deleted) this.#removeLater(directory, `${directory.path}/${name}`, 0);
  }

  /** The log directories, in the order of `log.dirs`. */
  get directories(): readonly LogDirectory[] {
    return this.#directories;
  }

  /** The partitions that lie in the log directories, opened or not. */
  *partitions(): Iterable<TopicPartition> {
    yield* this.#partitions.values();
  }

  /**
   * Opens every log that was not closed cleanly, which recovers it. Says so, and how far it is if that takes long.
   *
   * @throws KafkaError KAFKA_STORAGE_ERROR when no log directory works any more
   */
  recover(): void {
    finish(this.#recovering());
  }

  /** The same, letting others have a turn now and then. */
  async recoverInTurns(): Promise<void> {
    for (const _ of this.#recovering()) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  *#recovering(): Steps<void> {
    const { clock, logger } = this.#options;
    const unclean = [...this.#partitions.values()].filter(({ isClean, log }) => !isClean && !log);
    yield* recoverLogs(unclean, (hosted) => this.#recover(hosted), clock, logger);
    if (!this.#directories.some(({ health }) => health.isOnline)) this.#directories[0]?.health.check();
  }

  *#recover(hosted: Hosted): Steps<void> {
    this.#metadataFlushes.add(yield* this.#opening(hosted), hosted.directory);
  }

  /** Directories of partitions whose topic nobody knows. They are left alone; a log line names them. */
  reportStrays(): readonly TopicPartition[] {
    const strays = [...this.#partitions.values()].filter(
      ({ topic }) => this.#options.topicIdOf(topic) === undefined,
    );
    if (strays.length > 0) {
      this.#options.logger.warn(
        `No topic is known for ${strays.map(({ path }) => path).join(", ")}; they are left alone`,
      );
    }
    return strays;
  }

  /** The log of a partition, if there is one here. Opens it if need be. */
  get(topic: string, partition: number): PartitionLog | undefined {
    const hosted = this.#partitions.get(partitionDirectoryName(topic, partition));
    return hosted && (hosted.log ?? this.#open(hosted));
  }

  /**
   * The log of a partition, begun if there is none. A directory of that name that belongs to another topic id is put
   * aside as stray.
   *
   * @param isNew whether the partition was just created, so that whatever lies there can't be its
   * @param directoryId the log directory where it is to lie; without one, where `directoryIdOf` says, or the directory with the
   *   fewest partitions
   * @throws KafkaError KAFKA_STORAGE_ERROR when no log directory is online, or the partition may be in one that isn't
   */
  getOrCreate(
    topic: string,
    partition: number,
    topicId: Uuid,
    { isNew = false, directoryId }: { isNew?: boolean; directoryId?: Uuid } = {},
  ): PartitionLog {
    const name = partitionDirectoryName(topic, partition);
    const hosted = this.#partitions.get(name);
    if (hosted) {
      if (!this.#belongsToAnother(hosted, topicId, isNew)) return hosted.log ?? this.#open(hosted);
      this.#putAside(hosted);
    }
    const wantedId = directoryId ?? this.#options.directoryIdOf?.(topic, partition);
    const mayBegin = isNew || this.#options.configOf(topic).uncleanLeaderElectionEnable;
    const directory = this.#placement.choose(name, wantedId, mayBegin);
    const log = directory.health.guard(`creating ${name}`, () =>
      PartitionLog.open({
        ...this.#contextOf(directory, topic, partition),
        directory: `${directory.path}/${name}`,
        topicId,
        sibling: directory.newestOf(topicId),
        recoveryPoint: 0,
        logStartOffset: 0,
        cleanShutdown: true,
      }),
    );
    this.#partitions.set(name, directory.add(topic, partition, log));
    this.#metadataFlushes.add(log, directory);
    return log;
  }

  /**
   * Takes partitions of a topic away. Their directories are renamed at once, and removed after `file.delete.delay.ms`. One
   * that lies in a log directory that has failed stays there, and is a stray when that is back.
   */
  delete(topic: string, partitions: Iterable<number>): void {
    const mayComeBack = new Set<LogDirectory>();
    for (const partition of partitions) {
      const hosted = this.#partitions.get(partitionDirectoryName(topic, partition));
      if (!hosted) continue;
      if (!hosted.directory.health.isOnline) {
        this.#forget(hosted);
        continue;
      }
      if (hosted.log?.metadataIsDurable === false) mayComeBack.add(hosted.directory);
      const path = this.#rename(hosted, "delete");
      this.#removeLater(hosted.directory, path, this.#options.configOf(topic).fileDeleteDelayMs);
    }
    // With its old name after a power cut, and without saying whose it is, it would be the next topic's of that name.
    for (const { path, health } of mayComeBack) {
      health.guard(`deleting ${topic}`, () => this.#options.disk.syncDirectory(path));
    }
    this.#checkpointInBackground();
  }

  /** Begins to look after the logs: retention, checkpoints, expiry of producers, compaction. */
  start(): void {
    this.#maintenance.start();
    this.#cleaner?.start();
  }

  /** Compacts the dirtiest log, if one is worth it. Returns whether one was. */
  async cleanDirtiest(): Promise<boolean> {
    return (await this.#cleaner?.cleanDirtiest()) ?? false;
  }

  /** Makes everything durable that was appended so far. */
  async flush(): Promise<void> {
    const logs = [...this.#partitions.values()].flatMap(({ log }) => (log ? [log] : []));
    await inParallel(logs, FLUSH_PARALLELISM, (log) => log.flush());
  }

  /** Writes checkpoints of all directories that are online, all of them if it isn't said which. */
  async checkpoint(kinds?: readonly CheckpointKind[]): Promise<void> {
    await Promise.all(this.#directories.map((directory) => directory.checkpoint(kinds)));
  }

  /** Deletes what is too old or too much, in all partitions. Returns how many segments. */
  async applyRetention(): Promise<number> {
    return this.#maintenance.applyRetention();
  }

  /** What lies where, and how much of it. */
  describe(): DirectoryDescription[] {
    return this.#directories.map((directory) => directory.describe());
  }

  /**
   * Flushes and closes everything, writes the checkpoints and says of each directory that it was closed cleanly, if it
   * was. Never rejects: what fails is logged, and recovered at the next start.
   *
   * @param brokerEpoch the epoch the broker was registered with
   * @returns whether every directory was closed cleanly
   */
  async shutdown(brokerEpoch = -1): Promise<boolean> {
    this.#maintenance.stop();
    await this.#cleaner?.stop();
    await this.#metadataFlushes.flush();
    const { logger } = this.#options;
    const isComplete = await closeLogs(this.#directories, FLUSH_PARALLELISM, brokerEpoch, logger);
    this.#releaseLocks();
    return isComplete;
  }

  #open(hosted: Hosted): PartitionLog {
    return finish(this.#opening(hosted));
  }

  *#opening(hosted: Hosted): Steps<PartitionLog> {
    const { topic, partition, directory, path } = hosted;
    const { isOnline } = directory.health;
    try {
      hosted.log = yield* PartitionLog.opening({
        ...this.#contextOf(directory, topic, partition),
        directory: path,
        topicId: this.#options.topicIdOf(topic) ?? ZERO_UUID,
        recoveryPoint: hosted.recoveryPoint,
        logStartOffset: hosted.logStartOffset,
        cleanShutdown: hosted.isClean,
        exists: true,
      });
      return hosted.log;
    } catch (error) {
      const what = `opening ${path}`;
      // What lies in a directory that has failed may still be read.
      throw isOnline ? directory.health.failed(error, what) : directory.health.unreadable(error, what);
    }
  }

  #contextOf(directory: LogDirectory, topic: string, partition: number): LogContext {
    const { disk, clock, logger, configOf, settings, random = Math.random } = this.#options;
    return {
      disk,
      files: this.#files,
      clock,
      logger,
      health: directory.health,
      random,
      topic,
      partition,
      config: () => configOf(topic),
      producerIdExpirationMs: settings.producerIdExpirationMs,
    };
  }

  #belongsToAnother(hosted: Hosted, topicId: Uuid, isNew: boolean): boolean {
    const found =
      hosted.log?.topicId ??
      readPartitionMetadata(this.#options.disk, `${hosted.path}/${PARTITION_METADATA}`);
    if (found !== undefined) return !isIdOf(topicId, found);
    return isNew;
  }

  #putAside(hosted: Hosted): void {
    const path = this.#rename(hosted, "stray");
    this.#options.logger.warn(
      `${hosted.path} does not belong to the topic ${hosted.topic} there is now; it is put aside as ${path}`,
    );
  }

  #rename(hosted: Hosted, mark: "delete" | "stray"): string {
    const { directory, topic, partition } = hosted;
    const name = partitionDirectoryName(topic, partition);
    const uniqueId = crypto.randomUUID().replaceAll("-", "");
    const path = `${directory.path}/${markedDirectoryName(hosted, uniqueId, mark)}`;
    directory.health.guard(`deleting ${name}`, () => {
      hosted.log?.abandon();
      this.#options.disk.rename(hosted.path, path);
    });
    this.#forget(hosted);
    return path;
  }

  #forget(hosted: Hosted): void {
    const name = partitionDirectoryName(hosted.topic, hosted.partition);
    hosted.log?.abandon();
    hosted.directory.hosted.delete(name);
    this.#partitions.delete(name);
  }

  #removeLater(directory: LogDirectory, path: string, delayMs: number): void {
    const { disk, logger } = this.#options;
    this.#maintenance.later(delayMs, () => {
      disk
        .removeInBackground(path)
        .then(() => logger.info(`${path} is removed`))
        .catch((error: unknown) => directory.health.failed(error, `removing ${path}`));
    });
  }

  #checkpointInBackground(): void {
    this.checkpoint().catch(() => undefined);
  }
}
