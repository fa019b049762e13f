import { afterAll, expect, test } from "bun:test";
import { removeTemporaryFolders } from "../support/broker-process.ts";
import { flipBytes } from "./bit-flips/campaign.ts";
import { goldenDirectory, houskaDirectory } from "./bit-flips/directory.ts";
import { openExecutable } from "./bit-flips/executable.ts";

afterAll(removeTemporaryFolders);

// Thousands more: bun test/faults/bit-flips/main.ts
for (const [whose, make] of [
  ["Apache Kafka", async () => goldenDirectory()],
  ["Houska", houskaDirectory],
] as const) {
  test(`whichever single byte has changed of a directory that ${whose} closed, it opens or says which file is wrong, and serves nothing that was not written`, async () => {
    const directory = await make();
    const cases = 500;
    const { outcomes, violations } = await flipBytes(directory, { cases, seed: 6 });
    expect(violations).toEqual([]);
    expect(outcomes.intact).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
    expect(outcomes.told).toBeGreaterThan(0);
    // Only where a number in a text file has become another number.
    expect(outcomes.silent).toBeLessThan(cases / 100);

    const executable = await flipBytes(directory, { cases: 6, seed: 7, open: openExecutable });
    expect(executable.violations).toEqual([]);
  }, 120_000);
}
