/**
 * Records as a broker has sent them: whole batches, of which some records may be none of the reader's business.
 */
import { KafkaError } from "../../protocol/errors.ts";
import {
  attributes,
  isControl,
  isTransactional,
  LOG_OVERHEAD,
  lastOffset,
  nextOffset,
  partitionLeaderEpoch,
  producerId,
  sizeInBytes,
  timestampType,
} from "../../records/batch-header.ts";
import { ControlRecordType, controlRecordType } from "../../records/control.ts";
import { RecordCursor } from "../../records/record-cursor.ts";
import { batchCrcIsValid } from "../../records/validate.ts";
import type { AssignedPartition } from "./assigned-partition.ts";

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

/** A record. Key, value and headers are made when they are asked for, and hold until the next record is. */
export interface ConsumedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly timestampType: "CreateTime" | "LogAppendTime";
  /** What stands at the record: offset, timestamp, sizes, key, value, headers. */
  readonly at: RecordCursor;
}

export class Fetched {
  /** The offset behind the last record that was given out. */
  next: number;
  /** The leader's epoch at its append, −1 before there is one. */
  epoch = -1;

  /** @param from the offset that was asked for: batches may begin before it */
  constructor(
    readonly partition: AssignedPartition,
    private readonly batches: Buffer,
    private readonly aborted: readonly AbortedTransaction[],
    private readonly from: number,
    private readonly checksCrcs: boolean,
  ) {
    this.next = from;
  }

  /**
   * The records, once. Throws a KafkaError for a batch that isn't whole; records before it have been given out then.
   * Control records, and with `aborted` those of transactions that came to nothing, are passed over.
   */
  *records(): Generator<ConsumedRecord, void> {
    const filter = new AbortedFilter(this.aborted);
    for (let at = 0; at < endOfBatches(this.batches); at += sizeInBytes(this.batches, at)) {
      if (this.checksCrcs && !batchCrcIsValid(this.batches, at)) {
        const where = `${this.partition.topic}-${this.partition.partition}`;
        throw new KafkaError("CORRUPT_MESSAGE", `A batch of ${where} behind offset ${this.next} is damaged.`);
      }
      this.epoch = partitionLeaderEpoch(this.batches, at);
      if (!filter.passes(this.batches, at)) yield* this.recordsOfBatch(at);
      this.next = Math.max(this.next, nextOffset(this.batches, at));
    }
  }

  private *recordsOfBatch(at: number): Generator<ConsumedRecord, void> {
    const cursor = new RecordCursor(this.batches, at);
    const { topic, partition } = this.partition;
    const record: ConsumedRecord = {
      topic,
      partition,
      leaderEpoch: partitionLeaderEpoch(this.batches, at),
      timestampType: timestampType(attributes(this.batches, at)),
      at: cursor,
    };
    while (cursor.next()) {
      if (cursor.offset < this.from) continue;
      this.next = cursor.offset + 1;
      yield record;
    }
  }
}

/** Where the last whole batch ends: brokers may cut off the rest. */
function endOfBatches(batches: Buffer): number {
  let end = 0;
  while (batches.length - end >= LOG_OVERHEAD && sizeInBytes(batches, end) <= batches.length - end) {
    const size = sizeInBytes(batches, end);
    if (size <= LOG_OVERHEAD) break;
    end += size;
  }
  return end;
}

/** The offset behind the last whole batch, null if there is none. */
export function offsetBehind(batches: Buffer): number | null {
  const end = endOfBatches(batches);
  let next: number | null = null;
  for (let at = 0; at < end; at += sizeInBytes(batches, at)) next = nextOffset(batches, at);
  return next;
}

/** Knows which batches belong to transactions that were aborted, as batches go by in their order. */
class AbortedFilter {
  private readonly waiting: AbortedTransaction[];
  private readonly open = new Set<bigint>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.waiting = [...aborted].sort((a, b) => Number(a.firstOffset - b.firstOffset));
  }

  /** Whether a batch is to be passed over. */
  passes(batches: Buffer, at: number): boolean {
    const flags = attributes(batches, at);
    const last = lastOffset(batches, at);
    for (let first = this.waiting[0]; first !== undefined && Number(first.firstOffset) <= last; ) {
      this.open.add(first.producerId);
      this.waiting.shift();
      first = this.waiting[0];
    }
    if (isControl(flags)) {
      if (this.open.size > 0 && marksAbort(batches, at)) this.open.delete(producerId(batches, at));
      return true;
    }
    return this.open.size > 0 && isTransactional(flags) && this.open.has(producerId(batches, at));
  }
}

function marksAbort(batches: Buffer, at: number): boolean {
  const cursor = new RecordCursor(batches, at);
  return cursor.next() && controlRecordType(cursor.key()) === ControlRecordType.abort;
}
