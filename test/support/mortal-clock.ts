/**
 * A clock whose timers are gone when the process that set them is.
 */
import type { Clock } from "../../src/clock.ts";

export function mortalClock(clock: Clock, isAlive: () => boolean): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    schedule: (delayMs, run) =>
      clock.schedule(delayMs, () => {
        if (isAlive()) run();
      }),
  };
}
