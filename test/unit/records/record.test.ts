import { describe, expect, test } from "bun:test";
import { readRecords } from "../../../src/records/record.ts";
import { batchFixture, batchFixtures, type RecordFixture } from "./fixtures.ts";

/** The records of a batch in the fixtures' form. */
function recordsIn(buffer: Buffer, at: number): RecordFixture[] {
  return [...readRecords(buffer, at)].map((record) => ({
    ...record,
    key: record.key?.toString("hex") ?? null,
    value: record.value?.toString("hex") ?? null,
    headers: record.headers.map(({ key, value }) => ({ key, value: value?.toString("hex") ?? null })),
  }));
}

describe("the records of a batch", () => {
  test.each(batchFixtures())("that Kafka wrote are what Kafka put into it: $name", (fixture) => {
    const read = recordsIn(Buffer.concat([Buffer.alloc(3), fixture.bytes, Buffer.alloc(5)]), 3);
    expect(read.slice(0, 5)).toEqual(fixture.records);
    expect(read.length).toBe(fixture.recordCount);
  });

  test("all have the time of the append where the topic wants it", () => {
    const { bytes, maxTimestamp } = batchFixture("none-plain");
    bytes.writeInt16BE(0x08, 21);
    const timestamps = [...readRecords(bytes, 0)].map((record) => record.timestamp);
    expect(timestamps).toEqual([maxTimestamp, maxTimestamp, maxTimestamp]);
  });

  test("are views of an uncompressed batch", () => {
    const { bytes } = batchFixture("none-plain");
    const [record] = readRecords(bytes, 0);
    expect(record?.key?.buffer).toBe(bytes.buffer);
  });
});
