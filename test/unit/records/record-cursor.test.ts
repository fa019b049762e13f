import { describe, expect, test } from "bun:test";
import { HEADER_SIZE, setSizeInBytes, writeHeader } from "../../../src/records/batch-header.ts";
import { RecordCursor, recordsOf } from "../../../src/records/record-cursor.ts";
import { errorOf } from "../../support/error-of.ts";
import { batchFixture } from "./fixtures.ts";

/** An uncompressed batch of these record bytes, which may be anything. */
function batchOf(recordsHex: string, recordCount: number): Buffer {
  const records = Buffer.from(recordsHex, "hex");
  const buffer = Buffer.concat([Buffer.alloc(HEADER_SIZE), records]);
  writeHeader(buffer, 0, {
    baseOffset: 10,
    sizeInBytes: buffer.length,
    partitionLeaderEpoch: 0,
    attributes: 0,
    lastOffsetDelta: recordCount - 1,
    baseTimestamp: 1000,
    maxTimestamp: 1000,
    producerId: -1n,
    producerEpoch: -1,
    baseSequence: -1,
    recordCount,
  });
  return buffer;
}

function pass(buffer: Buffer): number {
  const cursor = new RecordCursor(buffer, 0);
  let count = 0;
  while (cursor.next()) {
    cursor.headers();
    count++;
  }
  return count;
}

describe("a cursor over the records of a batch", () => {
  // length 8 · attributes · timestamp delta 0 · offset delta 0 · key "k" · value "v" · no headers
  const record = "10 00 00 00 02 6b 02 76 00".replaceAll(" ", "");

  test("shows where each record lies", () => {
    const cursor = new RecordCursor(batchOf(record + record, 2), 0);
    expect(cursor.next()).toBe(true);
    expect([cursor.start, cursor.end, cursor.offset, cursor.timestamp]).toEqual([0, 9, 10, 1000]);
    expect([cursor.keySize, cursor.valueSize]).toEqual([1, 1]);
    expect(cursor.next()).toBe(true);
    expect([cursor.start, cursor.end]).toEqual([9, 18]);
    expect(cursor.key()?.toString()).toBe("k");
    expect(cursor.value()?.toString()).toBe("v");
    expect(cursor.next()).toBe(false);
    expect(cursor.next()).toBe(false);
  });

  test("takes a header count of -1 for no headers", () => {
    const cursor = new RecordCursor(batchOf("1000000002 6b 02 76 01".replaceAll(" ", ""), 1), 0);
    expect(cursor.next()).toBe(true);
    expect(cursor.headers()).toEqual([]);
    expect(cursor.next()).toBe(false);
  });

  test("passes over a batch that compaction has emptied, whatever its compression", () => {
    const empty = batchOf("", 0);
    empty.writeInt16BE(3, 21);
    expect(pass(empty)).toBe(0);
  });

  test.each([
    ["a record longer than the batch", "1200000002 6b 02 76 00", 1],
    ["a negative record length", "0100000002 6b 02 76 00", 1],
    ["a record longer than its fields", "1200000002 6b 02 76 00 00", 1],
    ["a record shorter than its fields", "0e00000002 6b 02 76 00", 1],
    ["fewer records than it says", "1000000002 6b 02 76 00", 2],
    ["more records than it says", "1000000002 6b 02 76 00 1000000002 6b 02 76 00", 1],
    ["bytes after the last record", "1000000002 6b 02 76 00 00", 1],
    ["bytes without a record", "00", 0],
    ["a negative number of records", "1000000002 6b 02 76 00", -1],
    ["a key longer than the record", "1000000010 6b 02 76 00", 1],
    ["a key size of -2", "1000000003 6b 02 76 00", 1],
    ["a value size of -2", "1000000002 6b 03 76 00", 1],
    ["a header count of -2", "1000000002 6b 02 76 03", 1],
    ["more headers than bytes", "1000000002 6b 02 76 7e", 1],
    ["a header without a key", "1400000002 6b 02 76 02 01 01", 1],
    ["a header value size of -2", "1600000002 6b 02 76 02 02 68 03", 1],
    ["an overlong varint", "ffffffffff01", 1],
    ["an overlong timestamp delta", "2200 ffffffffffffffffff02 00 02 6b 02 76 00", 1],
  ])("refuses %s", (_, hex, recordCount) => {
    expect(errorOf(() => pass(batchOf(hex.replaceAll(" ", ""), recordCount)))).toBe("INVALID_RECORD");
  });

  test("refuses a batch that does not lie whole in its buffer", () => {
    const { bytes } = batchFixture("none-plain");
    expect(errorOf(() => pass(bytes.subarray(0, 60)))).toBe("CORRUPT_MESSAGE");
    expect(errorOf(() => pass(bytes.subarray(0, bytes.length - 1)))).toBe("CORRUPT_MESSAGE");
    setSizeInBytes(bytes, 0, 60);
    expect(errorOf(() => pass(bytes))).toBe("CORRUPT_MESSAGE");
    setSizeInBytes(bytes, 0, -5);
    expect(errorOf(() => pass(bytes))).toBe("CORRUPT_MESSAGE");
  });

  test("refuses an older format and an unknown compression", () => {
    const { bytes } = batchFixture("none-plain");
    bytes.writeInt16BE(5, 21);
    expect(errorOf(() => pass(bytes))).toBe("INVALID_RECORD");
    bytes.writeInt8(1, 16);
    expect(errorOf(() => pass(bytes))).toBe("UNSUPPORTED_FOR_MESSAGE_FORMAT");
  });

  test.each(["gzip", "snappy", "lz4", "zstd"])(
    "does not expand %s records beyond the limit",
    (compression) => {
      const { bytes } = batchFixture(`${compression}-200-records`);
      const { length } = recordsOf(bytes, 0);
      expect(recordsOf(bytes, 0, length).length).toBe(length);
      expect(errorOf(() => recordsOf(bytes, 0, length - 1))).toBe("MESSAGE_TOO_LARGE");
    },
  );
});
