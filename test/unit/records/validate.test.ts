import { describe, expect, test } from "bun:test";
import { setSizeInBytes } from "../../../src/records/batch-header.ts";
import { batchCrcIsValid, batchIsWhole } from "../../../src/records/validate.ts";
import { batchFixture, batchFixtures } from "./fixtures.ts";

describe("a batch", () => {
  test.each(batchFixtures())("that Kafka wrote is valid: $name", ({ bytes }) => {
    expect(batchCrcIsValid(Buffer.concat([Buffer.alloc(9), bytes]), 9)).toBe(true);
  });

  test("is invalid with any bit flipped from the CRC on", () => {
    const { bytes } = batchFixture("none-plain");
    for (let position = 17; position < bytes.length; position++) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(position) ^ 0x10, position);
      expect(batchCrcIsValid(damaged, 0)).toBe(false);
    }
  });

  test("is not whole if the buffer ends before it does, or if its size can't be one", () => {
    const { bytes } = batchFixture("none-plain");
    for (let size = 0; size < bytes.length; size++)
      expect(batchIsWhole(bytes.subarray(0, size), 0)).toBe(false);
    expect(batchIsWhole(bytes, 0)).toBe(true);
    expect(batchIsWhole(bytes, 1)).toBe(false);
    expect(batchIsWhole(bytes, -1)).toBe(false);
    for (const size of [-1, 0, 12, 60, bytes.length + 1, 2 ** 31 - 1]) {
      setSizeInBytes(bytes, 0, size);
      expect(batchIsWhole(bytes, 0)).toBe(false);
      expect(batchCrcIsValid(bytes, 0)).toBe(false);
    }
  });
});
