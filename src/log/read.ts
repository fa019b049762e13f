/**
 * Reading from a partition's log: which bytes of which file. They are copied once, by whoever sends them.
 */
import { KafkaError } from "../protocol/errors.ts";
import type { RecordsSource } from "../protocol/records-source.ts";
import { damaged, intactTo, requireIntact } from "./intact-batches.ts";
import type { LogState } from "./log-state.ts";
import type { LazyFile } from "./open-files.ts";
import type { Segment } from "./segment.ts";
import { findBatch, startFor } from "./segment-search.ts";
import type { AbortedTransaction } from "./transaction-index.ts";

/** How far a reader may see: to the log's end (replicas), to the high watermark, or to the last stable offset. */
export type ReadIsolation = "log_end" | "high_watermark" | "last_stable";

export interface ReadOptions {
  readonly isolation: ReadIsolation;
  /** Whether the first batch is given whole even if it is larger than the reader asked for. */
  readonly minOneMessage: boolean;
}

export interface LogSlice {
  /** The bytes from the batch that holds the offset on: the last batch may be cut short. Null if there are none. */
  readonly records: RecordsSource | null;
  /** With isolation `last_stable`: the aborted transactions in it, by first offset; else null. */
  readonly abortedTransactions: readonly { producerId: bigint; firstOffset: number }[] | null;
}

/** Where a reader's view ends. */
export function endFor(state: LogState, isolation: ReadIsolation): number {
  if (isolation === "log_end") return state.logEndOffset;
  return isolation === "high_watermark" ? state.highWatermark : state.lastStableOffset;
}

/**
 * The records from `offset` on, at most `maxBytes` of them.
 *
 * @throws KafkaError OFFSET_OUT_OF_RANGE below the log's start or above its end; CORRUPT_MESSAGE where the first batch is
 *   not what was written (where a later one isn't, the records end before it)
 */
export function read(state: LogState, offset: number, maxBytes: number, options: ReadOptions): LogSlice {
  if (offset < state.logStartOffset || offset > state.logEndOffset) {
    throw new KafkaError(
      "OFFSET_OUT_OF_RANGE",
      `Received request for offset ${offset} for partition ${state.name}, but we only have log segments in the range ${state.logStartOffset} to ${state.logEndOffset}.`,
    );
  }
  const withAborted = options.isolation === "last_stable";
  const end = endFor(state, options.isolation);
  const { segments } = state;
  let segment = offset < end ? (segments.atOrBelow(offset) ?? segments.first) : undefined;
  for (; segment && segment.baseOffset < end; segment = segments.after(segment.baseOffset)) {
    const first = findBatch(segment, offset);
    if (!first) {
      // Compaction may have taken the last offsets of a segment; or a header that isn't right has ended the search.
      requireIntact(state, segment, startFor(segment, offset), segment.size);
      continue;
    }
    // The first batch comes whole or not at all: a part of it would be of no use to anybody.
    const atMost = maxBytes >= first.size ? maxBytes : options.minOneMessage ? first.size : 0;
    const wanted = first.position + Math.min(positionOf(state, segment, end) - first.position, atMost);
    // Where the batch begins only behind the offset, one may have been passed over whose header isn't right.
    const from = first.baseOffset <= offset ? first.position : first.walkedFrom;
    const size = intactTo(state, segment, from, wanted) - first.position;
    if (size < Math.min(first.size, wanted - first.position)) {
      throw damaged(state, segment, first.position + size);
    }
    const slice = size > 0 ? new FileSlice(state, segment.log, first.position, size) : null;
    return {
      records: slice,
      abortedTransactions: withAborted ? abortedIn(state, segment, offset, slice) : null,
    };
  }
  return { records: null, abortedTransactions: withAborted ? [] : null };
}

/** Where the bytes below offset `end` end in the segment. */
function positionOf(state: LogState, segment: Segment, end: number): number {
  const next = state.segments.after(segment.baseOffset);
  if (end >= (next?.baseOffset ?? state.logEndOffset)) return segment.size;
  return findBatch(segment, end)?.position ?? segment.size;
}

/** The aborted transactions that may touch a slice. A few too many do no harm: readers look for their markers. */
function abortedIn(state: LogState, segment: Segment, offset: number, slice: FileSlice | null) {
  const found: AbortedTransaction[] = [];
  const sliceEnd = slice
    ? segment.offsetIndex.firstOffsetFrom(slice.filePosition + slice.sizeInBytes)
    : offset;
  const nextBase = state.segments.after(segment.baseOffset)?.baseOffset ?? state.logEndOffset;
  const upTo = sliceEnd < 0 ? nextBase : sliceEnd;
  for (const candidate of state.segments.from(segment.baseOffset)) {
    if (candidate.transactionIndex.collect(offset, upTo, found)) break;
  }
  return found.map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
}

/** A range of a `.log`. It stays readable when the segment is marked for deletion, until its file is removed. */
class FileSlice implements RecordsSource {
  constructor(
    private readonly state: LogState,
    private readonly file: LazyFile,
    readonly filePosition: number,
    readonly sizeInBytes: number,
  ) {}

  descriptor(): number | null {
    // What is wrong with the file is told by `copyInto`.
    if (this.state.isClosed || !this.state.context.health.isOnline) return null;
    try {
      return this.file.descriptor;
    } catch {
      return null;
    }
  }

  copyInto(target: Uint8Array, targetOffset: number, from = 0, length = this.sizeInBytes - from): void {
    // Another log may be where this one was, under the same names.
    if (this.state.isClosed)
      throw new KafkaError("NOT_LEADER_OR_FOLLOWER", `The log of ${this.state.name} is closed`);
    const position = this.filePosition + from;
    let count: number;
    try {
      count = this.file.read(target, targetOffset, length, position);
    } catch (error) {
      throw this.state.context.health.unreadable(error, `reading ${this.state.name}`);
    }
    if (count === length) return;
    throw new KafkaError(
      "KAFKA_STORAGE_ERROR",
      `${this.file.path} has ${count} of ${length} bytes at ${position}`,
    );
  }
}
