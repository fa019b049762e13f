/**
 * Appending to a partition's log: checked, given offsets in place, and written with one positioned write.
 */
import { KafkaError } from "../protocol/errors.ts";
import * as header from "../records/batch-header.ts";
import { flushByPolicy } from "./flush.ts";
import type { LogState } from "./log-state.ts";
import { applyBatch, endMarkerAt, producerBatchAt } from "./producer-batches.ts";
import { type AppendOrigin, checkBatch, checkMarker } from "./producer-check.ts";
import { type AppendedBatch, firstOffsetOf } from "./producer-entry.ts";
import { checkRecords } from "./record-checks.ts";
import { type Incoming, segmentFor } from "./roll.ts";
import { prepareBatches } from "./stamp.ts";
import { checkBatches } from "./validator.ts";
import type { Verified } from "./verification.ts";

export interface AppendOptions {
  /** Written into every batch; ignored for replication, whose batches have theirs. */
  readonly leaderEpoch: number;
  readonly origin: AppendOrigin;
  /** The `transaction.version` in force, for markers that a coordinator writes (KIP-890). 0 if not given. */
  readonly transactionVersion?: number;
  /**
   * What shows that a client's transaction knows of the partition, where that has to be shown: what
   * `PartitionLog.startVerification` gave before the coordinator was asked.
   */
  readonly verified?: Verified | undefined;
}

export interface AppendResult {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** Milliseconds, −1 for CreateTime. */
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  /** Nothing was appended: the offsets are those of the batch that was there already. */
  readonly duplicate: boolean;
  /** What an acknowledgement must wait for where the flush policy says so, else null. May reject. */
  readonly flushed: Promise<void> | null;
}

/**
 * Appends the batches in `records`: one for a client, any number otherwise. Offsets, leader epochs and, where the topic
 * says so, times are written into `records` itself.
 *
 * @throws KafkaError for what checkBatches, checkRecords and the checks of producers refuse (INVALID_TXN_STATE where
 *   `verified` shows nothing any more); RECORD_LIST_TOO_LARGE
 *   above `segment.bytes`; KAFKA_STORAGE_ERROR when the directory fails or has failed
 */
export function append(state: LogState, records: Buffer, options: AppendOptions): AppendResult {
  const { config, context, name } = state;
  context.health.check();
  if (state.isClosed) throw new KafkaError("NOT_LEADER_OR_FOLLOWER", `The log of ${name} is closed`);
  const { origin } = options;
  const now = context.clock.now();
  const wholeBytes = checkBatches(records, name, config, origin);
  if (origin === "client") checkRecords(records, 0, name, config, now);
  const whole = wholeBytes === records.length ? records : records.subarray(0, wholeBytes);
  const batches = origin === "replication" ? whole : prepareBatches(whole, config, name, now);
  if (batches.length > config.segmentBytes) {
    throw new KafkaError(
      "RECORD_LIST_TOO_LARGE",
      `Message batch size is ${batches.length} bytes in append to partition ${name}, which exceeds the maximum configured segment size of ${config.segmentBytes}.`,
    );
  }
  const duplicate = checkProducers(state, batches, options);
  if (duplicate) return duplicateResult(state, duplicate);
  const { firstOffset, lastOffset, maxTimestamp } = giveOffsets(state, batches, options);
  write(state, batches, { size: batches.length, firstOffset, lastOffset, maxTimestamp });
  const flushed = flushByPolicy(state);
  // What has to be flushed is not shown to consumers before: they would have seen what a crash takes back.
  if (flushed === null) {
    state.moveHighWatermark(state.logEndOffset);
    state.notify();
  }
  const byAppendTime = origin !== "replication" && config.messageTimestampType === "LogAppendTime";
  return {
    firstOffset,
    lastOffset,
    logAppendTimeMs: byAppendTime ? now : header.NO_TIMESTAMP,
    logStartOffset: state.logStartOffset,
    duplicate: false,
    flushed,
  };
}

