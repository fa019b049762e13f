import { expect, test } from "bun:test";
import { missingTools, readReadme, toolRows, withTable } from "./cli-table.ts";

test("a tool of Kafka's is there with all of its options, or a reason is given", async () => {
  const lacking = (await toolRows())
    .filter(({ tool, lacking }) => lacking.length > 0 && !(tool in missingTools))
    .map(({ tool, lacking }) => ({ tool, lacking }));

  expect(lacking).toEqual([]);
});

test("no reason is given for a tool that is there", async () => {
  const there = (await toolRows()).filter(({ kafkas, lacking }) => lacking.length < kafkas.length);

  expect(there.filter(({ tool }) => tool in missingTools)).toEqual([]);
});

test("the table of options in src/cli/README.md is as it should be", async () => {
  expect(readReadme()).toBe(await withTable());
});
