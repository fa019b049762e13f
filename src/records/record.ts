/** The records of one batch as objects, for who must look into them: coordinators, the metadata log, the console. */
import { RecordCursor, type RecordHeader } from "./record-cursor.ts";

export type { RecordHeader } from "./record-cursor.ts";

/** A record; key, value and header values are views of the batch, or of what it was decompressed to. */
export interface Record {
  offset: number;
  /** Milliseconds since 1970. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: RecordHeader[];
}

/**
 * The records of the batch at `at`, in order. Throws what `RecordCursor` throws, as late as it is met: records before
 * a malformed one have been given out by then.
 */
export function* readRecords(
  buffer: Buffer,
  at: number,
  maxDecompressedBytes?: number,
): Generator<Record, void> {
  const cursor = new RecordCursor(buffer, at, maxDecompressedBytes);
  while (cursor.next()) {
    yield {
      offset: cursor.offset,
      timestamp: cursor.timestamp,
      key: cursor.key(),
      value: cursor.value(),
      headers: cursor.headers(),
    };
  }
}
