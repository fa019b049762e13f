/**
 * Compaction of one log: gathers the keys of its dirty part, then writes its segments anew, without the records that
 * later ones have made void. It leaves offsets as they are. What is decided as in Kafka's cleaner: filter-batch.ts.
 */
import { isDiskError } from "../../disk/disk.ts";
import type { LogState } from "../log-state.ts";
import type { Segment } from "../segment.ts";
import type { Cleanable } from "./cleanable.ts";
import { CleanedBytes } from "./cleaned-bytes.ts";
import { CleanedTransactions } from "./cleaned-transactions.ts";
import { abortedBetween, type CleaningTools, NoRoomError, walkInTurns } from "./cleaning.ts";
import { filterBatch, type Round } from "./filter-batch.ts";
import { gatherKeys } from "./gather-keys.ts";
import { groupSegments } from "./group-segments.ts";
import { newCleanedSegment, prepareSwap, swapIn } from "./swap.ts";

const OUT_OF_ROOM = new Set(["ENOSPC", "EDQUOT"]);

/** What came of it. */
export interface Cleaned {
  /** Everything below it is clean. */
  readonly upToOffset: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly recordsRead: number;
  readonly recordsKept: number;
  /** Records without a key, which were dropped. */
  readonly keyless: number;
}

/**
 * Cleans the part of the log from its beginning up to where the keys that fit into the map reach.
 *
 * @throws CleaningAborted, CorruptLogError, KafkaError or the disk's error; what was swapped in by then stays
 */
export async function cleanLog(state: LogState, part: Cleanable, tools: CleaningTools): Promise<Cleaned> {
  const { config, context } = state;
  await gatherKeys(state, part, tools);
  const upToOffset = tools.map.latestOffset + 1;
  const round: Round = {
    map: tools.map,
    transactions: new CleanedTransactions(),
    producers: state.producers,
    highWatermark: state.highWatermark,
    nowMs: context.clock.now(),
    deleteRetentionMs: config.deleteRetentionMs,
    maxDecompressedBytes: config.maxDecompressedMessageBytes,
    output: new CleanedBytes(),
    keyless: 0,
    recordsRead: 0,
    recordsKept: 0,
  };
  let bytesBefore = 0;
  let bytesAfter = 0;
  const segments = state.segments.between(0, upToOffset);
  for (const group of groupSegments(segments, config, part.firstUncleanableOffset)) {
    for (const { size } of group) bytesBefore += size;
    bytesAfter += (await cleanGroup(state, group, round, tools)).size;
  }
  const { recordsRead, recordsKept, keyless } = round;
  return { upToOffset, bytesBefore, bytesAfter, recordsRead, recordsKept, keyless };
}

async function cleanGroup(
  state: LogState,
  group: readonly Segment[],
  round: Round,
  tools: CleaningTools,
): Promise<Segment> {
  const [first] = group;
  if (!first) throw new RangeError("A group of segments is empty");
  const cleaned = newCleanedSegment(state, first.baseOffset);
  try {
    round.transactions.index = cleaned.transactionIndex;
    for (const segment of group) await cleanSegment(state, segment, cleaned, round, tools);
    await prepareSwap(state, cleaned, group, tools.check);
  } catch (error) {
    await cleaned.removeFiles().catch(() => undefined);
    // The room it took is free again, and nothing else was touched.
    if (isDiskError(error) && OUT_OF_ROOM.has(error.code)) throw new NoRoomError(error.message);
    throw error;
  }
  await swapIn(state, cleaned, group);
  return cleaned;
}

async function cleanSegment(
  state: LogState,
  segment: Segment,
  cleaned: Segment,
  round: Round,
  tools: CleaningTools,
): Promise<void> {
  const end = state.segments.after(segment.baseOffset)?.baseOffset ?? state.logEndOffset;
  round.transactions.add(abortedBetween(state, segment.baseOffset, end));
  const { output } = round;
  // Who was called off may have left something.
  output.clear();
  const visit = (buffer: Buffer, at: number) => filterBatch(buffer, at, round)?.then(() => true) ?? true;
  await walkInTurns(segment, 0, tools, visit, async () => {
    if (output.size === 0) return;
    await tools.throttle.take(output.size, tools.check);
    await cleaned.appendInBackground(output.buffer, 0, output.size);
    output.clear();
  });
}
