/**
 * Prints files of record batches: logs of partitions, of the metadata and of coordinators, and metadata snapshots.
 */
import type { Disk } from "../../disk/disk.ts";
import { LazyFile, OpenFiles } from "../../log/open-files.ts";
import { type BatchView, claimedSize, readBatches } from "../../log/walk-batches.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { HEADER_SIZE, headerIsReadable, MAGIC_V2, magic } from "../../records/batch-header.ts";
import { RecordCursor } from "../../records/record-cursor.ts";
import { batchCrcIsValid } from "../../records/validate.ts";
import type { Output } from "../output.ts";
import { batchLine, type RecordOptions, recordLine } from "./batch-text.ts";
import { Damage } from "./damage.ts";

export interface BatchOptions extends RecordOptions {
  /** Whether records are printed, or only batches. */
  readonly deep: boolean;
  /** Bytes of the file after which no further batch is begun. */
  readonly maxBytes: number;
}

/**
 * Prints the batches. `damaged` is told of what is wrong with a single batch or record.
 *
 * @throws Damage for what makes the rest of the file unreadable
 */
export function dumpBatches(
  disk: Disk,
  path: string,
  options: BatchOptions,
  output: Output,
  damaged: (damage: Damage) => void,
): void {
  const file = new LazyFile(new OpenFiles(disk, 1), path);
  const size = disk.sizeOf(path);
  try {
    let end = 0;
    for (const batch of readBatches(file, 0, size)) {
      if (end >= options.maxBytes) return;
      const isValid = batchCrcIsValid(batch.buffer, batch.at);
      output.line(batchLine(batch, isValid));
      if (!isValid) damaged(new Damage("the CRC of this batch is wrong", batch.position));
      if (options.deep) dumpRecords(batch, options, output, damaged);
      end = batch.position + batch.size;
    }
    if (end < size) throw new Damage(`${whatIs(file, end, size)}; ${size - end} bytes are not shown`, end);
  } finally {
    file.close();
  }
}

function dumpRecords(
  batch: BatchView,
  options: BatchOptions,
  output: Output,
  damaged: (damage: Damage) => void,
): void {
  try {
    const cursor = new RecordCursor(batch.buffer, batch.at);
    while (cursor.next()) {
      const { line, problem } = recordLine(batch, cursor, options);
      output.line(line);
      if (problem === null) continue;
      damaged(
        new Damage(`the record at offset ${cursor.offset} can't be decoded: ${problem}`, batch.position),
      );
    }
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    damaged(new Damage(`the records of this batch can't be read: ${error.message}`, batch.position));
  }
}

/** What stands where a batch ought to begin. */
function whatIs(file: LazyFile, position: number, size: number): string {
  const rest = size - position;
  const head = Buffer.alloc(HEADER_SIZE);
  if (file.read(head, 0, HEADER_SIZE, position) < HEADER_SIZE) return "this is less than a batch's header";
  if (head.every((byte) => byte === 0)) return "zeros follow";
  const batchMagic = magic(head, 0);
  if (batchMagic !== MAGIC_V2) return `this is no batch of format 2: its magic is ${batchMagic}`;
  const claimed = claimedSize(head, 0);
  if (claimed < HEADER_SIZE) return `this is no batch: its size is ${claimed}`;
  if (!headerIsReadable(head, 0)) return "this is no batch: its offsets or timestamps are impossible";
  return `a batch of ${claimed} bytes begins where ${rest} are left`;
}
