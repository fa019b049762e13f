/**
 * A clock whose hands a test moves.
 */
import type { Clock, Timer } from "../../../../src/clock.ts";

interface Entry {
  readonly at: number;
  readonly run: () => void;
}

export class ManualClock implements Clock {
  private time = 1_700_000_000_000;
  private readonly entries = new Set<Entry>();

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  schedule(delayMs: number, run: () => void): Timer {
    const entry = { at: this.time + delayMs, run };
    this.entries.add(entry);
    return { cancel: () => this.entries.delete(entry) };
  }

  /** Timers that have neither run nor been called off. */
  get pending(): number {
    return this.entries.size;
  }

  /** Lets time pass; timers run at their time, in order, and may set new ones. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.entries].filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.entries.delete(due);
      this.time = due.at;
      due.run();
    }
    this.time = end;
  }
}
