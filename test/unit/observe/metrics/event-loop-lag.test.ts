/**
 * How late the event loop is.
 */
import { expect, test } from "bun:test";
import { EventLoopLag } from "../../../../src/observe/metrics/event-loop-lag.ts";
import { ManualClock } from "../../net/support/manual-clock.ts";

test("by how much a timer is late is measured, again and again, until it is stopped", () => {
  const clock = new ManualClock();
  let lateMs = 0;
  const lag = new EventLoopLag(clock, () => clock.now() + lateMs);
  for (const late of [0, 30, 30]) {
    lateMs += late;
    clock.advance(500);
  }

  expect({ count: lag.distribution.count, sum: lag.distribution.sum }).toEqual({ count: 3, sum: 60_000 });

  lag.stop();
  clock.advance(5000);
  expect(lag.distribution.count).toBe(3);
  expect(clock.pending).toBe(0);
});
