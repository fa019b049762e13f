/**
 * A clock for many short-lived timers: what a simulation has by the hundred thousand.
 */
import type { Clock, Timer } from "../../../../../src/clock.ts";

interface Entry {
  readonly at: number;
  run: (() => void) | undefined;
}

export class SimulatedClock implements Clock {
  private time = 1_700_000_000_000;
  /** Latest first; of several at one time the one that was set first is last. */
  private readonly entries: Entry[] = [];
  private called = 0;

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  schedule(delayMs: number, run: () => void): Timer {
    const entry: Entry = { at: this.time + delayMs, run };
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle]?.at ?? 0) > entry.at) low = middle + 1;
      else high = middle;
    }
    this.entries.splice(low, 0, entry);
    return {
      cancel: () => {
        if (entry.run !== undefined) this.called++;
        entry.run = undefined;
      },
    };
  }

  get pending(): number {
    return this.entries.length - this.called;
  }

  advance(ms: number): void {
    const end = this.time + ms;
    for (let next = this.entries.at(-1); next !== undefined && next.at <= end; next = this.entries.at(-1)) {
      this.entries.pop();
      this.time = next.at;
      if (next.run === undefined) this.called--;
      const run = next.run;
      next.run = undefined;
      run?.();
    }
    this.time = end;
  }
}
