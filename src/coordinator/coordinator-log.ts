/**
 * What a coordinator needs of the log behind one partition of its topic, and of the records in it.
 */

/** A whole record batch of format version 2: it begins at `at` of `buffer`. */
export interface BatchView {
  readonly buffer: Buffer;
  readonly at: number;
}

/** Where a batch has come to stand. */
export interface Appended {
  readonly firstOffset: number;
  /** What an acknowledgement waits for where the topic's flush policy says so, else null. May reject. */
  readonly flushed: Promise<void> | null;
}

/** A partition of the coordinator's topic. This broker leads it. */
export interface CoordinatorLog {
  /**
   * Writes a batch, giving it offsets and leader epoch in place.
   *
   * @param transactionVersion the level in force, for the marker that ends a transaction (KIP-890)
   * @throws KafkaError when it couldn't be written; then it isn't in the log
   */
  append(batch: Buffer, transactionVersion?: number): Appended;
  /**
   * All batches from the one that holds `fromOffset` (the log's start where it isn't given) to the log's end as it is
   * now. A view lasts until the next is taken.
   */
  batches(fromOffset?: number): Iterable<BatchView>;
}

/** Bytes of a record's key and value. */
export interface EncodedRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** Where the key and the value of a record lie; sizes are -1 for null. */
export interface RecordSpan {
  readonly bytes: Buffer;
  readonly keyStart: number;
  readonly keySize: number;
  readonly valueStart: number;
  readonly valueSize: number;
}

/** From records to bytes and back. */
export interface RecordCodec<Record> {
  /** The sequence number that Apache Kafka gives to batches of the coordinator's topic, which no producer numbers. */
  readonly baseSequence: number;
  encode(record: Record): EncodedRecord;
  /**
   * The record, whose bytes are views of those given; a number, its type, for one that is none of the coordinator's.
   *
   * @throws Error (MalformedError, RangeError) for one that should be understood and isn't
   */
  decode(key: Uint8Array | null, value: Uint8Array | null): Record | number;
  /**
   * For records that come by the million: reads one where it lies, without views of it. Undefined for a record that is
   * not of that kind, or anything but plain: `decode` is asked then.
   */
  decodePlain?(span: RecordSpan): Record | undefined;
}
