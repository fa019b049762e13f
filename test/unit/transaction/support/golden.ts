/**
 * The records that Apache Kafka 4.4.0 wrote (test/fixtures/transaction), as bytes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as header from "../../../../src/records/batch-header.ts";
import { RecordCursor } from "../../../../src/records/record-cursor.ts";

export const GOLDEN_LOG = join(import.meta.dir, "../../../fixtures/transaction/transaction-state.log");

export interface RecordBytes {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

/** Key and value of every record, in order. */
export function goldenRecords(): RecordBytes[] {
  const bytes = readFileSync(GOLDEN_LOG);
  const found: RecordBytes[] = [];
  for (let at = 0; at < bytes.length; at += header.sizeInBytes(bytes, at)) {
    const cursor = new RecordCursor(bytes, at);
    while (cursor.next()) {
      const value = cursor.value();
      found.push({ key: Buffer.from(cursor.key() ?? []), value: value && Buffer.from(value) });
    }
  }
  return found;
}
