/**
 * What tools make of the values of their options.
 */
import { describe, expect, test } from "bun:test";
import { ToolFailure } from "../../../../src/cli/tool/failure.ts";
import { isInternalTopic, topicMatcher } from "../../../../src/cli/tools/admin/topic-filter.ts";
import { parseConfigs } from "../../../../src/cli/tools/configs/alter.ts";
import { parseDuration } from "../../../../src/cli/tools/groups/duration.ts";

describe("a duration", () => {
  test.each([
    ["PT1S", 1000],
    ["PT1.5S", 1500],
    ["P1DT2H3M4S", 93_784_000],
    ["P2D", 172_800_000],
    ["PT-1H", -3_600_000],
    ["-PT1H", -3_600_000],
    ["pt0s", 0],
  ])("%s is %d ms", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each(["", "P", "PT", "1S", "P1H", "PT1", "P1Y", "PT1SX"])("%p is none", (text) => {
    expect(() => parseDuration(text)).toThrow(ToolFailure);
  });
});

describe("configs to set", () => {
  test("may have commas and equals signs in brackets, and no value", () => {
    expect([...parseConfigs("a=1, b = [x,y] ,c=[k=v],d=")]).toEqual([
      ["a", "1"],
      ["b", "x,y"],
      ["c", "k=v"],
      ["d", ""],
    ]);
  });

  test("all have a key and a value", () => {
    expect(() => parseConfigs("a")).toThrow(ToolFailure);
    expect(() => parseConfigs("a=1,b")).toThrow(ToolFailure);
  });
});

describe("topics", () => {
  test("are named by regular expressions that match the whole name, with commas between several", () => {
    const isMeant = topicMatcher("a, b.*");
    expect(["a", "aa", "b", "bcd", "ab"].filter(isMeant)).toEqual(["a", "b", "bcd"]);
  });

  test("aren't named by what is no regular expression", () => {
    expect(() => topicMatcher("a(")).toThrow("a( is an invalid regex.");
  });

  test("of the brokers' own are those of groups and transactions", () => {
    expect(["__consumer_offsets", "__transaction_state", "__mine"].map(isInternalTopic)).toEqual([
      true,
      true,
      false,
    ]);
  });
});
