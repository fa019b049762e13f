import { describe, expect, test } from "bun:test";
import { subscriptionOf } from "../../../../../src/cli/tools/consume/subscription.ts";

const nothing = {
  topic: undefined,
  include: undefined,
  partition: undefined,
  offset: undefined,
  "from-beginning": false,
};

describe("what to consume", () => {
  test("is a topic, topics by a pattern of their whole names, or a partition", () => {
    expect(subscriptionOf({ ...nothing, topic: "t" })).toEqual({ topics: ["t"] });
    const byPattern = subscriptionOf({ ...nothing, include: "a|b" });
    expect("pattern" in byPattern && ["a", "b", "ab"].map((name) => byPattern.pattern.test(name))).toEqual([
      true,
      true,
      false,
    ]);
    expect(subscriptionOf({ ...nothing, topic: "t", partition: 2 })).toEqual({
      topic: "t",
      partition: 2,
      from: "latest",
    });
  });

  test.each([
    [{ offset: "Earliest" }, "earliest"],
    [{ offset: "latest" }, "latest"],
    [{ offset: "12" }, 12],
    [{ "from-beginning": true }, "earliest"],
  ] as const)("begins where %j says", (more, from) => {
    expect(subscriptionOf({ ...nothing, topic: "t", partition: 0, ...more })).toMatchObject({ from });
  });

  test.each([
    [{}, "Exactly one of the following arguments is required: [topic], [include]"],
    [{ topic: "t", include: "t" }, "Exactly one of the following arguments is required: [topic], [include]"],
    [{ topic: "t", offset: "1" }, "The partition is required when offset is specified."],
    [{ include: "t", partition: 1 }, "The topic is required when partition is specified."],
    [
      { topic: "t", partition: 1, offset: "1", "from-beginning": true },
      "Options from-beginning and offset cannot be specified together.",
    ],
    [{ topic: "t", partition: 1, offset: "-1" }, "The provided offset value '-1' is incorrect."],
    [{ include: "(" }, "Invalid regular expression"],
  ])("is refused for %j", (given, message) => {
    expect(() => subscriptionOf({ ...nothing, ...given })).toThrow(message);
  });
});
