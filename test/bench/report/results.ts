/**
 * From samples to what is told of them: medians, spreads, ratios, and whether targets are met.
 */
import type { Rival } from "../brokers/broker.ts";
import type { Measured } from "../measure.ts";
import { type Summary, summarize } from "../statistics.ts";
import type { Metric } from "../workload.ts";

/** A figure, beside that of another broker where there is one. */
export interface MetricResult {
  readonly metric: Metric;
  readonly houska: Summary;
  readonly rival: Rival | undefined;
  /** The rival's; undefined where it was left out. */
  readonly other: Summary | undefined;
  /** Houska's median divided by the rival's. */
  readonly ratio: number | undefined;
  /** As a person writes it: `≤ 0.35`; empty where there is none. */
  readonly target: string;
  /** undefined where there is no target, or nothing to compare with. */
  readonly isMet: boolean | undefined;
}

export interface WorkloadResult {
  readonly name: string;
  readonly what: string;
  readonly runs: number;
  readonly seconds: number;
  readonly metrics: readonly MetricResult[];
}

export function resultOf({ workload, samples, seconds }: Measured): WorkloadResult {
  const of = (broker: string, metric: string) => {
    const values = samples.get(broker)?.map((sample) => sample[metric] ?? Number.NaN);
    return values === undefined ? undefined : summarize(values);
  };
  const metrics = workload.metrics.flatMap((metric) => {
    const houska = of("Houska", metric.name) ?? summarize([]);
    const rows = [beside(metric, houska, "Kafka", of("Kafka", metric.name))];
    const kfake = of("kfake", metric.name);
    if (kfake !== undefined && metric.atMostOfKfake !== undefined) {
      const { name, unit, atMostOfKfake: atMost } = metric;
      rows.push(beside({ name, unit, atMost }, houska, "kfake", kfake));
    }
    return rows;
  });
  const runs = samples.get("Houska")?.length ?? 0;
  return { name: workload.name, what: workload.what, runs, seconds, metrics };
}

function beside(metric: Metric, houska: Summary, rival: Rival, other: Summary | undefined): MetricResult {
  // There is no multiple of nothing.
  const ratio = other === undefined || other.median === 0 ? undefined : houska.median / other.median;
  const target = targetText(metric);
  return { metric, houska, rival: other && rival, other, ratio, target, isMet: isMet(metric, houska, ratio) };
}

function isMet(metric: Metric, { median }: Summary, ratio: number | undefined): boolean | undefined {
  const { atMost, atLeast, limit, minimum } = metric;
  if (limit !== undefined || minimum !== undefined) {
    return median <= (limit ?? Number.POSITIVE_INFINITY) && median >= (minimum ?? 0);
  }
  if (ratio === undefined || (atMost === undefined && atLeast === undefined)) return undefined;
  return ratio <= (atMost ?? Number.POSITIVE_INFINITY) && ratio >= (atLeast ?? 0);
}

function targetText({ unit, atMost, atLeast, limit, minimum }: Metric): string {
  if (limit !== undefined) return `≤ ${short(limit)} ${unit}`;
  if (minimum !== undefined) return `≥ ${short(minimum)} ${unit}`;
  if (atMost !== undefined) return `≤ ${short(atMost)}`;
  return atLeast === undefined ? "" : `≥ ${short(atLeast)}`;
}

/** A number in three digits or so. */
export function short(value: number): string {
  if (Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toString();
  return value.toFixed(size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
}
