import { expect, test } from "bun:test";
import { javaDouble, javaFloat } from "../../../../../src/cli/tools/consume/java-number.ts";

test.each([
  [0, "0.0"],
  [-0, "-0.0"],
  [1, "1.0"],
  [-1.5, "-1.5"],
  [0.001, "0.001"],
  [0.0001, "1.0E-4"],
  [9999999, "9999999.0"],
  [1e7, "1.0E7"],
  [1.25e21, "1.25E21"],
  [Number.NaN, "NaN"],
  [Number.NEGATIVE_INFINITY, "-Infinity"],
])("%d is printed as Java prints it", (value, text) => {
  expect(javaDouble(value)).toBe(text);
});

test.each([
  [0.1, "0.1"],
  [16777216, "1.6777216E7"],
  [3.4028234663852886e38, "3.4028235E38"],
  [1 / 3, "0.33333334"],
])("%d of 32 bits is printed with as few digits as tell it from others", (value, text) => {
  expect(javaFloat(Math.fround(value))).toBe(text);
});
