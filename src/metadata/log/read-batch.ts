/**
 * The metadata records of one batch, and errors that say where in which file they were met.
 */
import { KafkaError } from "../../protocol/errors.ts";
import { MalformedError } from "../../protocol/malformed.ts";
import { sizeInBytes } from "../../records/batch-header.ts";
import { readRecords } from "../../records/record.ts";
import { ReplayError } from "../image/replay-error.ts";
import { MetadataError } from "../metadata-error.ts";
import { decodeRecord, type MetadataRecord, UnknownRecordError } from "../records.ts";
import type { ScannedBatch } from "./scan-batches.ts";

export interface OffsetAndRecord {
  readonly offset: number;
  readonly record: MetadataRecord;
}

/**
 * The records of a batch that is no control batch.
 *
 * @throws MetadataError for a record that is none or isn't known
 */
export function recordsIn(path: string, batch: ScannedBatch): OffsetAndRecord[] {
  return located(path, batch, () => {
    const records: OffsetAndRecord[] = [];
    for (const { offset, value } of readRecords(batch.buffer, batch.at)) {
      if (value === null) throw new MalformedError(`the record at offset ${offset} is empty`);
      records.push({ offset, record: decodeRecord(value) });
    }
    return records;
  });
}

/** How many bytes a batch takes. */
export function batchSize({ buffer, at }: ScannedBatch): number {
  return sizeInBytes(buffer, at);
}

/** What `read` returns; what is wrong with the data becomes a MetadataError that names file, offsets and position. */
export function located<T>(path: string, batch: ScannedBatch | undefined, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isAboutData(error)) throw error;
    const where = batch === undefined ? "" : `offsets ${batch.baseOffset} to ${batch.nextOffset - 1}: `;
    const advice =
      error instanceof UnknownRecordError
        ? ". A newer Apache Kafka has written this log; open it with that, or with a newer Houska"
        : "";
    throw new MetadataError(path, `${where}${error.message}${advice}`, batch?.at);
  }
}

function isAboutData(error: unknown): error is Error {
  return (
    error instanceof UnknownRecordError ||
    error instanceof MalformedError ||
    error instanceof ReplayError ||
    error instanceof KafkaError
  );
}
