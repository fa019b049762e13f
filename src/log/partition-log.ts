/**
 * A partition's log, as the rest of the broker sees it. What happens to it is in the files named after that: append.ts,
 * read.ts, list-offsets.ts, retention.ts, truncate.ts, flush.ts, log-loader.ts.
 */
import { KafkaError } from "../protocol/errors.ts";
import { type Uuid, ZERO_UUID } from "../protocol/uuid.ts";
import { lastOffset } from "../records/batch-header.ts";
import { type AppendOptions, type AppendResult, append } from "./append.ts";
import { type Cleaned, cleanLog } from "./compaction/clean-log.ts";
import { type Cleanable, cleanablePart } from "./compaction/cleanable.ts";
import { type CleaningTools, logCheck } from "./compaction/cleaning.ts";
import { offsetOfFile, PARTITION_METADATA, Suffix } from "./file-names.ts";
import { flushLog, flushMetadata, flushOwnMetadata } from "./flush.ts";
import { intactBatches } from "./intact-batches.ts";
import { clearLeftovers } from "./leftovers.ts";
import {
  earliestOffset,
  latestOffset,
  offsetForTimestamp,
  offsetOfMaxTimestamp,
  type TimestampedOffset,
} from "./list-offsets.ts";
import { type LoadOptions, loadLog } from "./log-loader.ts";
import { type LogContext, LogState } from "./log-state.ts";
import {
  isIdOf,
  makePartitionMetadata,
  partitionMetadata,
  readPartitionMetadata,
} from "./partition-metadata.ts";
import { checkEpoch } from "./producer-check.ts";
import type { ProducerEntry } from "./producer-entry.ts";
import { type LogSlice, type ReadIsolation, type ReadOptions, read } from "./read.ts";
import { applyRetention, deleteRecordsBefore } from "./retention.ts";
import { findBatch, startFor } from "./segment-search.ts";
import { finish, type Steps } from "./steps.ts";
import { truncateFullyAndStartAt, truncateTo } from "./truncate.ts";
import { hasOngoingTransaction, type Verified } from "./verification.ts";
import type { BatchView } from "./walk-batches.ts";

export interface OpenOptions extends LogContext, LoadOptions {
  /** The partition's own directory; made if it is missing. */
  readonly directory: string;
  /** The topic's id: written to `partition.metadata` where there is none, compared where there is. */
  readonly topicId: Uuid;
  /** Whether it has been there before: what is missing now was taken away, and does not begin anew. */
  readonly exists?: boolean;
  /** The directory of another partition of the topic, for a new one: see `makePartitionMetadata`. */
  readonly sibling?: string | undefined;
}

export class PartitionLog {
  readonly #state: LogState;
  #wasClosedCleanly = false;

  private constructor(state: LogState) {
    this.#state = state;
  }

  /**
   * Opens the log in a directory, or begins one there. See `loadLog` for what that does after an unclean shutdown.
   *
   * @throws KafkaError INCONSISTENT_TOPIC_ID when the directory belongs to another topic id; the disk's error, ENOENT where
   *   something was taken away
   */
  static open(options: OpenOptions): PartitionLog {
    return finish(PartitionLog.opening(options));
  }

  /** The same in steps, since recovery may take long. */
  static *opening(options: OpenOptions): Steps<PartitionLog> {
    const { disk, directory, logger } = options;
    const isNew = !options.exists && !disk.exists(directory);
    if (isNew) disk.makeSubdirectory(directory);
    const names = isNew ? [] : clearLeftovers(disk, directory, logger);
    const snapshots = names.filter((name) => name.endsWith(Suffix.producerSnapshot)).map(offsetOfFile);
    const topicId = names.includes(PARTITION_METADATA) ? claimDirectory(options) : nameDirectory(options);
    const state = new LogState(
      options,
      directory,
      topicId,
      snapshots.filter((offset) => offset >= 0),
    );
    // After a kill nobody knows, unless something was flushed that comes after it.
    const isKnown = options.cleanShutdown || options.recoveryPoint > 0;
    state.metadataIsDurable = (isKnown && names.includes(PARTITION_METADATA)) || topicId === ZERO_UUID;
    yield* loadLog(state, names, options);
    return new PartitionLog(state);
  }

  get topic(): string {
    return this.#state.context.topic;
  }

  get partition(): number {
    return this.#state.context.partition;
  }

  get topicId(): Uuid {
    return this.#state.topicId;
  }

  get directory(): string {
    return this.#state.directory;
  }

  /** The first offset that is still there. */
  get logStartOffset(): number {
    return this.#state.logStartOffset;
  }

  /** The offset of the next record. */
  get logEndOffset(): number {
    return this.#state.logEndOffset;
  }

  /** Consumers may read below it. */
  get highWatermark(): number {
    return this.#state.highWatermark;
  }

  /** Consumers of committed records may read below it. */
  get lastStableOffset(): number {
    return this.#state.lastStableOffset;
  }

