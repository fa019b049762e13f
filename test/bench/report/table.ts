/**
 * Results as a table on the terminal.
 */
import type { Summary } from "../statistics.ts";
import { type MetricResult, short, targetText, type WorkloadResult } from "./results.ts";

const WIDTHS = [30, 26, 26, 8, 10];

export function tableHead(): string {
  return row(["median (min to max)", "Houska", "Apache Kafka", "ratio", "target"]);
}

/** A workload's lines. */
export function tableOf({ name, what, runs, metrics }: WorkloadResult): string {
  return [`${name}: ${what} (${runs} runs)`, ...metrics.map(metricRow)].join("\n");
}

function metricRow({ metric, houska, kafka, ratio, isMet }: MetricResult): string {
  const mark = isMet === undefined ? "" : isMet ? " ✓" : " ✗";
  return row([
    `  ${metric.name}, ${metric.unit}`,
    spread(houska),
    kafka === undefined ? "" : spread(kafka),
    ratio === undefined ? "" : short(ratio),
    targetText(metric) + mark,
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
