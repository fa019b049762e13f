/**
 * One run of compaction over one log: what its parts share, and when it has to give up.
 */
import { sizeInBytes } from "../../records/batch-header.ts";
import { batchCrcIsValid } from "../../records/validate.ts";
import { CorruptLogError } from "../corrupt-log-error.ts";
import type { LogState } from "../log-state.ts";
import type { Segment } from "../segment.ts";
import type { AbortedTransaction } from "../transaction-index.ts";
import type { ChunkReader } from "./chunk-reader.ts";
import type { OffsetMap } from "./offset-map.ts";
import type { Throttle } from "./throttle.ts";
import type { Turns } from "./turns.ts";

/** The log went away or was truncated, or the broker stops: nothing is wrong, but the run is over. */
export class CleaningAborted extends Error {
  override readonly name = "CleaningAborted";
}

/** There is no room for what is kept until the old segments can go. */
export class NoRoomError extends Error {
  override readonly name = "NoRoomError";
}

/** What a run works with. */
export interface CleaningTools {
  readonly map: OffsetMap;
  readonly reader: ChunkReader;
  readonly throttle: Throttle;
  readonly turns: Turns;
  /** Throws CleaningAborted when the run is to end. */
  readonly check: () => void;
}

/** What throws CleaningAborted when the log is not what it is now. */
export function logCheck(state: LogState): () => void {
  const { truncations } = state;
  return () => {
    if (state.isClosed || state.truncations !== truncations || !state.context.health.isOnline) {
      throw new CleaningAborted(`The log of ${state.name} changed while it was compacted`);
    }
  };
}

/** The aborted transactions that touch offsets from `from` up to but not including `end`. */
export function abortedBetween(state: LogState, from: number, end: number): AbortedTransaction[] {
  const found: AbortedTransaction[] = [];
  for (const segment of state.segments.from(from)) {
    if (segment.transactionIndex.collect(from, end, found)) break;
  }
  return found;
}

/**
 * Shows `visit` every batch of a segment from `position` on, in turns with whatever else there is to do. `visit` may
 * return a promise; false ends the walk.
 *
 * @throws CorruptLogError, CleaningAborted
 */
export async function walkInTurns(
  segment: Segment,
  from: number,
  { reader, throttle, turns, check }: CleaningTools,
  visit: (buffer: Buffer, at: number) => boolean | Promise<boolean>,
  afterChunk?: () => Promise<void>,
): Promise<void> {
  const { size, log } = segment;
  for (let position = from; ; ) {
    const chunk = await turns.away(reader.next(log, position, size));
    check();
    if (!chunk) return;
    await turns.away(throttle.take(chunk.end, check));
    for (let at = 0; at < chunk.end; at += sizeInBytes(chunk.buffer, at)) {
      if (turns.isOver) await turns.rest();
      // What is written anew gets a new checksum: nothing may be that was damaged before.
      if (!batchCrcIsValid(chunk.buffer, at)) throw new CorruptLogError(log.path, position + at);
      const more = visit(chunk.buffer, at);
      if (!(more instanceof Promise ? await turns.away(more) : more)) return;
    }
    position += chunk.end;
    if (afterChunk) await turns.away(afterChunk());
    check();
  }
}
