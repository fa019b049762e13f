/**
 * Timers of a coordinator: what they do is an operation like a request's, with records and what follows them.
 */
import type { Outcome } from "./outcome.ts";

/** The timers of one partition's state machine. They are gone when the partition is unloaded. */
export interface Timers<Record> {
  /** Runs `expire` once, `delayMs` milliseconds from now; takes the place of a timer with the same key. */
  set(key: string, delayMs: number, expire: (nowMs: number) => Outcome<Record, void>): void;
  /** Calls a timer off; does nothing when there is none. */
  cancel(key: string): void;
  /** Whether a timer with that key has been set and has neither run nor been called off. */
  has(key: string): boolean;
}