  /** Recovery after a crash begins here. */
  get recoveryPoint(): number {
    return this.#state.recoveryPoint;
  }

  /** The epoch of the last batch, or −1. */
  get leaderEpoch(): number {
    return this.#state.epochs.latest;
  }

  /** Bytes in the `.log` files. */
  get sizeInBytes(): number {
    return this.#state.segments.sizeInBytes;
  }

  get segmentCount(): number {
    return this.#state.segments.count;
  }

  get isClosed(): boolean {
    return this.#state.isClosed;
  }

  /** Whether `close` did all it had to. */
  get wasClosedCleanly(): boolean {
    return this.#wasClosedCleanly;
  }

  /** Whether the first segment begins below the log's start: only a checkpoint remembers the start then. */
  get startsWithinSegment(): boolean {
    return this.#state.logStartOffset > this.#state.segments.first.baseOffset;
  }

  /** What is remembered of the producers that wrote here lately. */
  get producers(): Iterable<ProducerEntry> {
    return this.#state.producers.producers.values();
  }

  /**
   * To be called before the coordinator is asked whether the producer's transaction knows of this partition, for a batch
   * that would begin the transaction here; what it returns is given to `append` afterwards.
   *
   * @param bumpsEpoch whether the producer gets a new epoch with every transaction (`transaction.version` 2)
   * @throws KafkaError INVALID_PRODUCER_EPOCH for a producer that has been fenced
   */
  startVerification(
    batch: { producerId: bigint; epoch: number; baseSequence: number },
    bumpsEpoch: boolean,
  ): Verified {
    const { producers, verifications, context, name } = this.#state;
    const entry = producers.find(batch.producerId);
    if (entry !== undefined) checkEpoch(entry, batch.epoch, this.logEndOffset, name);
    if (hasOngoingTransaction(entry, batch.epoch)) return "ongoing";
    return verifications.start(batch, bumpsEpoch, context.clock.now());
  }

