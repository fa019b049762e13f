/**
 * Figures that belong to a curve: what something costs when there is more and more of something else.
 */
import { type Summary, summarize } from "../statistics.ts";
import type { WorkloadResult } from "./results.ts";

export interface Curve {
  readonly of: string;
  readonly unit: string;
  readonly points: readonly { readonly at: number; readonly value: Summary }[];
}

/** A workload's curves, by their names. */
export function curvesOf({ metrics }: WorkloadResult): Curve[] {
  const curves = new Map<string, Curve & { points: { at: number; value: Summary }[] }>();
  for (const { metric, houska } of metrics) {
    if (metric.curve === undefined) continue;
    const { of, at } = metric.curve;
    const curve = curves.get(of) ?? { of, unit: metric.unit, points: [] };
    curve.points.push({ at, value: houska });
    curves.set(of, curve);
  }
  return [...curves.values()];
}

/** From the first point of each curve to its last: how many times as much. */
export function growthOf(result: WorkloadResult): { of: string; from: number; to: number; factor: number }[] {
  return curvesOf(result).map(({ of, points }) => {
    const first = points[0] ?? { at: Number.NaN, value: summarize([]) };
    const last = points.at(-1) ?? first;
    return { of, from: first.at, to: last.at, factor: last.value.median / first.value.median };
  });
}
