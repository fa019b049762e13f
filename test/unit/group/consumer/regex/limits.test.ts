import { expect, test } from "bun:test";
import { TooManyStepsError } from "../../../../../src/group/consumer/regex/matcher.ts";
import { topicRegex } from "../../../../../src/group/consumer/regex/regex.ts";

test("an expression that makes others backtrack for ever takes no time", () => {
  const name = `${"a".repeat(248)}b`;
  for (const pattern of ["(a*)*", "(a|aa)+", "(a+)+c", `${"a?".repeat(249)}${"a".repeat(249)}`]) {
    expect(topicRegex(pattern).matches(name)).toBe(false);
  }
});

test("repetitions beyond the length of a name cost nothing", () => {
  expect(topicRegex("(((a{1000}){1000}){1000}){1000}").matches("a".repeat(249))).toBe(false);
  expect(topicRegex("(((a{0,1000}){1000}){1000}){1000}").matches("a".repeat(249))).toBe(true);
});

test("groups nest so deep and no deeper", () => {
  const nested = (depth: number) => `${"(".repeat(depth)}a${")".repeat(depth)}`;
  expect(topicRegex(nested(500)).matches("a")).toBe(true);
  expect(() => topicRegex(nested(501))).toThrow("expression nests too deeply");
});

test("an expression may be large, and not too large", () => {
  const names = Array.from({ length: 2_000 }, (_, index) => `a-rather-long-topic-name-${index}`);
  const regex = topicRegex(names.join("|"));
  expect(regex.matches("a-rather-long-topic-name-1999")).toBe(true);
  expect(regex.matches("a-rather-long-topic-name-2000")).toBe(false);
  expect(() => topicRegex("((a{0,200}b){0,200}c){0,200}")).toThrow("expression too large");
});

test("an expression whose states explode is given up after some time", () => {
  const regex = topicRegex(`.*a(.{120}|.{121}){1,2}${"(b|.{30}){0,30}".repeat(20)}`);
  const random = (seed: number) => (Math.imul(seed, 0x9e3779b1) >>> 16) & 1;
  expect(() => {
    for (let seed = 0; ; seed++) {
      regex.matches(Array.from({ length: 249 }, (_, at) => "ab"[random(seed * 249 + at)]).join(""));
    }
  }).toThrow(TooManyStepsError);
});

test("a name with other characters than Kafka allows matches nothing", () => {
  expect(topicRegex(".*").matches("köln")).toBe(false);
});
