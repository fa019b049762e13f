/**
 * Results as a table on the terminal, and what falls short in words.
 */
import type { Summary } from "../statistics.ts";
import { growthOf } from "./growth.ts";
import { type MetricResult, short, type WorkloadResult } from "./results.ts";

const WIDTHS = [34, 26, 26, 8, 10];

export function tableHead(): string {
  return row(["median (min to max)", "Houska", "Apache Kafka", "ratio", "target"]);
}

/** A workload's lines. */
export function tableOf(result: WorkloadResult): string {
  const { name, what, runs, seconds, metrics } = result;
  const growth = growthOf(result).map(
    ({ of, from, to, factor }) => `  ${of}: ${short(factor)} times as much at ${to} as at ${from}`,
  );
  const head = `${name}: ${what} (${runs} runs, ${seconds.toFixed(0)} s)`;
  return [head, ...metrics.map(metricRow), ...growth].join("\n");
}

/** Which targets are met and which aren't, in words. */
export function verdictOf(results: readonly WorkloadResult[]): string {
  const judged = results.flatMap(({ name, metrics }) =>
    metrics.filter(({ isMet }) => isMet !== undefined).map((metric) => ({ name, metric })),
  );
  const missed = judged.filter(({ metric }) => metric.isMet === false);
  const lines = missed.map(({ name, metric }) => `  ${name}: ${sentence(metric)}`);
  const count = `${judged.length - missed.length} of ${judged.length} targets are met`;
  if (missed.length === 0) return `${count}.`;
  return [`${count}. Missed, so this run ends with exit code 1:`, ...lines].join("\n");
}

function sentence({ metric, houska, rival, ratio, target }: MetricResult): string {
  const own = `${metric.name} is ${short(houska.median)} ${metric.unit}`;
  const isAbsolute = metric.limit !== undefined || metric.minimum !== undefined;
  if (isAbsolute || ratio === undefined) return `${own}, wanted ${target}`;
  return `${own}, ${short(ratio)} times ${rival === "kfake" ? "kfake's" : "Apache Kafka's"}, wanted ${target}`;
}

function metricRow({ metric, houska, rival, other, ratio, target, isMet }: MetricResult): string {
  const mark = isMet === undefined ? "" : isMet ? " ✓" : " ✗";
  return row([
    `  ${metric.name}, ${metric.unit}`,
    spread(houska),
    other === undefined ? "" : `${spread(other)}${rival === "kfake" ? " kfake" : ""}`,
    ratio === undefined ? "" : short(ratio),
    target + mark,
  ]);
}

function spread({ median, min, max }: Summary): string {
  return `${short(median)} (${short(min)} to ${short(max)})`;
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0))
    .join("")
    .trimEnd();
}
