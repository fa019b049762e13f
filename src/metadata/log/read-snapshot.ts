/**
 * Reads snapshot files: a header, records, and a footer, without which the snapshot isn't whole.
 */
import { MetadataError } from "../metadata-error.ts";
import type { MetadataRecord } from "../records.ts";
import { type ControlRecord, readControlRecords } from "./control-records.ts";
import { located, recordsIn } from "./read-batch.ts";
import { scanBatches } from "./scan-batches.ts";

/** One batch of a snapshot: either records of the state, or what the quorum notes. */
export interface SnapshotBatch {
  readonly position: number;
  readonly control: readonly ControlRecord[];
  readonly records: readonly MetadataRecord[];
}

/**
 * The batches of the snapshot at `path`, whose content is `buffer`.
 *
 * @throws MetadataError when it is damaged or ends too early
 */
export function* readSnapshot(path: string, buffer: Buffer): Generator<SnapshotBatch> {
  const batches = scanBatches(path, buffer, [0]);
  let last: ControlRecord | undefined;
  let next = batches.next();
  for (; !next.done; next = batches.next()) {
    const batch = next.value;
    const control = batch.control ? located(path, batch, () => [...readControlRecords(batch)]) : [];
    if (batch.at === 0 && control[0]?.type !== "snapshotHeader") {
      throw new MetadataError(path, "this is no snapshot: it has no header", 0);
    }
    const records = batch.control ? [] : recordsIn(path, batch).map(({ record }) => record);
    last = control.at(-1);
    yield { position: batch.at, control, records };
  }
  if (last?.type !== "snapshotFooter" || next.value < buffer.length) {
    throw new MetadataError(path, "the snapshot ends before its footer", next.value);
  }
}
