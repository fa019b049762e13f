import { describe, expect, test } from "bun:test";
import { CRC_START, HEADER_SIZE } from "../../../src/records/batch-header.ts";
import { buildBatch } from "../../../src/records/builder.ts";
import { CompressionType } from "../../../src/records/compression/codec.ts";
import { readRecords } from "../../../src/records/record.ts";
import { recordsOf } from "../../../src/records/record-cursor.ts";
import { batchCrcIsValid } from "../../../src/records/validate.ts";
import { type BatchFixture, batchFixtures } from "./fixtures.ts";

/** The same records, built anew; that they are read rightly is tested with `readRecords`. */
function rebuild(fixture: BatchFixture): Buffer {
  return buildBatch({
    baseOffset: fixture.baseOffset,
    partitionLeaderEpoch: fixture.partitionLeaderEpoch,
    producerId: BigInt(fixture.producerId),
    producerEpoch: fixture.producerEpoch,
    baseSequence: fixture.baseSequence,
    transactional: fixture.transactional,
    control: fixture.control,
    compression: CompressionType[fixture.compression],
    records: [...readRecords(fixture.bytes, 0)],
  });
}

describe("a batch that is built", () => {
  const fixtures = batchFixtures();

  test.each(fixtures.filter(({ compression }) => compression === "none"))(
    "is Kafka's, byte for byte: $name",
    (fixture) => {
      expect(rebuild(fixture).toString("hex")).toBe(fixture.bytes.toString("hex"));
    },
  );

  test.each(fixtures.filter(({ compression }) => compression !== "none"))(
    "is Kafka's but for how the compressor chose: $name",
    (fixture) => {
      const built = rebuild(fixture);
      expect(built.subarray(CRC_START, HEADER_SIZE)).toEqual(fixture.bytes.subarray(CRC_START, HEADER_SIZE));
      expect(recordsOf(built, 0)).toEqual(recordsOf(fixture.bytes, 0));
      expect(batchCrcIsValid(built, 0)).toBe(true);
    },
  );

  test("keeps timestamps that run backwards, and knows the largest", () => {
    const timestamps = [5000, 7000, -1, 6999];
    const records = timestamps.map((timestamp) => ({ timestamp, key: null, value: null }));
    const built = buildBatch({ baseOffset: 3, partitionLeaderEpoch: 0, records });
    expect([...readRecords(built, 0)].map((record) => record.timestamp)).toEqual(timestamps);
    expect(built.readBigInt64BE(27)).toBe(5000n);
    expect(built.readBigInt64BE(35)).toBe(7000n);
  });

  test("marks the time of the append", () => {
    const records = [{ timestamp: 5000, key: null, value: null }];
    const built = buildBatch({
      baseOffset: 0,
      partitionLeaderEpoch: 0,
      timestampType: "LogAppendTime",
      records,
    });
    expect(built.readInt16BE(21)).toBe(0x08);
  });

  test("writes keys of headers in UTF-8", () => {
    const headers = [{ key: "žluťoučký kůň 🐎", value: Buffer.from("x") }];
    const records = [{ timestamp: 0, key: null, value: null, headers }];
    const [record] = readRecords(buildBatch({ baseOffset: 0, partitionLeaderEpoch: 0, records }), 0);
    expect(record?.headers).toEqual(headers);
  });

  test("needs a record", () => {
    expect(() => buildBatch({ baseOffset: 0, partitionLeaderEpoch: 0, records: [] })).toThrow(RangeError);
  });
});
