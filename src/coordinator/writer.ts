/**
 * Writes a coordinator's records to its log, as batches that the log takes.
 */
import { buildBatch, type NewRecord } from "../records/builder.ts";
import type { CompressionType } from "../records/compression/codec.ts";
import type { Appended, CoordinatorLog, RecordCodec } from "./coordinator-log.ts";

/** Bytes of keys and values in a batch of records that may be divided; far below `max.message.bytes`' default. */
const DIVIDED_BATCH_BYTES = 256 * 1024;

/** A producer whose transaction the records belong to. */
export interface TransactionalProducer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

export interface WriteOptions {
  readonly timestampMs: number;
  readonly compression: CompressionType;
  readonly producer?: TransactionalProducer | undefined;
}

/** Records that were written together. */
export interface Written<Record> extends Appended {
  readonly records: readonly Record[];
}

/** Writes `records`, at least one, as one batch. Throws KafkaError when the log doesn't take it. */
export function writeBatch<Record>(
  log: CoordinatorLog,
  codec: RecordCodec<Record>,
  records: readonly Record[],
  { timestampMs, compression, producer }: WriteOptions,
): Written<Record> {
  const encoded = records.map((record): NewRecord => ({ timestamp: timestampMs, ...codec.encode(record) }));
  const batch = buildBatch({
    baseOffset: 0,
    partitionLeaderEpoch: -1,
    baseSequence: codec.baseSequence,
    compression,
    records: encoded,
    ...(producer === undefined ? {} : { ...producer, transactional: true }),
  });
  return { ...log.append(batch), records };
}

/** The same records in parts of a size that no log refuses. */
export function* divide<Record>(
  codec: RecordCodec<Record>,
  records: readonly Record[],
): Generator<readonly Record[]> {
  let part: Record[] = [];
  let bytes = 0;
  for (const record of records) {
    const { key, value } = codec.encode(record);
    bytes += key.length + (value?.length ?? 0);
    part.push(record);
    if (bytes < DIVIDED_BATCH_BYTES) continue;
    yield part;
    part = [];
    bytes = 0;
  }
  if (part.length > 0) yield part;
}
