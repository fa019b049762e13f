/**
 * How durations or sizes are distributed, of lately and in all. Adding one costs a few instructions and no memory: it
 * falls into one of 448 buckets, sixteen for each power of two, so that a quantile is at most a sixteenth too low.
 */

const SUB_BUCKET_BITS = 4;
const SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
/** Values from here on share the last bucket. */
const MAX_VALUE = 0x7fffffff;
const BUCKETS = bucketOf(MAX_VALUE) + 1;
/** Quantiles are of the last one to two windows: about what Kafka's reservoir remembers. */
const WINDOW_MS = 150_000;

export class Distribution {
  /** Of all values ever added. */
  count = 0;
  sum = 0;
  private current = new Uint32Array(BUCKETS);
  private before = new Uint32Array(BUCKETS);
  private windowEndMs = 0;

  /**
   * Adds a value from 0 on; fractions count in the sum alone.
   *
   * @param nowMs milliseconds of a clock that is never set back
   */
  add(value: number, nowMs: number): void {
    if (nowMs >= this.windowEndMs) this.beginWindow(nowMs);
    this.count++;
    this.sum += value;
    const bucket = bucketOf(value);
    this.current[bucket] = (this.current[bucket] ?? 0) + 1;
  }

  /** The values below which the given shares of the recently added ones lie (0.99 for 99 in 100); NaN without any. */
  quantiles(shares: readonly number[], nowMs: number): number[] {
    if (nowMs >= this.windowEndMs) this.beginWindow(nowMs);
    let total = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) total += this.countIn(bucket);
    return shares.map((share) => this.valueAt(Math.max(1, Math.ceil(share * total)), total));
  }

  private valueAt(rank: number, total: number): number {
    if (total === 0) return Number.NaN;
    let passed = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      passed += this.countIn(bucket);
      if (passed >= rank) return lowestOf(bucket);
    }
    return MAX_VALUE;
  }

  private countIn(bucket: number): number {
    return (this.current[bucket] ?? 0) + (this.before[bucket] ?? 0);
  }

  private beginWindow(nowMs: number): void {
    const isNext = nowMs < this.windowEndMs + WINDOW_MS;
    const oldest = this.before;
    this.before = this.current;
    this.current = oldest.fill(0);
    if (!isNext) this.before.fill(0);
    this.windowEndMs = nowMs + WINDOW_MS;
  }
}

function bucketOf(value: number): number {
  const whole = value >= MAX_VALUE ? MAX_VALUE : value | 0;
  if (whole < SUB_BUCKETS) return whole < 0 ? 0 : whole;
  const power = 31 - Math.clz32(whole) - SUB_BUCKET_BITS;
  return (power << SUB_BUCKET_BITS) + (whole >> power);
}

function lowestOf(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket;
  const power = (bucket >> SUB_BUCKET_BITS) - 1;
  return ((bucket & (SUB_BUCKETS - 1)) | SUB_BUCKETS) << power;
}
