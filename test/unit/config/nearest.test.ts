import { describe, expect, test } from "bun:test";
import { editDistance, nearestName } from "../../../src/config/nearest.ts";

describe("the nearest name", () => {
  test.each([
    ["", "", 0],
    ["abc", "", 3],
    ["kitten", "sitting", 3],
    ["ab", "ba", 1],
    ["log.dirs", "log.dir", 1],
  ])("counts letters that differ, lack or are swapped: %p %p", (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
    expect(editDistance(b, a)).toBe(edits);
  });

  test("is the one with the fewest edits, the first of several", () => {
    expect(nearestName("log.retention.hour", ["log.retention.ms", "log.retention.hours"])).toBe(
      "log.retention.hours",
    );
    expect(nearestName("ac", ["ab", "ad"])).toBe("ab");
    expect(nearestName("a", [])).toBeNull();
  });
});