  /** See `append` in append.ts. */
  append(records: Buffer, options: AppendOptions): AppendResult {
    return append(this.#state, records, options);
  }

  /** See `read` in read.ts. */
  read(offset: number, maxBytes: number, options: ReadOptions): LogSlice {
    return this.#reading(() => read(this.#state, offset, maxBytes, options));
  }

  /**
   * The whole batches from the one that holds `from` up to offset `to`, for those who load state from a log. Holds a
   * mebibyte or the largest batch; each view is good until the next is asked for.
   *
   * @throws KafkaError CORRUPT_MESSAGE at a batch that is not what was written
   */
  *readBatches(from = this.logStartOffset, to = this.logEndOffset): Generator<BatchView> {
    for (const segment of this.#state.segments.from(from)) {
      if (segment.baseOffset >= to) continue;
      const position = findBatch(segment, from)?.walkedFrom ?? startFor(segment, from);
      const end = to >= this.logEndOffset ? undefined : findBatch(segment, to)?.position;
      for (const batch of intactBatches(this.#state, segment, position, end ?? segment.size)) {
        if (lastOffset(batch.buffer, batch.at) >= from) yield batch;
      }
    }
  }

  earliestOffset(): TimestampedOffset {
    return earliestOffset(this.#state);
  }

  latestOffset(isolation: ReadIsolation): TimestampedOffset {
    return latestOffset(this.#state, isolation);
  }

  /** The first record whose timestamp (milliseconds) is not below the given one; null if there is none. */
  offsetForTimestamp(timestamp: number): TimestampedOffset | null {
    return this.#reading(() => offsetForTimestamp(this.#state, timestamp));
  }

  /** The first record with the largest timestamp; null if no record has one. */
  offsetOfMaxTimestamp(): TimestampedOffset | null {
    return this.#reading(() => offsetOfMaxTimestamp(this.#state));
  }

  /** Up to where a replica that was last in `leaderEpoch` agrees with this log; −1 and −1 if that is not known. */
  endOffsetForEpoch(leaderEpoch: number): { leaderEpoch: number; endOffset: number } {
    return this.#state.epochs.endOffsetFor(leaderEpoch, this.#state.logEndOffset);
  }

  /** See `deleteRecordsBefore` in retention.ts. */
  deleteRecordsBefore(offset: number): number {
    return deleteRecordsBefore(this.#state, offset);
  }

  /** Deletes the segments that `retention.ms`, `retention.bytes` and the log's start say must go. Returns how many. */
  applyRetention(): number {
    return applyRetention(this.#state);
  }

  /** See `cleanablePart` in compaction/cleanable.ts. */
  cleanablePart(cleanedUpTo: number | undefined): Cleanable {
    return this.#reading(() => cleanablePart(this.#state, cleanedUpTo));
  }

  /** See `cleanLog` in compaction/clean-log.ts. Retention leaves the log alone meanwhile, and comes after. */
  async clean(part: Cleanable, tools: CleaningTools): Promise<Cleaned> {
    const state = this.#state;
    const checkLog = logCheck(state);
    const check = () => {
      tools.check();
      checkLog();
    };
    state.isBeingCleaned = true;
    try {
      return await cleanLog(state, part, { ...tools, check });
    } catch (error) {
      // What the disk says of a log that is gone is no news.
      checkLog();
      throw state.context.health.failed(error, `compacting ${state.name}`);
    } finally {
      state.isBeingCleaned = false;
      if (state.retentionIsDue && state.context.health.isOnline) applyRetention(state);
    }
  }

  /** Drops every batch that reaches `offset` or beyond. Returns whether there was any. */
  truncateTo(offset: number): boolean {
    return truncateTo(this.#state, offset);
  }

  /** Drops all there is; the log goes on at `offset`. */
  truncateFullyAndStartAt(offset: number): void {
    truncateFullyAndStartAt(this.#state, offset);
  }

  /** Forgets the producers that have written nothing for `producer.id.expiration.ms`. */
  expireProducers(): void {
    const { producers, verifications, context } = this.#state;
    producers.expire(context.clock.now(), context.producerIdExpirationMs);
    verifications.expire(context.clock.now(), context.producerIdExpirationMs);
  }

  /** Makes everything durable that was appended so far. Rejects with KAFKA_STORAGE_ERROR if that can't be. */
  flush(): Promise<void> {
    return flushLog(this.#state);
  }

  /** Whether a power cut leaves the partition's directory, and in it which topic it belongs to. */
  get metadataIsDurable(): boolean {
    return this.#state.metadataIsDurable;
  }

  /** Makes that so. */
  async flushMetadata(): Promise<void> {
    if (!this.metadataIsDurable) await flushMetadata(this.#state);
  }

  /**
   * Makes it so but for the directory's own name. The caller makes that durable for many partitions at once, and calls
   * what this resolves to.
   */
  async flushOwnMetadata(): Promise<() => void> {
    const state = this.#state;
    if (!state.metadataIsDurable) await flushOwnMetadata(state);
    return () => {
      state.metadataIsDurable = true;
    };
  }

  /**
   * Calls `listener` after every move of the high watermark or of the log's start, and when the log goes away. Returns
   * what ends that.
   */
  onAppend(listener: () => void): () => void {
    this.#state.listeners.add(listener);
    return () => void this.#state.listeners.delete(listener);
  }

  /** Closes the log so that it need not be recovered: everything is complete and durable when the promise resolves. */
  async close(): Promise<void> {
    const state = this.#state;
    if (state.isClosed) return;
    if (state.context.health.isOnline) {
      state.segments.active.seal();
      state.producers.endOffset = state.logEndOffset;
      state.context.health.guard(`closing ${state.name}`, () => state.snapshots.take(state.producers));
      await flushLog(state);
      this.#wasClosedCleanly = true;
    }
    this.abandon();
  }

  /** Closes the files and writes nothing more: the directory failed, or the partition is being deleted. */
  abandon(): void {
    const state = this.#state;
    if (state.isClosed) return;
    state.isClosed = true;
    state.cancelTimers();
    for (const segment of state.segments.all) segment.closeFiles();
    state.notify();
    state.listeners.clear();
  }

  /** What can't be read is KAFKA_STORAGE_ERROR. */
  #reading<T>(run: () => T): T {
    const { context, name } = this.#state;
    return context.health.reading(`reading ${name}`, run);
  }
}

/** Says in the directory which topic it belongs to; returns the topic's id. */
function nameDirectory({ disk, directory, topicId, sibling }: OpenOptions): Uuid {
  if (topicId === ZERO_UUID) return topicId;
  const like = sibling === undefined ? undefined : `${sibling}/${PARTITION_METADATA}`;
  makePartitionMetadata(disk, `${directory}/${PARTITION_METADATA}`, topicId, like);
  return topicId;
}

/** Sees to it that the directory says rightly which topic it belongs to; returns the topic's id. */
function claimDirectory({ disk, directory, topicId, topic, partition, logger }: OpenOptions): Uuid {
  const path = `${directory}/${PARTITION_METADATA}`;
  const found = readPartitionMetadata(disk, path);
  if (found === undefined) {
    if (topicId === ZERO_UUID) return topicId;
    logger.warn(`${path} does not hold a topic id; it is written anew`);
    disk.writeFile(path, partitionMetadata(topicId));
    return topicId;
  }
  if (topicId === ZERO_UUID || topicId === found) return found;
  if (isIdOf(topicId, found)) {
    logger.warn(`${path} holds a damaged topic id; it is written anew`);
    disk.writeFile(path, partitionMetadata(topicId));
    return topicId;
  }
  throw new KafkaError(
    "INCONSISTENT_TOPIC_ID",
    `${directory} belongs to topic id ${found}, but ${topic}-${partition} has topic id ${topicId}`,
  );
}
