/**
 * Time, as the parts see it. Handed in everywhere, so that a test can hold the hands of the clock.
 */
export interface Clock {
  /** Wall clock in milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Milliseconds from some moment on, which nobody sets forward or back. */
  monotonic(): number;
  /** Calls `run` once, `delayMs` milliseconds from now (at once-but-later for 0). */
  schedule(delayMs: number, run: () => void): Timer;
}

/** A call that has been scheduled and can still be called off. */
export interface Timer {
  /** Calls it off; does nothing when it has already run. */
  cancel(): void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};
