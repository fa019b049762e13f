/**
 * Results as a drawing: for each figure that has a target, a bar for the ratio to Apache Kafka, and a mark at the
 * target. Bars are on a logarithmic scale, as the ratios go from hundredths to tens.
 */
import { type MetricResult, short, targetText, type WorkloadResult } from "./results.ts";

const ROW = 24;
const LABELS = 360;
const BARS = 420;
const SMALLEST = 0.002;
const LARGEST = 50;

export function svgOf(results: readonly WorkloadResult[]): string {
  const rows = results.flatMap(({ name, metrics }) =>
    metrics.filter(({ isMet }) => isMet !== undefined).map((result) => ({ name, result })),
  );
  const height = (rows.length + 2) * ROW;
  const lines = rows.map(({ name, result }, index) => bar(name, result, (index + 2) * ROW));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${LABELS + BARS + 160}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    `<text x="8" y="18" font-size="14">Houska as a multiple of Apache Kafka 4.4.0; the mark is the target</text>`,
    `<line x1="${x(1)}" x2="${x(1)}" y1="${ROW + 4}" y2="${height}" stroke="#999" stroke-dasharray="2 3"/>`,
    ...lines,
    "</svg>",
    "",
  ].join("\n");
}

function x(ratio: number): number {
  const clamped = Math.min(Math.max(ratio, SMALLEST), LARGEST);
  return LABELS + (BARS * Math.log(clamped / SMALLEST)) / Math.log(LARGEST / SMALLEST);
}

function bar(name: string, { metric, ratio, isMet }: MetricResult, y: number): string {
  const at = x(ratio ?? Number.NaN);
  const target = x(metric.atMost ?? metric.atLeast ?? Number.NaN);
  const colour = isMet ? "#2a7f4f" : "#b8442e";
  const label = `${name}: ${metric.name}`;
  const text = `${short(ratio ?? Number.NaN)} (${targetText(metric)})`;
  return [
    `<text x="8" y="${y + 12}">${label}</text>`,
    `<rect x="${LABELS}" y="${y}" width="${(at - LABELS).toFixed(1)}" height="15" fill="${colour}"/>`,
    `<line x1="${target.toFixed(1)}" x2="${target.toFixed(1)}" y1="${y - 2}" y2="${y + 17}" stroke="black" stroke-width="2"/>`,
    `<text x="${(Math.max(at, target) + 8).toFixed(1)}" y="${y + 12}">${text.replaceAll("<", "&lt;")}</text>`,
  ].join("");
}
