import { describe, expect, test } from "bun:test";
import {
  fileName,
  markedDirectoryName,
  offsetOfFile,
  parseDirectoryName,
  partitionDirectoryName,
} from "../../../src/log/file-names.ts";

test("a file is named after its offset in twenty digits", () => {
  expect(fileName(42, ".log")).toBe("00000000000000000042.log");
  expect(offsetOfFile("00000000000000000042.log.swap")).toBe(42);
  expect(offsetOfFile("leader-epoch-checkpoint")).toBe(-1);
  expect(offsetOfFile("99999999999999999999.log")).toBe(-1);
});

describe("a directory's name", () => {
  test("ends in the partition, whatever is in the topic's name", () => {
    expect(parseDirectoryName(partitionDirectoryName("a-1.b_c", 12))).toEqual({
      topic: "a-1.b_c",
      partition: 12,
      purpose: "current",
    });
  });

  test("says what is to be done with it", () => {
    const topicPartition = { topic: "a.b-c", partition: 3 };
    const id = "0123456789abcdef0123456789abcdef";
    expect(markedDirectoryName(topicPartition, id, "delete")).toBe(`a.b-c-3.${id}-delete`);
    for (const [mark, purpose] of [
      ["delete", "deleted"],
      ["stray", "stray"],
      ["future", "future"],
    ] as const) {
      expect(parseDirectoryName(markedDirectoryName(topicPartition, id, mark))).toEqual({
        ...topicPartition,
        purpose,
      });
    }
  });

  test("never gets longer than a file system allows", () => {
    const name = markedDirectoryName({ topic: "t".repeat(249), partition: 0 }, "f".repeat(32), "delete");
    expect(name.length).toBe(255);
    expect(name.endsWith(`-0.${"f".repeat(32)}-delete`)).toBe(true);
  });

  test("of anything else is not a partition's", () => {
    for (const name of ["lost+found", "-0", "a", "a-", "a-x", "a-1x", "a-99999999999"]) {
      expect([name, parseDirectoryName(name)]).toEqual([name, undefined]);
    }
  });
});
