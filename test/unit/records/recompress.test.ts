import { describe, expect, test } from "bun:test";
import {
  attributes,
  compressionType,
  setAttributes,
  setSizeInBytes,
} from "../../../src/records/batch-header.ts";
import { CompressionType } from "../../../src/records/compression/codec.ts";
import { recompressBatch } from "../../../src/records/recompress.ts";
import { readRecords } from "../../../src/records/record.ts";
import { batchCrcIsValid } from "../../../src/records/validate.ts";
import { batchFixture } from "./fixtures.ts";

describe("changing the compression of a batch", () => {
  for (const from of ["none", "gzip", "snappy", "lz4", "zstd"]) {
    test.each(Object.entries(CompressionType))(`from ${from} to %s keeps records and header`, (_, to) => {
      const { bytes } = batchFixture(`${from}-transactional`);
      const changed = recompressBatch(Buffer.concat([Buffer.alloc(4), bytes]), 4, to);
      expect(batchCrcIsValid(changed, 0)).toBe(true);
      expect(compressionType(attributes(changed, 0))).toBe(to);
      expect([...readRecords(changed, 0)]).toEqual([...readRecords(bytes, 0)]);

      setAttributes(changed, 0, attributes(bytes, 0));
      setSizeInBytes(changed, 0, bytes.length);
      bytes.copy(changed, 17, 17, 21);
      expect(changed.subarray(0, 61)).toEqual(bytes.subarray(0, 61));
    });
  }

  test("heeds the level", () => {
    const { bytes } = batchFixture("none-200-records");
    for (const [type, weak, strong] of [
      [CompressionType.gzip, 1, 9],
      [CompressionType.lz4, 9, 12],
      [CompressionType.zstd, -131072, 19],
    ] as const) {
      const sizes = [weak, strong].map((level) => recompressBatch(bytes, 0, type, level).length);
      expect(sizes[0]).toBeGreaterThan(sizes[1] ?? Number.NaN);
    }
  });

  test("is bounded", () => {
    const { bytes } = batchFixture("gzip-200-records");
    expect(() => recompressBatch(bytes, 0, CompressionType.none, undefined, 1000)).toThrow(
      "more than 1000 bytes",
    );
  });
});
