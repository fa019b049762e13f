/**
 * Loading a partition's log from its directory. After a clean shutdown the files are what they say, and little is read;
 * otherwise everything from the recovery point on is checked, and what was not written to its end is cut off.
 */
import { baseOffset, partitionLeaderEpoch } from "../records/batch-header.ts";
import { fileName, LEADER_EPOCH_CHECKPOINT, offsetOfFile, Suffix } from "./file-names.ts";
import type { LogState } from "./log-state.ts";
import { loadProducers } from "./producer-loader.ts";
import type { Segment } from "./segment.ts";
import { recoverSegment } from "./segment-recovery.ts";
import { readNextOffset, rebuildIndexes, verifyMaxTimestamp } from "./segment-search.ts";
import type { Steps } from "./steps.ts";
import { walkHeaders } from "./walk-batches.ts";

/** A log whose recovery takes longer says how far it is. */
const PROGRESS_AFTER_MS = 1000;

/** What the checkpoints of the log directory say about a partition, and whether it was closed cleanly. */
export interface LoadOptions {
  readonly recoveryPoint: number;
  readonly logStartOffset: number;
  readonly cleanShutdown: boolean;
}

/** Loads what the files named in `names` hold. Makes the files of the state's directory agree with each other. */
export function* loadLog(state: LogState, names: readonly string[], options: LoadOptions): Steps<void> {
  const { segments, epochs, snapshots, producers } = state;
  findSegments(state, names);
  const epochsAreKnown = names.includes(LEADER_EPOCH_CHECKPOINT) && epochs.load();
  if (segments.count > 0) {
    yield* restoreIndexes(
      state,
      names,
      options.cleanShutdown ? Number.POSITIVE_INFINITY : options.recoveryPoint,
    );
    if (options.cleanShutdown) yield* checkActive(state, options.recoveryPoint);
    else yield* recoverFrom(state, options.recoveryPoint, true);
  }
  const logEndOffset = endOfLog(state, options);
  if (segments.count === 0) state.beginSegment(options.logStartOffset);
  if (!epochsAreKnown && names.length > 0) learnEpochs(state);

  const begins = options.logStartOffset <= logEndOffset ? options.logStartOffset : 0;
  state.logStartOffset = Math.max(begins, segments.first.baseOffset);
  state.logEndOffset = logEndOffset;
  state.recoveryPoint = options.cleanShutdown ? logEndOffset : Math.min(options.recoveryPoint, logEndOffset);
  state.flushedOffset = state.recoveryPoint;
  // An epoch may have begun at the end of the log without having written anything yet.
  epochs.truncateFromEnd(logEndOffset + 1);
  epochs.truncateFromStart(state.logStartOffset);
  snapshots.removeWhere((offset) => offset > logEndOffset);
  snapshots.removeStrays(segments.all.map(({ baseOffset }) => baseOffset));
  // Whoever recovered the last segment knows the producers already.
  if (options.cleanShutdown || producers.endOffset !== logEndOffset) loadProducers(state, logEndOffset);
  snapshots.take(producers);
  producers.expire(state.context.clock.now(), state.context.producerIdExpirationMs);
  state.moveHighWatermark(logEndOffset);
}

function findSegments(state: LogState, names: readonly string[]): void {
  const { disk, logger } = state.context;
  const bases = names.filter((name) => name.endsWith(Suffix.log)).map(offsetOfFile);
  for (const base of bases) if (base >= 0) state.segments.add(state.newSegment(base));
  const known = new Set(bases);
  for (const name of names) {
    if (!/index$/.test(name) || known.has(offsetOfFile(name))) continue;
    logger.warn(`${state.directory}/${name} is an index without a log; it is removed`);
    disk.remove(`${state.directory}/${name}`);
  }
}

/** Rebuilds indexes that are missing or can't be right, of segments that need no recovery. */
function* restoreIndexes(state: LogState, names: readonly string[], recoveryPoint: number): Steps<void> {
  const { segments, context } = state;
  const existing = new Set(names);
  const unflushed = segments.atOrBelow(recoveryPoint);
  for (const segment of [...segments.all]) {
    if (segment === unflushed && recoveryPoint !== Number.POSITIVE_INFINITY) return;
    const file = (suffix: string) => fileName(segment.baseOffset, suffix);
    const isComplete = existing.has(file(Suffix.offsetIndex)) && existing.has(file(Suffix.timeIndex));
    if (!isComplete && segment.size > 0) {
      context.logger.warn(`Indexes of ${segment.log.path} are missing; they are rebuilt`);
      rebuildIndexes(segment);
    }
    if (!existing.has(file(Suffix.transactionIndex))) continue;
    if (!segment.transactionIndex.isSane(segment.baseOffset)) {
      const isClean = recoveryPoint === Number.POSITIVE_INFINITY;
      yield* recoverFrom(state, segment.baseOffset, !isClean);
    }
  }
}

