import { describe, expect, test } from "bun:test";
import { OffsetMap } from "../../../../src/log/compaction/offset-map.ts";

const ENTRY = 24;

function put(map: OffsetMap, key: string, offset: number): boolean {
  const bytes = Buffer.from(`<${key}>`);
  return map.put(bytes, 1, bytes.length - 1, offset);
}

function get(map: OffsetMap, key: string): number {
  const bytes = Buffer.from(key);
  return map.get(bytes, 0, bytes.length);
}

describe("a map of keys and offsets", () => {
  test("knows the last offset of each key, and none of others", () => {
    const map = new OffsetMap(1 << 20, 0.9, 3);
    expect(get(map, "a")).toBe(-1);
    expect(put(map, "a", 0)).toBe(true);
    expect(put(map, "b", 1)).toBe(true);
    expect(put(map, "a", 2 ** 40 + 7)).toBe(true);
    expect(put(map, "", 2 ** 53 - 1)).toBe(true);
    expect([get(map, "a"), get(map, "b"), get(map, ""), get(map, "c")]).toEqual([
      2 ** 40 + 7,
      1,
      2 ** 53 - 1,
      -1,
    ]);
    expect(map.size).toBe(3);
  });

  test("holds as many keys as its bytes and load factor say, and says when it is full", () => {
    const map = new OffsetMap(10 * ENTRY, 0.5, 3);
    const taken = Array.from({ length: 8 }, (_, index) => put(map, `key ${index}`, index));
    expect(taken).toEqual([true, true, true, true, true, false, false, false]);
    expect(map.size).toBe(5);
    expect(map.utilization).toBe(1);
    expect(map.latestOffset).toBe(4);
    expect(get(map, "key 4")).toBe(4);
    expect(get(map, "key 5")).toBe(-1);
  });

  test("keeps hundreds of thousands of keys apart while it grows", () => {
    const map = new OffsetMap(400_000 * ENTRY, 0.9, 12345);
    let wrong = 0;
    for (let index = 0; index < 300_000; index++) if (!put(map, `user-${index}`, index)) wrong++;
    for (let index = 0; index < 300_000; index++) if (get(map, `user-${index}`) !== index) wrong++;
    expect(wrong).toBe(0);
    expect(get(map, "user-300000")).toBe(-1);
    expect(map.size).toBe(300_000);
  });

  test("takes nearly all keys that it has room for before it is full, however they are spread", () => {
    const map = new OffsetMap(100_000 * ENTRY, 0.9, 99);
    let index = 0;
    while (put(map, `k${index}`, index)) index++;
    expect(index).toBe(90_000);
  });

  test("is refused when there is no room for a key", () => {
    expect(() => new OffsetMap(ENTRY, 0.9, 1)).toThrow("log.cleaner.dedupe.buffer.size");
  });
});
