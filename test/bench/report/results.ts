/**
 * From samples to what is told of them: medians, spreads, ratios, and whether targets are met.
 */
import type { Measured } from "../measure.ts";
import { type Summary, summarize } from "../statistics.ts";
import type { Metric } from "../workload.ts";

export interface MetricResult {
  readonly metric: Metric;
  readonly houska: Summary;
  /** undefined where Apache Kafka was left out. */
  readonly kafka: Summary | undefined;
  /** Houska's median divided by Kafka's. */
  readonly ratio: number | undefined;
  /** undefined where there is no target or no ratio. */
  readonly isMet: boolean | undefined;
}

export interface WorkloadResult {
  readonly name: string;
  readonly what: string;
  readonly runs: number;
  readonly metrics: readonly MetricResult[];
}

export function resultOf({ workload, samples }: Measured): WorkloadResult {
  const of = (broker: string, metric: string) => {
    const values = samples.get(broker)?.map((sample) => sample[metric] ?? Number.NaN);
    return values === undefined ? undefined : summarize(values);
  };
  const metrics = workload.metrics.map((metric) => {
    const houska = of("Houska", metric.name) ?? summarize([]);
    const kafka = of("Kafka", metric.name);
    const ratio = kafka === undefined ? undefined : houska.median / kafka.median;
    return { metric, houska, kafka, ratio, isMet: isMet(metric, ratio) };
  });
  return { name: workload.name, what: workload.what, runs: samples.get("Houska")?.length ?? 0, metrics };
}

function isMet({ atMost, atLeast }: Metric, ratio: number | undefined): boolean | undefined {
  if (ratio === undefined || (atMost === undefined && atLeast === undefined)) return undefined;
  return ratio <= (atMost ?? Number.POSITIVE_INFINITY) && ratio >= (atLeast ?? 0);
}

/** A ratio's target as a person writes it: `≤ 0.35`; empty where there is none. */
export function targetText({ atMost, atLeast }: Metric): string {
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
