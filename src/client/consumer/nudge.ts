/**
 * Waiting that can be cut short.
 */
export class Nudge {
  private waiting: (() => void)[] = [];
  private isDue = false;

  /** Ends the wait that goes on, or the next one. */
  now(): void {
    this.isDue = true;
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Waits so many milliseconds, or until it is nudged. */
  async wait(milliseconds: number): Promise<void> {
    if (!this.isDue && milliseconds > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.waiting.push(resolve);
      const timer = Number.isFinite(milliseconds) ? setTimeout(resolve, milliseconds) : undefined;
      await promise;
      clearTimeout(timer);
    }
    this.isDue = false;
  }
}
