/**
 * How late the event loop is: a timer that is due every half second, and by how much it misses.
 */
import type { Clock, Timer } from "../../clock.ts";
import { Distribution } from "./distribution.ts";

const EVERY_MS = 500;
const MICROSECONDS = 1000;

export class EventLoopLag {
  /** Microseconds. */
  readonly distribution = new Distribution();
  private timer: Timer;

  /**
   * Measures until `stop` is called.
   *
   * @param nowMs a clock that is never set back, in milliseconds
   */
  constructor(
    private readonly clock: Clock,
    private readonly nowMs: () => number,
  ) {
    this.timer = this.next();
  }

  stop(): void {
    this.timer.cancel();
  }

  private next(): Timer {
    const dueMs = this.nowMs() + EVERY_MS;
    return this.clock.schedule(EVERY_MS, () => {
      const nowMs = this.nowMs();
      this.distribution.add(Math.max(0, nowMs - dueMs) * MICROSECONDS, nowMs);
      this.timer = this.next();
    });
  }
}
