import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { topicRegex } from "../../../../../src/group/consumer/regex/regex.ts";
import { RegexSyntaxError } from "../../../../../src/group/consumer/regex/syntax-error.ts";

interface Results {
  readonly names: string[];
  /** A pattern, and what RE2/J makes of it: the places of the names that match, or what it says is wrong with it. */
  readonly cases: [string, number[] | string][];
}

const fixture = new URL("../../../../fixtures/group/regular-expressions.json.gz", import.meta.url);
const { names, cases }: Results = JSON.parse(new TextDecoder().decode(Bun.gunzipSync(readFileSync(fixture))));

function resultOf(pattern: string): number[] | string {
  try {
    const regex = topicRegex(pattern);
    return names.flatMap((name, index) => (regex.matches(name) ? [index] : []));
  } catch (error) {
    if (error instanceof RegexSyntaxError) return error.message;
    throw error;
  }
}

test("matches the names that RE2/J matches, and refuses with its words the expressions that it refuses", () => {
  expect(cases.length).toBeGreaterThan(1000);
  const different = cases
    .map(([pattern, expected]) => ({ pattern, expected, result: resultOf(pattern) }))
    .filter(({ expected, result }) => !Bun.deepEquals(expected, result));
  expect(different).toEqual([]);
});
