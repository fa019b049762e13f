/**
 * The records of `__consumer_offsets` in the log directory that Apache Kafka 4.3.1 wrote.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as header from "../../../../src/records/batch-header.ts";
import { type Record as LogRecord, readRecords } from "../../../../src/records/record.ts";
import { unpack } from "../../log/support.ts";

const fixtures = join(import.meta.dir, "../../../fixtures/logdirs");

/** Offset and metadata of each committed offset, by group and partition: "110 note-0". */
export const expectedGroups: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(join(fixtures, "kafka-4.3.1.expected.json"), "utf8"),
).groups;

/** The `.log` files of the partitions that hold something, by partition. */
export function kafkaLogs(): Map<number, Buffer> {
  const logs = new Map<number, Buffer>();
  for (const [path, content] of unpack(join(fixtures, "kafka-4.3.1.tar.gz"))) {
    const partition = /__consumer_offsets-(\d+)\/\d+\.log$/.exec(path)?.[1];
    if (partition !== undefined && content.length > 0) logs.set(Number(partition), Buffer.from(content));
  }
  return logs;
}

/** Where the batches of a `.log` file begin. */
export function* batchesOf(log: Buffer): Generator<number> {
  for (let at = 0; at < log.length; at += header.sizeInBytes(log, at)) yield at;
}

export function recordsOf(log: Buffer): LogRecord[] {
  return [...batchesOf(log)].flatMap((at) => [...readRecords(log, at)]);
}
