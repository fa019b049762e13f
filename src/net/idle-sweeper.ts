/**
 * Closes connections that have been idle for too long.
 *
 * Time is counted in rounds of a tenth of the limit, so that a connection only has to note the round's number when
 * something happens on it, which costs nothing. There is a timer only while there are connections.
 */
import type { Clock, Timer } from "../clock.ts";

/** A connection, as the sweeper sees it. */
export interface Sweepable {
  /** Closes if nothing has happened on it since before this round, and nothing is under way. */
  closeIfIdleSince(round: number): void;
}

const ROUNDS = 10;
const ROUND_WITHOUT_LIMIT_MS = 60_000;

export class IdleSweeper {
  private currentRound = 0;
  private timer: Timer | null = null;

  /** @param maxIdleMs gives `connections.max.idle.ms`; negative is no limit */
  constructor(
    private readonly channels: ReadonlySet<Sweepable>,
    private readonly maxIdleMs: () => number,
    private readonly clock: Clock,
  ) {}

  /** The number that a connection notes when something happens on it. */
  get round(): number {
    return this.currentRound;
  }

  /** Begins, if it has not; it stops by itself when no connections are left. */
  start(): void {
    if (this.timer !== null) return;
    const maxIdleMs = this.maxIdleMs();
    const roundMs = maxIdleMs < 0 ? ROUND_WITHOUT_LIMIT_MS : Math.max(1, Math.ceil(maxIdleMs / ROUNDS));
    this.timer = this.clock.schedule(roundMs, () => this.sweep());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private sweep(): void {
    this.timer = null;
    this.currentRound++;
    if (this.maxIdleMs() >= 0) {
      for (const channel of [...this.channels]) channel.closeIfIdleSince(this.currentRound - ROUNDS);
    }
    if (this.channels.size > 0) this.start();
  }
}
