import { describe, expect, test } from "bun:test";
import { KafkaError } from "../../../src/protocol/errors.ts";
import {
  VarintReader,
  varintSize,
  varlongSize,
  writeVarint,
  writeVarlong,
} from "../../../src/records/varint.ts";

function readerOf(hex: string): VarintReader {
  const bytes = Buffer.from(hex, "hex");
  return new VarintReader(bytes, 0, bytes.length);
}

describe("varints in records", () => {
  test.each([
    [0, "00"],
    [-1, "01"],
    [1, "02"],
    [63, "7e"],
    [-64, "7f"],
    [64, "8001"],
    [8191, "fe7f"],
    [-8193, "818001"],
    [2 ** 31 - 1, "feffffff0f"],
    [-(2 ** 31), "ffffffff0f"],
  ])("%d is %s", (value, hex) => {
    const bytes = Buffer.alloc(5);
    expect(writeVarint(bytes, 0, value)).toBe(hex.length / 2);
    expect(bytes.toString("hex", 0, hex.length / 2)).toBe(hex);
    expect(varintSize(value)).toBe(hex.length / 2);
    expect(readerOf(hex).varint()).toBe(value);
    expect(readerOf(hex).varlong()).toBe(value);
  });

  test.each([0, -1, 2 ** 31, -(2 ** 31) - 1, 2 ** 34 - 1, -(2 ** 41), 2 ** 52 - 1, -(2 ** 52) + 1])(
    "a varlong of %d comes back as it was",
    (value) => {
      const bytes = Buffer.alloc(10);
      const end = writeVarlong(bytes, 0, value);
      expect(varlongSize(value)).toBe(end);
      expect(new VarintReader(bytes, 0, end).varlong()).toBe(value);
    },
  );

  test("tolerate bytes that add nothing", () => {
    expect(readerOf("828000").varint()).toBe(1);
    expect(readerOf("82808080808080808000").varlong()).toBe(1);
  });

  test.each(["", "80", "ffffff", "8080808010", "808080808000"])("a varint of %s is refused", (hex) => {
    expect(() => readerOf(hex).varint()).toThrow(KafkaError);
  });

  test.each([
    ["ffffffffffffffffff01", -(2 ** 63)],
    ["feffffffffffffffff01", 2 ** 63],
    ["8080808080808020", 2 ** 53],
  ])("a varlong of %s, which a number can't hold exactly, is rounded", (hex, value) => {
    expect(readerOf(hex).varlong()).toBe(value);
  });

  test.each(["", "80", "ffffffffffffffffff02", "8080808080808080808000"])(
    "a varlong of %s is refused",
    (hex) => {
      expect(() => readerOf(hex).varlong()).toThrow(KafkaError);
    },
  );

  test("values that a number can't hold exactly are not written", () => {
    const bytes = Buffer.alloc(10);
    for (const value of [2 ** 52, -(2 ** 52), 0.5, Number.NaN]) {
      expect(() => writeVarlong(bytes, 0, value)).toThrow(KafkaError);
      expect(() => varlongSize(value)).toThrow(KafkaError);
    }
  });
});
