import { expect, test } from "bun:test";
import { javaHashCode, partitionOf } from "../../../src/coordinator/partition-of.ts";

test("Ids are hashed as Java hashes strings", () => {
  expect(javaHashCode("")).toBe(0);
  expect(javaHashCode("group-1")).toBe(293427299);
  expect(javaHashCode("grüppe 😀")).toBe(-1039960657);
});

test("An id is kept in the partition where Apache Kafka keeps it", () => {
  expect(partitionOf("g1", 50)).toBe(42);
  expect(partitionOf("tx1", 50)).toBe(45);
});

test("An id whose hash has no positive counterpart is kept in partition 0", () => {
  expect(javaHashCode("polygenelubricants")).toBe(-2147483648);
  expect(partitionOf("polygenelubricants", 50)).toBe(0);
});
