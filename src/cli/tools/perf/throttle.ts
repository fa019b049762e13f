/**
 * Holds back who sends faster than asked for.
 */
export class Throttle {
  private readonly startedMs: number;

  /** @param perSecond how many a second; no limit if it is negative */
  constructor(
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.startedMs = now();
  }

  /** How many milliseconds to wait before anything is sent after the first `count`. */
  waitMs(count: number): number {
    if (this.perSecond < 0) return 0;
    if (this.perSecond === 0) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.startedMs + (count / this.perSecond) * 1000 - this.now());
  }
}
