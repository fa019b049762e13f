import { describe, expect, test } from "bun:test";
import { BatchWriter } from "../../../src/records/batch-writer.ts";
import { buildBatch, type NewRecord } from "../../../src/records/builder.ts";
import { CompressionType } from "../../../src/records/compression/codec.ts";
import { readRecords } from "../../../src/records/record.ts";

const records: NewRecord[] = [
  { timestamp: 1000, key: null, value: Buffer.from("one") },
  { timestamp: 900, key: Buffer.from("k"), value: null, headers: [{ key: "h", value: Buffer.from("v") }] },
  { timestamp: 2000, key: Buffer.from("k"), value: Buffer.alloc(300, "x") },
];

function filled(capacity = 10_000): BatchWriter {
  const writer = new BatchWriter(capacity);
  for (const record of records) writer.append(record);
  return writer;
}

describe("a batch that is written record by record", () => {
  test.each(Object.entries(CompressionType))("is the same as one built at once: %s", (_, compression) => {
    const end = { producerId: 7n, producerEpoch: 2, baseSequence: 11, transactional: true, compression };
    expect(filled().finish(end)).toEqual(
      buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, records, ...end }),
    );
  });

  test("can be finished again with another end", () => {
    const writer = filled();
    writer.finish({ producerId: 7n, producerEpoch: 0, baseSequence: 5 });
    expect(writer.finish({})).toEqual(buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, records }));
  });

  test("takes no record beyond its capacity, and stays as it was", () => {
    const writer = new BatchWriter(100);
    const record = { timestamp: 1, key: null, value: Buffer.alloc(20) };
    expect([1, 2].map(() => writer.append(record))).toEqual([true, false]);
    expect([...readRecords(writer.finish({}), 0)]).toHaveLength(1);
  });

  test("takes a first record of any size", () => {
    const writer = new BatchWriter(10);
    expect(writer.append({ timestamp: 1, key: null, value: Buffer.alloc(5000, "y") })).toBe(true);
    const [record] = [...readRecords(writer.finish({}), 0)];
    expect(record?.value).toEqual(Buffer.alloc(5000, "y"));
  });
});
