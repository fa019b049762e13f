import { expect, test } from "bun:test";
import { ourSources } from "./sources.ts";

const longestFile = 400;

test("a source file says first what it is for", async () => {
  const silent = (await ourSources()).filter((file) => !/^(#!.*\n)?\/\*\*?\s/.test(file.text));

  expect(silent.map((file) => file.path)).toEqual([]);
});

test(`no source file is longer than ${longestFile} lines`, async () => {
  const long = (await ourSources()).filter((file) => file.text.split("\n").length - 1 > longestFile);

  expect(long.map((file) => file.path)).toEqual([]);
});

test("nothing is kept from the type checker or the linter", async () => {
  const found = (await ourSources()).flatMap((file) => [
    ...file.uncheckedLines.map((line) => `${file.path}:${line} any or !`),
    ...matches(file.text, /@ts-(ignore|expect-error|nocheck)|biome-ignore|eslint-disable/g, file.path),
  ]);

  expect(found).toEqual([]);
});

test("no source file is marked as unfinished", async () => {
  const found = (await ourSources()).flatMap((file) =>
    matches(file.text, /\b(TODO|FIXME|XXX|HACK|not (yet )?implemented)\b/g, file.path),
  );

  expect(found).toEqual([]);
});

/** Where `pattern` is found, as `path:line match`. */
function matches(text: string, pattern: RegExp, path: string): string[] {
  return [...text.matchAll(pattern)].map(
    (match) => `${path}:${text.slice(0, match.index).split("\n").length} ${match[0]}`,
  );
}
