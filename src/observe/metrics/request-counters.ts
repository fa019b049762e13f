/**
 * How many requests of each API are answered, how long that takes, and with which errors.
 */
import { Distribution } from "./distribution.ts";

/** Times are kept in microseconds. */
const PER_MS = 1000;

export class RequestCounters {
  /** By API version. */
  readonly byVersion: number[] = [];
  /** How often answers, or parts of them, say that it went well. */
  successes = 0;
  /** Error codes in answers, and how often. */
  readonly errors = new Map<number, number>();
  /** Microseconds from the request's last byte until the answer is made. */
  readonly totalTime = new Distribution();
  /** Microseconds during which the request kept others from running, waiting not included. */
  readonly localTime = new Distribution();
  requestBytes = 0;
  responseBytes = 0;

  constructor(
    readonly key: number,
    readonly name: string,
  ) {}

  /** A request came, and was handled as far as could be done at once. Times in milliseconds. */
  handled(version: number, bytes: number, startedMs: number, nowMs: number): void {
    this.byVersion[version] = (this.byVersion[version] ?? 0) + 1;
    this.requestBytes += bytes;
    this.localTime.add((nowMs - startedMs) * PER_MS, nowMs);
  }

  /** A request was answered. Times in milliseconds. */
  answered(startedMs: number, nowMs: number): void {
    this.totalTime.add((nowMs - startedMs) * PER_MS, nowMs);
  }

  /** An answer, or one of its parts, has this error code; 0 for none. */
  readonly countError = (code: number): void => {
    if (code === 0) this.successes++;
    else this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  };
}

export class RequestMetrics {
  private readonly byKey: RequestCounters[] = [];

  /** The counters of an API. */
  of(key: number, name: string): RequestCounters {
    const counters = this.byKey[key];
    if (counters !== undefined) return counters;
    const added = new RequestCounters(key, name);
    this.byKey[key] = added;
    return added;
  }

  /** Of the APIs that have been asked, in the order of their keys. */
  all(): RequestCounters[] {
    return this.byKey.filter((counters) => counters !== undefined);
  }
}
