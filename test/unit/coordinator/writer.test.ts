import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { RecordCodec } from "../../../src/coordinator/coordinator-log.ts";
import { writeBatch } from "../../../src/coordinator/writer.ts";
import { groupRecordCodec } from "../../../src/group/codec.ts";
import * as header from "../../../src/records/batch-header.ts";
import { CompressionType } from "../../../src/records/compression/codec.ts";
import { readRecords } from "../../../src/records/record.ts";
import { transactionRecordCodec } from "../../../src/transaction/record-codec.ts";
import { batchesOf, kafkaLogs } from "../group/support/kafka-directory.ts";
import { GOLDEN_LOG } from "../transaction/support/golden.ts";
import { MemoryLog } from "./support/memory-log.ts";

/** What our coordinator writes for the records of each batch in `file`, beside the batch. */
function* writtenAgain<Record>(file: Buffer, codec: RecordCodec<Record>): Generator<[Buffer, Buffer]> {
  for (const at of batchesOf(file)) {
    const log = new MemoryLog();
    const records = [...readRecords(file, at)].map(({ key, value }) => {
      const record = codec.decode(key, value);
      if (typeof record === "number") throw new Error(`type ${record} is unknown`);
      return record;
    });
    const timestampMs = header.baseTimestamp(file, at);
    writeBatch(log, codec, records, { timestampMs, compression: CompressionType.none });
    const written = log.stored.at(-1) ?? Buffer.alloc(0);
    header.setBaseOffset(written, 0, header.baseOffset(file, at));
    header.setPartitionLeaderEpoch(written, 0, header.partitionLeaderEpoch(file, at));
    yield [written, Buffer.from(file.subarray(at, at + header.sizeInBytes(file, at)))];
  }
}

test("The batches that Apache Kafka's group coordinator wrote are written again byte for byte", () => {
  const pairs = [...kafkaLogs().values()].flatMap((file) => [...writtenAgain(file, groupRecordCodec)]);
  expect(pairs).toHaveLength(7);
  for (const [ours, kafkas] of pairs) expect(ours).toEqual(kafkas);
});

test("The batches that Apache Kafka's transaction coordinator wrote are written again byte for byte", () => {
  const pairs = [
    ...writtenAgain(
      readFileSync(GOLDEN_LOG),
      transactionRecordCodec(() => 2),
    ),
  ];
  expect(pairs.length).toBeGreaterThan(10);
  for (const [ours, kafkas] of pairs) expect(ours).toEqual(kafkas);
});
