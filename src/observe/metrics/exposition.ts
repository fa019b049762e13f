/**
 * Prometheus's text format (version 0.0.4). Everything here is counted already when somebody asks, so a library of
 * counters would only copy it.
 */

export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export type Labels = Readonly<Record<string, string | number>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  /** What follows the family's name: `_sum` and `_count` in a summary. */
  readonly suffix?: string;
}

/** All samples of a name. */
export interface Family {
  readonly name: string;
  /** One line for people. */
  readonly help: string;
  readonly type: "counter" | "gauge" | "summary" | "untyped";
  readonly samples: readonly Sample[];
}

/** Samples whose lines are made in one go: a broker has thousands of partitions, and other things to do. */
const SAMPLES_PER_PIECE = 1000;

/** A family's lines, each ended, in pieces of a size that takes little time; nothing for one without samples. */
export function* familyPieces({ name, help, type, samples }: Family): Generator<string> {
  let head = `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n`;
  for (let start = 0; start < samples.length; start += SAMPLES_PER_PIECE) {
    const lines = samples
      .slice(start, start + SAMPLES_PER_PIECE)
      .map(({ suffix = "", labels, value }) => `${name}${suffix}${labelText(labels)} ${valueText(value)}\n`);
    yield head + lines.join("");
    head = "";
  }
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(String(value)).replaceAll('"', '\\"')}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function valueText(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
