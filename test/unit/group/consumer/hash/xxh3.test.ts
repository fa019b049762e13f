import { expect, test } from "bun:test";
import { xxh3 } from "../../../../../src/group/consumer/hash/xxh3.ts";

test("gives the hash that Bun's own implementation gives, whatever the length", () => {
  let state = 12345;
  const bytes = Uint8Array.from({ length: 3000 }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 16;
  });
  const lengths = [...Array(600).keys(), 1023, 1024, 1025, 1026, 1088, 2048, 2049, 3000];
  for (const length of lengths) {
    const input = bytes.subarray(0, length);
    expect({ length, hash: xxh3(input) }).toEqual({ length, hash: Bun.hash.xxHash3(input) });
  }
});
