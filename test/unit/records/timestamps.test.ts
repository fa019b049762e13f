import { describe, expect, test } from "bun:test";
import {
  attributes,
  setCrc,
  setMaxTimestampAndLogAppendTime,
  timestampType,
} from "../../../src/records/batch-header.ts";
import { buildBatch } from "../../../src/records/builder.ts";
import { CompressionType } from "../../../src/records/compression/codec.ts";
import { readRecords } from "../../../src/records/record.ts";
import {
  firstRecordSince,
  recordWithMaxTimestamp,
  stampLogAppendTime,
} from "../../../src/records/timestamps.ts";
import { batchCrcIsValid } from "../../../src/records/validate.ts";
import { batchFixture } from "./fixtures.ts";

function batchAt(timestamps: number[], compression: CompressionType = CompressionType.none): Buffer {
  const records = timestamps.map((timestamp) => ({ timestamp, key: null, value: Buffer.alloc(20) }));
  return buildBatch({ baseOffset: 100, partitionLeaderEpoch: 0, compression, records });
}

describe("searching a batch by time", () => {
  test.each(Object.entries(CompressionType))("finds the first record since a time (%s)", (_, compression) => {
    const batch = batchAt([10, 30, 20, 40], compression);
    expect(firstRecordSince(batch, 0, 5)).toEqual({ timestamp: 10, offset: 100 });
    expect(firstRecordSince(batch, 0, 11)).toEqual({ timestamp: 30, offset: 101 });
    expect(firstRecordSince(batch, 0, 30)).toEqual({ timestamp: 30, offset: 101 });
    expect(firstRecordSince(batch, 0, 31)).toEqual({ timestamp: 40, offset: 103 });
    expect(firstRecordSince(batch, 0, 41)).toBeNull();
  });

  test("leaves out records before the start offset", () => {
    const batch = batchAt([10, 30, 20, 40]);
    expect(firstRecordSince(batch, 0, 5, 102)).toEqual({ timestamp: 20, offset: 102 });
    expect(firstRecordSince(batch, 0, 5, 104)).toBeNull();
  });

  test("does not open a batch whose max timestamp is too early", () => {
    const batch = batchAt([10], CompressionType.gzip);
    batch.fill(0xff, 61);
    expect(firstRecordSince(batch, 0, 11)).toBeNull();
    expect(() => firstRecordSince(batch, 0, 10)).toThrow();
  });

  test("finds the first record with the largest time", () => {
    expect(recordWithMaxTimestamp(batchAt([10, 40, 20, 40]), 0)).toEqual({ timestamp: 40, offset: 101 });
    expect(recordWithMaxTimestamp(batchAt([-1]), 0)).toBeNull();
  });

  test("finds the last record where all have the time of the append", () => {
    const batch = batchAt([10, 40, 20]);
    stampLogAppendTime(batch, 0, 77);
    expect(recordWithMaxTimestamp(batch, 0)).toEqual({ timestamp: 77, offset: 102 });
    expect(firstRecordSince(batch, 0, 50)).toEqual({ timestamp: 77, offset: 100 });
  });

  test("finds nothing if the record with the largest time is gone", () => {
    const batch = batchAt([10, 20]);
    batch.writeBigInt64BE(99n, 35);
    expect(recordWithMaxTimestamp(batch, 0)).toBeNull();
  });
});

describe("stamping a batch with the time of the append", () => {
  test.each(["none-plain", "zstd-200-records"])("changes time and CRC of %s and no record", (name) => {
    const { bytes, recordCount } = batchFixture(name);
    const before = Buffer.from(bytes);
    stampLogAppendTime(bytes, 0, 1_800_000_000_123);
    expect(batchCrcIsValid(bytes, 0)).toBe(true);
    expect(timestampType(attributes(bytes, 0))).toBe("LogAppendTime");
    const stamped = [...readRecords(bytes, 0)];
    expect(stamped.map((record) => record.timestamp)).toEqual(new Array(recordCount).fill(1_800_000_000_123));
    expect(bytes.subarray(61)).toEqual(before.subarray(61));
    expect(bytes.subarray(0, 17)).toEqual(before.subarray(0, 17));
  });

  test("leaves the CRC to be set where only the fields are asked for", () => {
    const { bytes, crc } = batchFixture("none-plain");
    setMaxTimestampAndLogAppendTime(bytes, 0, 5);
    expect(batchCrcIsValid(bytes, 0)).toBe(false);
    expect(bytes.readUInt32BE(17)).toBe(crc);
    setCrc(bytes, 0, 1);
    expect(bytes.readUInt32BE(17)).toBe(1);
  });
});