/**
 * After a clean shutdown: whether the segment that is appended to ends as it did then. Where it doesn't, it is left as it
 * is, and the log goes on in another: what was acknowledged must not go with what the disk has lost.
 */
function* checkActive(state: LogState, closedAt: number): Steps<void> {
  const { active } = state.segments;
  const { logger } = state.context;
  verifyMaxTimestamp(active);
  const { nextOffset, isWhole } = readNextOffset(active);
  const closed = `${active.log.path} was closed cleanly`;
  if (isWhole) {
    if (closedAt > 0 && nextOffset !== closedAt)
      logger.warn(`${closed} at offset ${closedAt}, and ends at offset ${nextOffset}`);
  } else if (closedAt > nextOffset) {
    logger.error(
      `${closed} at offset ${closedAt}, and is not intact any more. What can't be read of it is not served; the log goes on in a new segment. Is the disk failing?`,
    );
    state.beginSegment(closedAt);
  } else {
    logger.warn(`${closed}, and is not whole; it is recovered`);
    yield* recoverFrom(state, active.baseOffset, true);
  }
}

/**
 * Recovers the segments that may hold offsets from `recoveryPoint` on.
 *
 * @param mayCut whether what isn't right is cut off, and what follows it removed
 */
function* recoverFrom(state: LogState, recoveryPoint: number, mayCut: boolean): Steps<void> {
  const { segments, snapshots, producers, epochs, context } = state;
  const unflushed = segments.from(recoveryPoint);
  const first = unflushed[0];
  if (!first) return;
  state.hasNewFiles = true;
  snapshots.removeWhere((offset) => offset > first.baseOffset);
  loadProducers(state, first.baseOffset);
  let isCut = false;
  const progress = progressTeller(state, unflushed);
  for (const segment of unflushed) {
    if (isCut) {
      context.logger.warn(`${segment.log.path} lies behind what was cut off; it is removed`);
      segments.remove(segment);
      segment.removeFilesNow();
      continue;
    }
    producers.endOffset = segment.baseOffset;
    snapshots.take(producers);
    // Whoever wrote it may have died before it was flushed.
    segment.markUnflushed();
    const target = { producers, epochs, logger: context.logger, mayCut };
    isCut = (yield* recoverSegment(segment, target, progress)) > 0;
    yield;
  }
}

/** What says how far the recovery is, where it takes long. */
function progressTeller({ context, name }: LogState, segments: readonly Segment[]): (bytes: number) => void {
  const { clock, logger } = context;
  const total = segments.reduce((sum, { size }) => sum + size, 0);
  const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  let done = 0;
  let told = clock.now();
  return (bytes) => {
    done += bytes;
    const now = clock.now();
    if (now - told < PROGRESS_AFTER_MS) return;
    told = now;
    logger.info(`${name}: ${mebibytes(done)} of ${mebibytes(total)} MiB are checked`);
  };
}

/**
 * The offset after the last record. A log that ends before it is said to begin is of no use and removed, unless it was
 * closed cleanly: then what is said isn't right.
 */
function endOfLog(state: LogState, { logStartOffset, cleanShutdown }: LoadOptions): number {
  const { segments, context, epochs, snapshots } = state;
  if (segments.count === 0) return logStartOffset;
  const { nextOffset } = readNextOffset(segments.active);
  if (nextOffset >= logStartOffset) return nextOffset;
  const contradiction = `${state.directory} ends at offset ${nextOffset} but is said to begin at ${logStartOffset}`;
  if (cleanShutdown) {
    context.logger.warn(`${contradiction}; it begins with its first segment`);
    return nextOffset;
  }
  context.logger.warn(`${contradiction}; its segments are removed`);
  for (const segment of [...segments.all]) {
    segments.remove(segment);
    segment.removeFilesNow();
  }
  epochs.clear();
  snapshots.removeWhere(() => true);
  return logStartOffset;
}

/** Without `leader-epoch-checkpoint` the batches tell the epochs. A segment of one epoch needs no more than a look. */
function learnEpochs(state: LogState): void {
  const { segments, epochs } = state;
  epochs.clear();
  for (const segment of segments.all) {
    const next = segments.after(segment.baseOffset);
    const lastOfSegment = next ? firstEpoch(next) : undefined;
    walkHeaders(segment.log, 0, segment.size, (buffer, at) => {
      const epoch = partitionLeaderEpoch(buffer, at);
      if (epoch > epochs.latest) epochs.assign(epoch, baseOffset(buffer, at));
      return epochs.latest === lastOfSegment;
    });
  }
}

function firstEpoch(segment: Segment): number | undefined {
  let epoch: number | undefined;
  walkHeaders(segment.log, 0, segment.size, (buffer, at) => {
    epoch = partitionLeaderEpoch(buffer, at);
    return true;
  });
  return epoch;
}
