/**
 * The timers of one loaded partition, on the broker's clock.
 */
import type { Clock, Timer } from "../clock.ts";
import type { Outcome } from "./outcome.ts";
import type { Timers } from "./timers.ts";

/** The longest delay that a timer of the machine takes; a longer one is waited for in parts. */
const MAX_DELAY_MS = 0x7fffffff;
/** After how long Kafka tries again what a timer couldn't write. */
const RETRY_MS = 500;

type Expire<Record> = (nowMs: number) => Outcome<Record, void>;

interface Entry<Record> {
  timer: Timer;
  /** When the timer comes, and when it is due, by the monotonic clock. */
  comesMs: number;
  dueMs: number;
  expire: Expire<Record>;
}

export class ShardTimers<Record> implements Timers<Record> {
  private readonly entries = new Map<string, Entry<Record>>();

  /** @param run carries an expired timer's operation out; says false when it failed and is to be tried again */
  constructor(
    private readonly clock: Clock,
    private readonly run: (key: string, expire: Expire<Record>) => boolean,
  ) {}

  set(key: string, delayMs: number, expire: Expire<Record>): void {
    const nowMs = this.clock.monotonic();
    const dueMs = nowMs + Math.max(delayMs, 0);
    const former = this.entries.get(key);
    // Every heartbeat puts a session's end off: its timer comes once, too early, and then waits for the rest.
    if (former !== undefined && former.comesMs <= dueMs) {
      former.dueMs = dueMs;
      former.expire = expire;
      return;
    }
    former?.timer.cancel();
    const entry: Entry<Record> = { timer: noTimer, comesMs: nowMs, dueMs, expire };
    this.entries.set(key, entry);
    this.wait(key, entry, nowMs);
  }

  cancel(key: string): void {
    this.entries.get(key)?.timer.cancel();
    this.entries.delete(key);
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }

  /** Calls all of them off. */
  clear(): void {
    for (const entry of this.entries.values()) entry.timer.cancel();
    this.entries.clear();
  }

  private wait(key: string, entry: Entry<Record>, nowMs: number): void {
    const part = Math.min(entry.dueMs - nowMs, MAX_DELAY_MS);
    entry.comesMs = nowMs + part;
    entry.timer = this.clock.schedule(part, () => {
      const comesMs = this.clock.monotonic();
      if (entry.dueMs > comesMs) this.wait(key, entry, comesMs);
      else this.fire(key, entry.expire);
    });
  }

  private fire(key: string, expire: Expire<Record>): void {
    // Gone before it runs: its operation may set it anew.
    this.entries.delete(key);
    if (!this.run(key, expire) && !this.entries.has(key)) this.set(key, RETRY_MS, expire);
  }
}

const noTimer: Timer = { cancel() {} };
