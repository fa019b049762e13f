/**
 * Holds work back to a number of bytes a second (`log.cleaner.io.max.bytes.per.second`).
 */
import type { Clock } from "../../clock.ts";

/** Shorter debts are carried on: a timer can't pay them. */
const SHORTEST_PAUSE_MS = 5;
/** Longer pauses are cut up, so that work can be called off. */
const LONGEST_PAUSE_MS = 100;

export class Throttle {
  /** When what was taken so far is paid for. */
  #paidAtMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly bytesPerSecond: () => number,
  ) {
    this.#paidAtMs = clock.now();
  }

  /**
   * Resolves when as many bytes may have been read or written. `check` is asked before every pause; what it throws ends
   * the waiting.
   */
  async take(bytes: number, check: () => void): Promise<void> {
    const now = this.clock.now();
    this.#paidAtMs = Math.max(this.#paidAtMs, now) + (bytes * 1000) / this.bytesPerSecond();
    for (;;) {
      const debtMs = this.#paidAtMs - this.clock.now();
      if (debtMs < SHORTEST_PAUSE_MS) return;
      check();
      await new Promise<void>((resolve) => this.clock.schedule(Math.min(debtMs, LONGEST_PAUSE_MS), resolve));
    }
  }
}
