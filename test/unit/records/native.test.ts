import { describe, expect, test } from "bun:test";
import { crc32Addon, lz4Addon, snappyAddon } from "../../../src/records/native.ts";

describe("the native addons", () => {
  test.each([
    ["@node-rs/crc32", crc32Addon],
    ["snappy", snappyAddon],
    ["lz4-napi", lz4Addon],
  ] as const)("%s loads, and only once", (_, addon) => {
    expect(addon()).not.toBeNull();
    expect(addon()).toBe(addon());
  });
});
