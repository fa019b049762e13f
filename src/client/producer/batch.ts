/**
 * A batch on its way from the first record to the broker's answer.
 */
import { BatchWriter } from "../../records/batch-writer.ts";
import type { NewRecord } from "../../records/builder.ts";

/** Told what has become of a record: null when it is in the log. */
export type Delivered = (error: Error | null) => void;

/** About what a record takes besides its key and its value. */
const RECORD_OVERHEAD = 20;

/** About how many bytes a record takes. */
export function recordSize({ key, value, headers = [] }: Omit<NewRecord, "timestamp">): number {
  let size = RECORD_OVERHEAD + (key?.length ?? 0) + (value?.length ?? 0);
  for (const header of headers) size += header.key.length + (header.value?.length ?? 0);
  return size;
}

export class ProducerBatch {
  /** The sum of its records' sizes. */
  bytes = 0;
  readonly writer: BatchWriter;
  /** How often it has been sent. */
  attempts = 0;
  /** The sequence number of its first record; null before it is first sent, and for a producer without an id. */
  sequence: number | null = null;
  /** Resolves when it is known what has become of it. */
  readonly settled: Promise<void>;
  private readonly delivered: (Delivered | undefined)[] = [];
  private readonly resolve: () => void;

  /**
   * @param createdMs by the clock that only runs forward
   * @param order its place among the batches of its partition
   */
  constructor(
    capacity: number,
    readonly createdMs: number,
    readonly order: number,
  ) {
    this.writer = new BatchWriter(capacity);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.settled = promise;
    this.resolve = resolve;
  }

  /** Adds a record; false if the batch is full. */
  append(record: NewRecord, delivered: Delivered | undefined): boolean {
    if (!this.writer.append(record)) return false;
    this.delivered.push(delivered);
    this.bytes += recordSize(record);
    return true;
  }

  settle(error: Error | null): void {
    for (const delivered of this.delivered) delivered?.(error);
    this.resolve();
  }
}