/** Refuses what a producer may not write; returns the batch that a client repeats, if it does. */
function checkProducers(
  state: LogState,
  batches: Buffer,
  { origin, transactionVersion = 0, verified }: AppendOptions,
): AppendedBatch | undefined {
  if (origin === "replication") return undefined;
  for (let at = 0; at < batches.length; at += header.sizeInBytes(batches, at)) {
    if (!header.hasProducerId(batches, at)) continue;
    const entry = state.producers.find(header.producerId(batches, at));
    if (header.isControl(header.attributes(batches, at))) {
      const marker = endMarkerAt(batches, at);
      if (marker)
        checkMarker(entry, { ...marker, offset: state.logEndOffset }, transactionVersion, state.name);
      continue;
    }
    const batch = producerBatchAt(batches, at);
    const repeated =
      origin === "client"
        ? entry?.findDuplicate(batch.epoch, batch.baseSequence, header.lastSequence(batches, at))
        : undefined;
    if (repeated) return repeated;
    const appended = { ...batch, baseOffset: state.logEndOffset };
    if (batch.isTransactional && verified !== undefined) state.verifications.check(entry, appended, verified);
    checkBatch(entry, appended, origin, state.name);
    if (origin === "client") state.verifications.checkSequence(entry, appended, state.name);
  }
  return undefined;
}

function duplicateResult(state: LogState, batch: AppendedBatch): AppendResult {
  return {
    firstOffset: firstOffsetOf(batch),
    lastOffset: batch.lastOffset,
    logAppendTimeMs:
      state.config.messageTimestampType === "LogAppendTime" ? batch.timestamp : header.NO_TIMESTAMP,
    logStartOffset: state.logStartOffset,
    duplicate: true,
    // The first time it may still be waiting for the same.
    flushed: batch.lastOffset < state.flushedOffset ? null : flushByPolicy(state),
  };
}

/** Writes base offsets and leader epochs into the batches, or checks those that replicated ones have. */
function giveOffsets(state: LogState, batches: Buffer, { origin, leaderEpoch }: AppendOptions) {
  let next = state.logEndOffset;
  let firstOffset = -1;
  let maxTimestamp = header.NO_TIMESTAMP;
  for (let at = 0; at < batches.length; at += header.sizeInBytes(batches, at)) {
    if (origin !== "replication") {
      header.setBaseOffset(batches, at, next);
      header.setPartitionLeaderEpoch(batches, at, leaderEpoch);
    } else if (header.baseOffset(batches, at) < next) {
      throw new RangeError(
        `A batch at offset ${header.baseOffset(batches, at)} can't follow offset ${next - 1} in ${state.name}`,
      );
    }
    if (firstOffset < 0) firstOffset = header.baseOffset(batches, at);
    maxTimestamp = Math.max(maxTimestamp, header.maxTimestamp(batches, at));
    next = header.nextOffset(batches, at);
  }
  return { firstOffset, lastOffset: next - 1, maxTimestamp };
}

function write(state: LogState, batches: Buffer, incoming: Incoming): void {
  const { context, producers } = state;
  try {
    const segment = segmentFor(state, incoming);
    if (segment.size === 0) state.hasNewFiles = true;
    segment.append(batches, 0, batches.length);
    // Whatever goes wrong from here on: these offsets are taken.
    state.logEndOffset = incoming.lastOffset + 1;
    for (let at = 0; at < batches.length; at += header.sizeInBytes(batches, at)) {
      state.epochs.assign(header.partitionLeaderEpoch(batches, at), header.baseOffset(batches, at));
      const completed = applyBatch(producers, batches, at);
      forgetVerification(state, batches, at);
      if (!completed) continue;
      if (completed.isAborted) {
        const lastStableOffset = producers.lastStableOffsetAfter(completed);
        segment.transactionIndex.append({ ...completed, lastStableOffset });
      }
      producers.completeTransaction(completed);
    }
  } catch (error) {
    throw context.health.failed(error, `appending to ${state.name}`);
  }
}

/** What is in the log needs no verification any more. */
function forgetVerification(state: LogState, batches: Buffer, at: number): void {
  const attributes = header.attributes(batches, at);
  if (!header.isTransactional(attributes)) return;
  const epoch = header.producerEpoch(batches, at);
  state.verifications.appended(header.producerId(batches, at), epoch, header.isControl(attributes));
}
