/**
 * Recovering a segment that may hold anything after a crash: every batch is read and its CRC checked, the `.log` is cut
 * at the first byte that is not right, and indexes, producers and leader epochs follow from what remains.
 */
import type { Logger } from "../observe/logger.ts";
import * as header from "../records/batch-header.ts";
import { isIntact } from "./intact-batches.ts";
import type { LeaderEpochCache } from "./leader-epoch-cache.ts";
import { applyBatch } from "./producer-batches.ts";
import type { ProducerState } from "./producer-state.ts";
import type { Segment } from "./segment.ts";
import type { Steps } from "./steps.ts";
import { type BatchView, claimedSize, readBatches } from "./walk-batches.ts";

/** What recovery learns besides the segment itself. `producers` is the state at the segment's base offset. */
export interface RecoveryTarget {
  readonly producers: ProducerState;
  readonly epochs: LeaderEpochCache;
  readonly logger: Logger;
  /** Whether what isn't right may be cut off: whoever wrote it was stopped before the end. */
  readonly mayCut: boolean;
}

/** Bytes that are checked in one step: a few milliseconds of work. */
const STEP_BYTES = 4 * 1024 * 1024;

/**
 * Recovers the segment, in steps; `progress` is told of all bytes that are done with. Returns how many were cut off its
 * end; where that may not be, indexes end where it isn't intact any more.
 *
 * @throws Error when it holds messages of a format older than Kafka 0.11's, which must not be taken for rubbish
 */
export function* recoverSegment(
  segment: Segment,
  target: RecoveryTarget,
  progress: (bytes: number) => void,
): Steps<number> {
  const { size } = segment;
  segment.resetIndexes();
  segment.transactionIndex.truncateTo(0);
  let nextOffset = segment.baseOffset;
  let end = 0;
  let told = 0;
  for (const batch of readBatches(segment.log, 0, size)) {
    if (!isIntact(segment, batch, nextOffset)) break;
    learn(segment, batch, target);
    nextOffset = header.nextOffset(batch.buffer, batch.at);
    end = batch.position + batch.size;
    if (end - told < STEP_BYTES) continue;
    progress(end - told);
    told = end;
    yield;
  }
  progress(size - told);
  if (end < size) {
    refuseOldFormat(segment, end);
    const what = `${segment.log.path} is not intact from byte ${end} on, offset ${nextOffset}`;
    if (target.mayCut) segment.truncateLog(end);
    const consequence = target.mayCut ? "are cut off" : "are left as they are";
    target.logger.warn(`${what}: its last ${size - end} bytes ${consequence}`);
  }
  segment.intact.add(0, end);
  segment.seal();
  segment.maxIsVerified = true;
  return size - segment.size;
}

function learn(segment: Segment, batch: BatchView, { producers, epochs }: RecoveryTarget): void {
  const { buffer, at, position, size } = batch;
  const last = header.lastOffset(buffer, at);
  const epoch = header.partitionLeaderEpoch(buffer, at);
  segment.addToIndexes(last, header.maxTimestamp(buffer, at), position, size);
  if (epoch > epochs.latest) epochs.assign(epoch, header.baseOffset(buffer, at));
  const completed = applyBatch(producers, buffer, at);
  if (!completed) return;
  if (completed.isAborted) {
    const lastStableOffset = producers.lastStableOffsetAfter(completed);
    segment.transactionIndex.append({ ...completed, lastStableOffset });
  }
  producers.completeTransaction(completed);
}

const OLD_HEADER_SIZE = 26;
const OLD_CRC_AT = 12;
const OLD_MAGIC_AT = 16;
const OLD_MAX_SIZE = 64 * 1024 * 1024;

/** Message formats 0 and 1 begin with offset, size, CRC-32 over what follows, magic. */
function refuseOldFormat(segment: Segment, position: number): void {
  const head = Buffer.alloc(OLD_HEADER_SIZE);
  if (segment.log.read(head, 0, OLD_HEADER_SIZE, position) < OLD_HEADER_SIZE) return;
  const size = claimedSize(head, 0);
  const magic = head.readInt8(OLD_MAGIC_AT);
  if (magic < 0 || magic > 1 || size < OLD_HEADER_SIZE || size > OLD_MAX_SIZE) return;
  if (position + size > segment.size) return;
  const message = Buffer.alloc(size);
  segment.log.read(message, 0, size, position);
  if (Bun.hash.crc32(message.subarray(OLD_MAGIC_AT)) !== message.readUInt32BE(OLD_CRC_AT)) return;
  throw new Error(
    `${segment.log.path} holds messages of format ${magic} from byte ${position} on, which Houska can't read; let a Kafka broker rewrite them first`,
  );
}
