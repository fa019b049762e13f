import { afterAll, expect, test } from "bun:test";
import { removeTemporaryFolders } from "../support/broker-process.ts";
import { flipBytes } from "./bit-flips/campaign.ts";
import { goldenDirectory } from "./bit-flips/directory.ts";
import { openExecutable } from "./bit-flips/executable.ts";

const directory = goldenDirectory();
afterAll(removeTemporaryFolders);

// Thousands more: bun test/faults/bit-flips/main.ts
test("whichever single byte of a closed directory has changed, it opens or says which file is wrong, and serves nothing that was not written", async () => {
  const cases = 1000;
  const { outcomes, violations } = await flipBytes(directory, { cases, seed: 6 });
  expect(violations).toEqual([]);
  expect(outcomes.intact).toBeGreaterThan(0);
  expect(outcomes.refused).toBeGreaterThan(0);
  expect(outcomes.told).toBeGreaterThan(0);
  // Only where a number in a text file has become another number.
  expect(outcomes.silent).toBeLessThan(cases / 200);
}, 120_000);

test("the executable does the same", async () => {
  const { outcomes, violations } = await flipBytes(directory, { cases: 12, seed: 7, open: openExecutable });
  expect(violations).toEqual([]);
  expect(outcomes.told).toBeGreaterThan(0);
}, 120_000);
