/**
 * Quantiles of what was added lately.
 */
import { expect, test } from "bun:test";
import { Distribution } from "../../../../src/observe/metrics/distribution.ts";

const MINUTE_MS = 60_000;
const shares = [0.5, 0.99, 1];

test("quantiles of the numbers from 1 to 10,000 are at most a sixteenth too low", () => {
  const distribution = new Distribution();
  for (let value = 1; value <= 10_000; value++) distribution.add(value, 0);

  for (const [share, exact] of [
    [0.5, 5000],
    [0.75, 7500],
    [0.99, 9900],
    [1, 10_000],
  ] as const) {
    const [found = Number.NaN] = distribution.quantiles([share], 0);
    expect(found).toBeLessThanOrEqual(exact);
    expect(found).toBeGreaterThan(exact * (15 / 16) - 1);
  }
  expect({ count: distribution.count, sum: distribution.sum }).toEqual({ count: 10_000, sum: 50_005_000 });
});

test("small numbers are exact, and what is larger than all buckets falls into the last", () => {
  const distribution = new Distribution();
  for (const value of [0, 3, 15]) distribution.add(value, 0);

  expect(distribution.quantiles([0.1, 0.5, 1], 0)).toEqual([0, 3, 15]);

  distribution.add(1e15, 0);
  expect(distribution.quantiles([1], 0)[0]).toBeGreaterThan(2 ** 30);
});

test("nothing has no quantiles", () => {
  expect(new Distribution().quantiles(shares, 0)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});

test("what is long ago counts in the sum, and no more in the quantiles", () => {
  const distribution = new Distribution();
  distribution.add(1, 0);
  distribution.add(2, 3 * MINUTE_MS);

  expect(distribution.quantiles([0.5, 1], 3 * MINUTE_MS)).toEqual([1, 2]);
  expect(distribution.quantiles([0.5, 1], 6 * MINUTE_MS)).toEqual([2, 2]);
  expect(distribution.quantiles([1], 60 * MINUTE_MS)).toEqual([Number.NaN]);
  expect({ count: distribution.count, sum: distribution.sum }).toEqual({ count: 2, sum: 3 });
});
