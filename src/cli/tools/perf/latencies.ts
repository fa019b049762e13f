/**
 * How long records took, and how many of them went through: what kafka-producer-perf-test prints while it runs and at
 * its end.
 */

/** So many latencies are kept at most, of more records every so many-th. */
const KEPT_AT_MOST = 500_000;
const BYTES_PER_MEBIBYTE = 1024 * 1024;
const PERCENTILES = [0.5, 0.95, 0.99, 0.999] as const;

interface Window {
  readonly sinceMs: number;
  count: number;
  bytes: number;
  totalMs: number;
  maxMs: number;
}

export class Latencies {
  private readonly whole: Window;
  private window: Window;
  private readonly kept: Int32Array;
  private readonly every: number;
  private keptCount = 0;
  private isQuiet = false;

  /**
   * @param expected how many records there will be
   * @param reportMs how often to print what happened since the last time
   * @param isSteadyState whether these are the records after the warm-up
   */
  constructor(
    expected: number,
    private readonly reportMs: number,
    private readonly isSteadyState: boolean,
    private readonly print: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.every = Math.max(1, Math.floor(expected / KEPT_AT_MOST));
    this.kept = new Int32Array(Math.ceil(expected / this.every) + 1);
    this.whole = this.newWindow();
    this.window = this.newWindow();
  }

  /** A record is in the log. */
  record(latencyMs: number, bytes: number): void {
    if (this.whole.count % this.every === 0) this.kept[this.keptCount++] = latencyMs;
    for (const window of [this.whole, this.window]) {
      window.count++;
      window.bytes += bytes;
      window.totalMs += latencyMs;
      window.maxMs = Math.max(window.maxMs, latencyMs);
    }
    if (this.now() - this.window.sinceMs < this.reportMs) return;
    if (this.isSteadyState && this.whole.count === this.window.count) this.print("In steady state.");
    if (!this.isQuiet) this.print(this.windowLine());
    this.window = this.newWindow();
  }

  /** Prints no more windows: others do. */
  quieten(): void {
    this.isQuiet = true;
  }

  /** The line for all records. */
  totalLine(): string {
    const { count, bytes, totalMs, maxMs, sinceMs } = this.whole;
    const seconds = (this.now() - sinceMs) / 1000;
    const sorted = this.kept.subarray(0, this.keptCount).sort();
    const [half, most, nearlyAll, all] = PERCENTILES.map(
      (part) => sorted[Math.floor(part * sorted.length)] ?? 0,
    );
    const what = this.isSteadyState ? " steady state" : "";
    return (
      `${count}${what} records sent, ${(count / seconds).toFixed(6)} records/sec ` +
      `(${(bytes / BYTES_PER_MEBIBYTE / seconds).toFixed(2)} MB/sec), ` +
      `${(totalMs / count).toFixed(2)} ms avg latency, ${maxMs.toFixed(2)} ms max latency, ` +
      `${half} ms 50th, ${most} ms 95th, ${nearlyAll} ms 99th, ${all} ms 99.9th.`
    );
  }

  private windowLine(): string {
    const { count, bytes, totalMs, maxMs, sinceMs } = this.window;
    const seconds = (this.now() - sinceMs) / 1000;
    return (
      `${count} records sent, ${(count / seconds).toFixed(1)} records/sec ` +
      `(${(bytes / BYTES_PER_MEBIBYTE / seconds).toFixed(2)} MB/sec), ` +
      `${(totalMs / count).toFixed(1)} ms avg latency, ${maxMs.toFixed(1)} ms max latency.`
    );
  }

  private newWindow(): Window {
    return { sinceMs: this.now(), count: 0, bytes: 0, totalMs: 0, maxMs: 0 };
  }
}
