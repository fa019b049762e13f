/**
 * Log lines held to a few a second.
 */
import { expect, test } from "bun:test";
import { LimitedLog } from "../../../src/net/limited-log.ts";
import { ManualClock } from "./support/manual-clock.ts";
import { KeptLog } from "./support/test-listener.ts";

test("writes ten lines a second and then how many it left out", () => {
  const log = new KeptLog();
  const clock = new ManualClock();
  const limited = new LimitedLog(log, clock);
  for (let line = 0; line < 1000; line++) limited.warn(`line ${line}`);
  expect(log.lines.length).toBe(10);
  expect(log.lines[9]).toBe("warn line 9");
  clock.advance(1000);
  expect(log.lines.slice(10)).toEqual([
    "warn 990 more log lines about connections were left out in the last second",
  ]);
  limited.error("again");
  expect(log.lines.at(-1)).toBe("error again");
  clock.advance(10_000);
  expect(log.lines.length).toBe(12);
});

test("does not fall silent when the clock is set back", () => {
  const log = new KeptLog();
  let now = 1_000_000;
  const limited = new LimitedLog(
    log,
    { now: () => now, monotonic: () => now, schedule: () => ({ cancel() {} }) },
    1,
  );
  limited.info("before");
  now -= 500_000;
  limited.info("after");
  expect(log.lines).toEqual(["info before", "info after"]);
});
