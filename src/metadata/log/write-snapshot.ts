/**
 * Writes snapshot files, as Apache Kafka does: a header, the records in batches, a footer, under a name that is only
 * given when all of it is durable.
 */
import type { Disk } from "../../disk/disk.ts";
import { buildBatch, type NewRecord } from "../../records/builder.ts";
import { parentOf } from "../parent-of.ts";
import { encodeRecord, type NewMetadataRecord } from "../records.ts";
import { snapshotFooter, snapshotHeader } from "./control-records.ts";

export interface NewSnapshot {
  /** Control records that stand behind the header: kraft.version and the voters, where the log has them. */
  readonly control: readonly NewRecord[];
  readonly records: Iterable<NewMetadataRecord>;
  readonly epoch: number;
  /** When the last record that it holds was written, in milliseconds since 1970. */
  readonly lastContainedLogTimestamp: number;
  /** Now, in milliseconds since 1970. */
  readonly timestamp: number;
}

/** Bytes of records in one batch, about. */
const BATCH_BYTES = 1024 * 1024;

/**
 * Writes the snapshot to `path`, through a file beside it whose name ends in `.part`.
 *
 * @param flushesName see `Disk.writeFileAtomically`
 */
export function writeSnapshot(disk: Disk, path: string, snapshot: NewSnapshot, flushesName = true): void {
  const partial = `${path}.part`;
  disk.remove(partial);
  const file = disk.open(partial, "create");
  try {
    let position = 0;
    for (const batch of snapshotBatches(snapshot)) {
      file.write(batch, 0, batch.length, position);
      position += batch.length;
    }
    file.sync();
  } finally {
    file.close();
  }
  disk.rename(partial, path);
  if (flushesName) disk.syncDirectory(parentOf(path));
}

function* snapshotBatches(snapshot: NewSnapshot): Generator<Buffer> {
  const { epoch, timestamp } = snapshot;
  let baseOffset = 0;
  const batch = (control: boolean, records: readonly NewRecord[]): Buffer => {
    const built = buildBatch({ baseOffset, partitionLeaderEpoch: epoch, control, records });
    baseOffset += records.length;
    return built;
  };
  yield batch(true, [snapshotHeader(snapshot.lastContainedLogTimestamp, timestamp), ...snapshot.control]);
  let held: NewRecord[] = [];
  let heldBytes = 0;
  for (const record of snapshot.records) {
    const value = encodeRecord(record);
    held.push({ timestamp, key: null, value });
    heldBytes += value.length;
    if (heldBytes < BATCH_BYTES) continue;
    yield batch(false, held);
    held = [];
    heldBytes = 0;
  }
  if (held.length > 0) yield batch(false, held);
  yield batch(true, [snapshotFooter(timestamp)]);
}
