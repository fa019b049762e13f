/**
 * Medians, percentiles and spreads of what was measured.
 */

/** The value below which `share` (0 to 1) of the values lie; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The middle of several runs, and how far they lie apart. */
export function summarize(values: readonly number[]): Summary {
  return { median: percentile(values, 0.5), min: percentile(values, 0), max: percentile(values, 1) };
}
