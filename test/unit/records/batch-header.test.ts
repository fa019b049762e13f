import { describe, expect, test } from "bun:test";
import { KafkaError } from "../../../src/protocol/errors.ts";
import * as header from "../../../src/records/batch-header.ts";
import { batchFixture, batchFixtures } from "./fixtures.ts";

const COMPRESSIONS = ["none", "gzip", "snappy", "lz4", "zstd"];

describe("the header of a record batch", () => {
  test.each(batchFixtures())("that Kafka wrote reads as Kafka reads it: $name", (fixture) => {
    const padding = Buffer.alloc(7, 0xff);
    const buffer = Buffer.concat([padding, fixture.bytes]);
    const at = padding.length;
    const attributes = header.attributes(buffer, at);

    expect(header.headerIsReadable(buffer, at)).toBe(true);
    expect(header.baseOffset(buffer, at)).toBe(fixture.baseOffset);
    expect(header.lastOffset(buffer, at)).toBe(fixture.lastOffset);
    expect(header.nextOffset(buffer, at)).toBe(fixture.lastOffset + 1);
    expect(header.sizeInBytes(buffer, at)).toBe(fixture.sizeInBytes);
    expect(header.batchLength(buffer, at)).toBe(fixture.sizeInBytes - 12);
    expect(header.magic(buffer, at)).toBe(fixture.magic);
    expect(header.crc(buffer, at)).toBe(fixture.crc);
    expect(COMPRESSIONS[header.compressionType(attributes)]).toBe(fixture.compression);
    expect(header.isTransactional(attributes)).toBe(fixture.transactional);
    expect(header.isControl(attributes)).toBe(fixture.control);
    expect(header.hasDeleteHorizon(attributes)).toBe(false);
    expect(header.timestampType(attributes)).toBe("CreateTime");
    expect(header.producerId(buffer, at)).toBe(BigInt(fixture.producerId));
    expect(header.hasProducerId(buffer, at)).toBe(fixture.producerId >= 0);
    expect(header.producerEpoch(buffer, at)).toBe(fixture.producerEpoch);
    expect(header.baseSequence(buffer, at)).toBe(fixture.baseSequence);
    expect(header.maxTimestamp(buffer, at)).toBe(fixture.maxTimestamp);
    expect(header.baseTimestamp(buffer, at)).toBe(fixture.records[0]?.timestamp ?? Number.NaN);
    expect(header.partitionLeaderEpoch(buffer, at)).toBe(fixture.partitionLeaderEpoch);
    expect(header.recordCount(buffer, at)).toBe(fixture.recordCount);
  });

  test("takes a base offset and a leader epoch where it lies, and nothing else changes", () => {
    const { bytes } = batchFixture("none-plain");
    const before = Buffer.from(bytes);
    header.setBaseOffset(bytes, 0, 2 ** 40 + 3);
    header.setPartitionLeaderEpoch(bytes, 0, 9);
    expect(header.baseOffset(bytes, 0)).toBe(2 ** 40 + 3);
    expect(header.lastOffset(bytes, 0)).toBe(2 ** 40 + 5);
    expect(header.partitionLeaderEpoch(bytes, 0)).toBe(9);
    expect(bytes.subarray(8, 12)).toEqual(before.subarray(8, 12));
    expect(bytes.subarray(16)).toEqual(before.subarray(16));
  });

  test.each([0, 1, -1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 52 + 12_345, -(2 ** 40) - 7])(
    "gives an offset of %d back as it was",
    (offset) => {
      const { bytes } = batchFixture("none-plain");
      header.setBaseOffset(bytes, 0, offset);
      expect(bytes.readBigInt64BE(0)).toBe(BigInt(offset));
      expect(header.baseOffset(bytes, 0)).toBe(offset);
    },
  );

  test("refuses an offset that a number can't hold instead of rounding it", () => {
    for (const hostile of [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, 2n ** 53n - 2n ** 32n]) {
      const { bytes } = batchFixture("none-plain");
      bytes.writeBigInt64BE(hostile, 0);
      expect(header.headerIsReadable(bytes, 0)).toBe(false);
      expect(() => header.baseOffset(bytes, 0)).toThrow(KafkaError);
      expect(() => header.lastOffset(bytes, 0)).toThrow(KafkaError);
    }
    const { bytes } = batchFixture("none-plain");
    expect(() => header.setBaseOffset(bytes, 0, 2 ** 53)).toThrow(KafkaError);
    expect(() => header.setBaseOffset(bytes, 0, 0.5)).toThrow(KafkaError);
    bytes.writeBigInt64BE(2n ** 53n - 2n ** 32n - 1n, 0);
    bytes.writeInt32BE(2 ** 31 - 1, 23);
    expect(header.headerIsReadable(bytes, 0)).toBe(true);
    expect(BigInt(header.lastOffset(bytes, 0))).toBe(2n ** 53n - 2n ** 31n - 2n);
  });

  test.each([
    [1_795_262_600_000_000_000n, 1_795_262_600_000_000_000],
    [2n ** 63n - 1n, 2 ** 63 - 1024],
    [-(2n ** 63n), -(2 ** 63)],
  ])("reads a timestamp of %d rounded, and still as one that an int64 can hold", (timestamp, rounded) => {
    const { bytes } = batchFixture("none-plain");
    bytes.writeBigInt64BE(timestamp, 27);
    bytes.writeBigInt64BE(timestamp, 35);
    expect(header.headerIsReadable(bytes, 0)).toBe(true);
    expect(header.baseTimestamp(bytes, 0)).toBe(rounded);
    expect(header.maxTimestamp(bytes, 0)).toBe(rounded);
  });

  test("wraps sequence numbers from 2^31 - 1 to 0, and has none without a base sequence", () => {
    const { bytes } = batchFixture("none-transactional");
    expect(header.lastSequence(bytes, 0)).toBe(19);
    bytes.writeInt32BE(2 ** 31 - 2, 53);
    expect(header.lastSequence(bytes, 0)).toBe(0);
    bytes.writeInt32BE(-1, 53);
    expect(header.lastSequence(bytes, 0)).toBe(-1);
    expect(header.incrementSequence(2 ** 31 - 1, 1)).toBe(0);
  });

  test("names its flags", () => {
    expect(header.timestampType(0x08)).toBe("LogAppendTime");
    expect(header.hasDeleteHorizon(0x40)).toBe(true);
    expect(header.isTransactional(0x20)).toBe(false);
    expect(header.isControl(0x10)).toBe(false);
    expect(header.compressionType(0xff)).toBe(7);
  });
});
