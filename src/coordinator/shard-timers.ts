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

interface Entry {
  timer: Timer;
}

export class ShardTimers<Record> implements Timers<Record> {
  private readonly entries = new Map<string, Entry>();

  /** @param run carries an expired timer's operation out; says false when it failed and is to be tried again */
  constructor(
    private readonly clock: Clock,
    private readonly run: (key: string, expire: Expire<Record>) => boolean,
  ) {}

  set(key: string, delayMs: number, expire: Expire<Record>): void {
    this.entries.get(key)?.timer.cancel();
    const entry: Entry = { timer: noTimer };
    this.entries.set(key, entry);
    this.wait(key, entry, delayMs, expire);
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

  private wait(key: string, entry: Entry, delayMs: number, expire: Expire<Record>): void {
    const part = Math.min(Math.max(delayMs, 0), MAX_DELAY_MS);
    entry.timer = this.clock.schedule(part, () => {
      if (delayMs > part) this.wait(key, entry, delayMs - part, expire);
      else this.fire(key, expire);
    });
  }

  private fire(key: string, expire: Expire<Record>): void {
    // Gone before it runs: its operation may set it anew.
    this.entries.delete(key);
    if (!this.run(key, expire) && !this.entries.has(key)) this.set(key, RETRY_MS, expire);
  }
}

const noTimer: Timer = { cancel() {} };
