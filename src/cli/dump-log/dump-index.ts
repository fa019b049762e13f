/**
 * Prints the three kinds of index of a segment, and snapshots of producers.
 */
import type { Disk } from "../../disk/disk.ts";
import { offsetOfFile } from "../../log/file-names.ts";
import { OFFSET_ENTRY_SIZE, OffsetIndex } from "../../log/offset-index.ts";
import { LazyFile, OpenFiles } from "../../log/open-files.ts";
import { firstSequence, NO_OFFSET } from "../../log/producer-entry.ts";
import { decodeSnapshot } from "../../log/producer-snapshot.ts";
import { TIME_ENTRY_SIZE, TimeIndex } from "../../log/time-index.ts";
import { TRANSACTION_ENTRY_SIZE, TransactionIndex } from "../../log/transaction-index.ts";
import { MalformedError } from "../../protocol/malformed.ts";
import type { Output } from "../output.ts";
import { Damage } from "./damage.ts";

/** Prints a `.index`. */
export function dumpOffsetIndex(disk: Disk, path: string, output: Output): void {
  const base = offsetOfFile(nameOf(path));
  withFile(disk, path, (file) => {
    const index = new OffsetIndex(file, base);
    const printed = printEntries(index.entries.count, output, (number) => {
      const { offset, position } = index.entry(number);
      return offset === base && number > 0 ? null : `offset: ${offset} position: ${position}`;
    });
    if (index.entries.count === 0) output.line(`${path} is empty.`);
    finish(disk, path, printed, index.entries.count, OFFSET_ENTRY_SIZE, output);
  });
}

/** Prints a `.timeindex`. */
export function dumpTimeIndex(disk: Disk, path: string, output: Output): void {
  const base = offsetOfFile(nameOf(path));
  withFile(disk, path, (file) => {
    const index = new TimeIndex(file, base);
    const printed = printEntries(index.entries.count, output, (number) => {
      const { timestamp, offset } = index.entry(number);
      return offset === base && number > 0 ? null : `timestamp: ${timestamp} offset: ${offset}`;
    });
    finish(disk, path, printed, index.entries.count, TIME_ENTRY_SIZE, output);
  });
}

/** Prints a `.txnindex`. */
export function dumpTransactionIndex(disk: Disk, path: string, output: Output): void {
  withFile(disk, path, (file) => {
    const index = new TransactionIndex(file);
    const printed = printEntries(index.count, output, (number) => {
      const { producerId, firstOffset, lastOffset, lastStableOffset } = index.entry(number);
      return `version: 0 producerId: ${producerId} firstOffset: ${firstOffset} lastOffset: ${lastOffset} lastStableOffset: ${lastStableOffset}`;
    });
    finish(disk, path, printed, index.count, TRANSACTION_ENTRY_SIZE, output);
  });
}

/** Prints a `.snapshot` of producers. */
export function dumpProducers(disk: Disk, path: string, output: Output): void {
  const bytes = disk.readFile(path);
  let producers: ReturnType<typeof decodeSnapshot>;
  try {
    producers = decodeSnapshot(bytes);
  } catch (error) {
    if (error instanceof MalformedError) throw new Damage(`the snapshot ${error.message}`);
    throw error;
  }
  for (const entry of producers) {
    const first = entry.currentTransactionFirstOffset;
    const transaction = first === NO_OFFSET ? "OptionalLong.empty" : `OptionalLong[${first}]`;
    const parts = [
      `producerId: ${entry.producerId} producerEpoch: ${entry.epoch}`,
      `coordinatorEpoch: ${entry.coordinatorEpoch} currentTxnFirstOffset: ${transaction}`,
      `lastTimestamp: ${entry.lastTimestamp}`,
    ];
    for (const batch of entry.batches.slice(-1)) {
      const { lastSequence, lastOffset, offsetDelta, timestamp } = batch;
      parts.push(`firstSequence: ${firstSequence(batch)} lastSequence: ${lastSequence}`);
      parts.push(`lastOffset: ${lastOffset} offsetDelta: ${offsetDelta} timestamp: ${timestamp}`);
    }
    output.line(parts.join(" "));
  }
}

function withFile(disk: Disk, path: string, use: (file: LazyFile) => void): void {
  const file = new LazyFile(new OpenFiles(disk, 1), path);
  try {
    use(file);
  } finally {
    file.close();
  }
}

/** Prints entries until there are no more, or `text` gives none. Returns how many were printed. */
function printEntries(count: number, output: Output, text: (number: number) => string | null): number {
  for (let number = 0; number < count; number++) {
    const line = text(number);
    if (line === null) return number;
    output.line(line);
  }
  return count;
}

/** A broker makes its indexes longer than it needs, and cuts them when it closes them: zeros are no damage. */
function finish(
  disk: Disk,
  path: string,
  printed: number,
  count: number,
  entrySize: number,
  output: Output,
): void {
  if (printed < count)
    output.line(`The file goes on for ${(count - printed) * entrySize} bytes without entries.`);
  const rest = disk.sizeOf(path) % entrySize;
  if (rest > 0) throw new Damage(`the last entry has ${rest} of ${entrySize} bytes`, count * entrySize);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
