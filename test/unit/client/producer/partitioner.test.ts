import { describe, expect, test } from "bun:test";
import { murmur2 } from "../../../../src/client/producer/murmur2.ts";
import { partitionOfKey, StickyPartition } from "../../../../src/client/producer/partitioner.ts";

// The facts of Kafka's own UtilsTest.
const facts: readonly [key: string, hash: number][] = [
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
];

test.each(facts)("%s hashes to what it hashes to in Java", (key, hash) => {
  expect(murmur2(Buffer.from(key))).toBe(hash);
});

test("a key's partition is its hash without the sign, modulo the number of partitions", () => {
  expect(partitionOfKey(Buffer.from("21"), 7)).toBe((-973932308 & 0x7fffffff) % 7);
  expect(partitionOfKey(Buffer.from("abc"), 10)).toBe(479470107 % 10);
});

describe("a sticky partition", () => {
  const partitions = (leaders: readonly number[]) =>
    leaders.map((leader, partition) => ({ partition, leader, leaderEpoch: 0 }));

  test("is kept until it has got its bytes, and is another one then", () => {
    const sticky = new StickyPartition(100, () => 0);
    const chosen = Array.from({ length: 6 }, () => sticky.next(partitions([1, 1]), 40));
    expect(chosen).toEqual([0, 0, 0, 1, 1, 1]);
  });

  test("is one that has a leader, where another has none", () => {
    const sticky = new StickyPartition(1, () => 0);
    expect([1, 2, 3].map(() => sticky.next(partitions([-1, 1, -1]), 10))).toEqual([1, 1, 1]);
  });

  test("is any where none has a leader", () => {
    expect(new StickyPartition(1, () => 0.9).next(partitions([-1, -1]), 10)).toBe(1);
  });
});
