import { expect, test } from "bun:test";
import { writeBatch } from "../../../src/coordinator/writer.ts";
import { groupRecordCodec } from "../../../src/group/codec.ts";
import * as header from "../../../src/records/batch-header.ts";
import { CompressionType } from "../../../src/records/compression/codec.ts";
import { readRecords } from "../../../src/records/record.ts";
import { batchesOf, kafkaLogs } from "../group/support/kafka-directory.ts";
import { MemoryLog } from "./support/memory-log.ts";

test("The batches that Apache Kafka's coordinator wrote are written again byte for byte", () => {
  let count = 0;
  for (const file of kafkaLogs().values()) {
    const log = new MemoryLog();
    for (const at of batchesOf(file)) {
      const records = [...readRecords(file, at)].map(({ key, value }) => {
        const record = groupRecordCodec.decode(key, value);
        if (typeof record === "number") throw new Error(`type ${record} is unknown`);
        return record;
      });
      const timestampMs = header.baseTimestamp(file, at);
      writeBatch(log, groupRecordCodec, records, { timestampMs, compression: CompressionType.none });
      const written = log.stored.at(-1) ?? Buffer.alloc(0);
      header.setPartitionLeaderEpoch(written, 0, header.partitionLeaderEpoch(file, at));
      expect(written).toEqual(Buffer.from(file.subarray(at, at + header.sizeInBytes(file, at))));
      count++;
    }
  }
  expect(count).toBe(7);
});
