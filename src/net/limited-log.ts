/**
 * Log lines that a peer can cause as often as it likes, held to a few a second.
 */
import type { Clock } from "../clock.ts";
import type { Logger } from "../observe/logger.ts";

const WINDOW_MS = 1000;

/** Passes on at most `linesPerSecond` lines in a second of any level; the others are counted, and the count is told. */
export class LimitedLog {
  private windowStart = Number.NEGATIVE_INFINITY;
  private lines = 0;
  private suppressed = 0;

  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
    private readonly linesPerSecond = 10,
  ) {}

  /** Not limited: who asks for this much gets it. */
  debug(message: string): void {
    this.logger.debug(message);
  }

  info(message: string): void {
    if (this.mayWrite()) this.logger.info(message);
  }

  warn(message: string): void {
    if (this.mayWrite()) this.logger.warn(message);
  }

  error(message: string): void {
    if (this.mayWrite()) this.logger.error(message);
  }

  private mayWrite(): boolean {
    const now = this.clock.now();
    // A wall clock can be set back; then the window begins anew.
    if (now - this.windowStart >= WINDOW_MS || now < this.windowStart) {
      this.windowStart = now;
      this.lines = 0;
    }
    if (this.lines < this.linesPerSecond) {
      this.lines++;
      return true;
    }
    if (this.suppressed++ === 0) this.clock.schedule(WINDOW_MS, () => this.tellSuppressed());
    return false;
  }

  private tellSuppressed(): void {
    this.logger.warn(`${this.suppressed} more log lines about connections were left out in the last second`);
    this.suppressed = 0;
  }
}
