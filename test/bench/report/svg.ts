/**
 * Results as a drawing: for each figure that has a target as a ratio, a bar for the ratio, and a mark at the target;
 * below them the curves of growth. All scales are logarithmic, as the figures go from hundredths to tens.
 */
import { type Curve, curvesOf } from "./growth.ts";
import { type MetricResult, short, type WorkloadResult } from "./results.ts";

const ROW = 24;
const LABELS = 360;
const BARS = 420;
const WIDTH = LABELS + BARS + 160;
const SMALLEST = 0.002;
const LARGEST = 100;

const CHART = { width: 420, height: 200, left: 60, top: 40, bottom: 40 };
const COLOURS = ["#2a5c9f", "#b8442e", "#2a7f4f"];

export function svgOf(results: readonly WorkloadResult[]): string {
  const rows = results.flatMap(({ name, metrics }) =>
    metrics
      .filter(({ ratio, metric }) => ratio !== undefined && (metric.atMost ?? metric.atLeast) !== undefined)
      .map((result) => ({ name, result })),
  );
  const barsHeight = (rows.length + 2) * ROW;
  const charts = results
    .map((result) => ({ name: result.name, what: result.what, curves: curvesOf(result) }))
    .filter(({ curves }) => curves.length > 0);
  const chartHeight = CHART.top + CHART.height + CHART.bottom;
  const height = barsHeight + Math.ceil(charts.length / 2) * chartHeight + ROW;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    `<text x="8" y="18" font-size="14">Houska as a multiple of Apache Kafka 4.4.0 (or kfake); the mark is the target</text>`,
    `<line x1="${x(1)}" x2="${x(1)}" y1="${ROW + 4}" y2="${barsHeight}" stroke="#999" stroke-dasharray="2 3"/>`,
    ...rows.map(({ name, result }, index) => bar(name, result, (index + 1.5) * ROW)),
    ...charts.map(({ name, curves }, index) =>
      chart(name, curves, (index % 2) * (WIDTH / 2), barsHeight + Math.floor(index / 2) * chartHeight),
    ),
    "</svg>",
    "",
  ].join("\n");
}

function x(ratio: number): number {
  return LABELS + BARS * place(ratio, SMALLEST, LARGEST);
}

/** From 0 at `smallest` to 1 at `largest`. */
function place(value: number, smallest: number, largest: number): number {
  const clamped = Math.min(Math.max(value, smallest), largest);
  return Math.log(clamped / smallest) / Math.log(largest / smallest);
}

function bar(name: string, { metric, rival, ratio, target, isMet }: MetricResult, y: number): string {
  const at = x(ratio ?? Number.NaN);
  const mark = x(metric.atMost ?? metric.atLeast ?? Number.NaN);
  const colour = isMet ? "#2a7f4f" : "#b8442e";
  const label = `${name}: ${metric.name}${rival === "kfake" ? ", kfake" : ""}`;
  const text = `${short(ratio ?? Number.NaN)} (${target})`;
  return [
    `<text x="8" y="${y + 12}">${label}</text>`,
    `<rect x="${LABELS}" y="${y}" width="${(at - LABELS).toFixed(1)}" height="15" fill="${colour}"/>`,
    `<line x1="${mark.toFixed(1)}" x2="${mark.toFixed(1)}" y1="${y - 2}" y2="${y + 17}" stroke="black" stroke-width="2"/>`,
    `<text x="${LABELS + BARS + 8}" y="${y + 12}">${text}</text>`,
  ].join("");
}

function chart(name: string, curves: readonly Curve[], left: number, top: number): string {
  const values = curves.flatMap(({ points }) => points.flatMap(({ value }) => [value.min, value.max]));
  const places = curves.flatMap(({ points }) => points.map(({ at }) => at));
  const [low, high] = [Math.min(...values) / 2, Math.max(...values) * 2];
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const [originX, originY] = [left + CHART.left, top + CHART.top + CHART.height];
  const width = CHART.width - CHART.left;
  const atX = (at: number) => (originX + width * place(at, first, last)).toFixed(1);
  const atY = (value: number) => (originY - CHART.height * place(value, low, high)).toFixed(1);
  const drawn = curves.map((curve, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const line = curve.points.map(({ at, value }) => `${atX(at)},${atY(value.median)}`).join(" ");
    const marks = curve.points.map(
      ({ at, value }) =>
        `<line x1="${atX(at)}" x2="${atX(at)}" y1="${atY(value.min)}" y2="${atY(value.max)}" stroke="${colour}"/>` +
        `<text x="${atX(at)}" y="${Number(atY(value.max)) - 4}" text-anchor="middle" font-size="10">${short(value.median)}</text>`,
    );
    const label = `<text x="${left + 8 + index * 200}" y="${top + 30}" fill="${colour}">${curve.of}, ${curve.unit}</text>`;
    return `${label}<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>${marks.join("")}`;
  });
  const ticks = [...new Set(places)].map(
    (at) => `<text x="${atX(at)}" y="${originY + 16}" text-anchor="middle">${at}</text>`,
  );
  return [
    `<text x="${left + 8}" y="${top + 14}" font-size="14">${name}</text>`,
    `<line x1="${originX}" x2="${originX + width}" y1="${originY}" y2="${originY}" stroke="#999"/>`,
    ...ticks,
    ...drawn,
  ].join("");
}
