import { expect, test } from "bun:test";
import { KeyHash } from "../../../../src/log/compaction/key-hash.ts";

function hashOf(text: string, seed = 0, before = ""): string {
  const hash = new KeyHash(seed);
  const bytes = Buffer.from(`${before}${text}behind`);
  hash.take(bytes, before.length, bytes.length - "behind".length);
  return [...hash.words].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

test("a hash is MurmurHash3's in 128 bits for 32-bit machines", () => {
  expect(hashOf("")).toBe("0".repeat(32));
  expect(hashOf("The quick brown fox jumps over the lazy dog")).toBe("2f1583c3ecee2c675d7bf66ce5e91d2c");
});

test("a hash depends on the bytes alone, wherever they lie", () => {
  for (const text of ["", "a", "four", "fifteen bytes..", "sixteen bytes...", "seventeen bytes.."]) {
    expect(hashOf(text, 5, "before")).toBe(hashOf(text, 5));
  }
});

test("the seed makes another hash of the same key", () => {
  expect(hashOf("key", 1)).not.toBe(hashOf("key", 2));
});

test("keys that differ by a bit or by a zero byte have different hashes", () => {
  const seen = new Set<string>();
  for (let length = 0; length <= 40; length++) {
    seen.add(hashOf("\0".repeat(length)));
    for (let index = 0; index < length; index++) {
      seen.add(hashOf(`${"\0".repeat(index)}\u0001${"\0".repeat(length - index - 1)}`));
    }
  }
  expect(seen.size).toBe(41 + (40 * 41) / 2);
});
