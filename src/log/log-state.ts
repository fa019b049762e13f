/**
 * What a partition's log is at a moment. The files of this folder named after what happens to a log (append.ts, read.ts,
 * roll.ts, truncate.ts, …) read and change it; `PartitionLog` is what others see.
 */
import type { Clock, Timer } from "../clock.ts";
import type { LogConfig } from "../config/topic-config.ts";
import type { Disk } from "../disk/disk.ts";
import type { Logger } from "../observe/logger.ts";
import type { Uuid } from "../protocol/uuid.ts";
import type { DirectoryHealth } from "./directory-health.ts";
import { LEADER_EPOCH_CHECKPOINT, partitionDirectoryName } from "./file-names.ts";
import { GroupFlush } from "./group-flush.ts";
import { LeaderEpochCache } from "./leader-epoch-cache.ts";
import type { OpenFiles } from "./open-files.ts";
import { ProducerState } from "./producer-state.ts";
import { Segment } from "./segment.ts";
import { Segments } from "./segments.ts";
import { SnapshotFiles } from "./snapshot-files.ts";
import { Verifications } from "./verification.ts";

/** What a log is given and keeps. */
export interface LogContext {
  readonly disk: Disk;
  /** The log files of the broker that are open, all partitions together. */
  readonly files: OpenFiles;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly health: DirectoryHealth;
  /** From 0 up to but not including 1: jitter. */
  readonly random: () => number;
  readonly topic: string;
  readonly partition: number;
  /** The topic's configs as they are now. */
  readonly config: () => LogConfig;
  /** How long a producer is remembered that writes nothing (`producer.id.expiration.ms`). */
  readonly producerIdExpirationMs: number;
}

export class LogState {
  /** `<topic>-<partition>`. */
  readonly name: string;
  readonly segments = new Segments();
  readonly producers = new ProducerState();
  readonly verifications = new Verifications();
  readonly epochs: LeaderEpochCache;
  readonly snapshots: SnapshotFiles;
  /** The first offset that is still there. */
  logStartOffset = 0;
  /** The offset of the next record. */
  logEndOffset = 0;
  /** Records below it may be read by consumers. On one node it follows the log's end. */
  highWatermark = 0;
  /** Everything below it is on the device, indexes and all: recovery begins here. */
  recoveryPoint = 0;
  /** Everything below it is in the `.log` files on the device. */
  flushedOffset = 0;
  /** Whether `partition.metadata` and the directory it lies in are on the device. */
  metadataIsDurable = false;
  /** Whether a file was made in the directory whose name may not be on the device. */
  hasNewFiles = false;
  isClosed = false;
  /** Whether compaction works on it: then no segments are deleted by age or size. */
  isBeingCleaned = false;
  /** Whether that would have been done meanwhile. */
  retentionIsDue = false;
  /** Times the log was truncated: a flush that began before one can say nothing about what came after. */
  truncations = 0;
  readonly recordsFlush = new GroupFlush();
  readonly fullFlush = new GroupFlush();
  readonly listeners = new Set<() => void>();
  /** Counts down `flush.ms`. */
  flushTimer: Timer | null = null;
  readonly #timers = new Set<Timer>();

  constructor(
    readonly context: LogContext,
    /** The partition's own directory. */
    public directory: string,
    public topicId: Uuid,
    snapshotOffsets: Iterable<number>,
  ) {
    const { disk, logger } = context;
    this.name = partitionDirectoryName(context.topic, context.partition);
    this.epochs = new LeaderEpochCache(disk, `${directory}/${LEADER_EPOCH_CHECKPOINT}`);
    this.snapshots = new SnapshotFiles(disk, directory, snapshotOffsets, logger);
  }

  get config(): LogConfig {
    return this.context.config();
  }

  /** Transactions that begin below it have ended: readers of committed records get no further. */
  get lastStableOffset(): number {
    const unstable = this.producers.firstUnstableOffset;
    if (unstable < 0) return this.highWatermark;
    return Math.min(Math.max(unstable, this.logStartOffset), this.highWatermark);
  }

  /** A segment of this log, not yet among its segments. Its file is made at the first append. */
  newSegment(baseOffset: number, suffix = ""): Segment {
    const { context, config } = this;
    return new Segment({
      files: context.files,
      directory: this.directory,
      baseOffset,
      suffix,
      indexIntervalBytes: config.indexIntervalBytes,
      rollJitterMs: Math.floor(context.random() * Math.min(config.segmentJitterMs, config.segmentMs)),
      createdAt: context.clock.now(),
    });
  }

  /**
   * Begins a segment. As long as nothing is written to it, the name of its file is all that tells where the log ends;
   * one that begins at 0 needs none.
   */
  beginSegment(baseOffset: number): Segment {
    const segment = this.newSegment(baseOffset);
    if (baseOffset > 0) {
      segment.log.ensureExists();
      this.hasNewFiles = true;
    }
    this.segments.add(segment);
    return segment;
  }

  /** Moves the high watermark, within the log. */
  moveHighWatermark(offset: number): void {
    this.highWatermark = Math.min(Math.max(offset, this.logStartOffset), this.logEndOffset);
    this.producers.highWatermarkMovedTo(this.highWatermark);
  }

  /** Runs something later, unless the log is closed by then. */
  schedule(delayMs: number, run: () => void): Timer {
    const timer = this.context.clock.schedule(delayMs, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
    return timer;
  }

  cancelTimers(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  /** Tells whoever waits that there may be something new to read, or that there won't be. */
  notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
