/**
 * Reads what an Apache Kafka 4.4.0 broker answered to changes and descriptions of configs: test/fixtures/config.
 *
 * The first line of a file has the broker's properties file and the cluster's dynamic default it began with. A line
 * for each request follows, with the error or null; after a description, a line for each config. A description that
 * is not `full` has only what changed since the last one of the same resource.
 */
import { readFileSync } from "node:fs";

export interface KafkaError {
  readonly type: string;
  readonly code: number;
  readonly message: string;
}

/** name, value, source, sensitive, read-only, type, synonyms (name, value, source) */
export type KafkaEntry = readonly [
  string,
  string | null,
  number,
  boolean,
  boolean,
  string,
  readonly (readonly [string, string | null, number])[],
];

export interface KafkaStep {
  /** create: a topic; check: a change with validateOnly; alter: one without. */
  readonly do: "create" | "check" | "alter" | "describe";
  readonly type: "TOPIC" | "BROKER" | "GROUP" | "CLIENT_METRICS";
  readonly name: string;
  readonly configs?: readonly (readonly [string, string])[];
  readonly ops?: readonly (readonly [string, string, string | null])[];
  readonly error?: KafkaError | null;
  /** For a description: every config, in the order of names. */
  readonly entries?: readonly KafkaEntry[];
}

export interface KafkaRun {
  readonly properties: string;
  readonly clusterDefault: ReadonlyMap<string, string>;
  readonly steps: readonly KafkaStep[];
}

const folder = `${import.meta.dir}/../../fixtures/config`;

export const readLines = (file: string): unknown[] =>
  readFileSync(`${folder}/${file}`, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

export function readRun(file: string): KafkaRun {
  const [first, ...lines] = readLines(file);
  const { properties, clusterDefault } = first as {
    properties: string;
    clusterDefault: Record<string, string>;
  };
  const steps: KafkaStep[] = [];
  const latest = new Map<string, Map<string, KafkaEntry>>();
  let entries = new Map<string, KafkaEntry>();
  const flush = () => {
    const step = steps.pop();
    if (step === undefined) return;
    const sorted = [...entries.values()].sort((a, b) => (a[0] < b[0] ? -1 : 1));
    steps.push(step.do === "describe" ? { ...step, entries: sorted } : step);
  };
  for (const line of lines) {
    if (Array.isArray(line)) {
      const entry = line as unknown as KafkaEntry;
      entries.set(entry[0], entry);
      continue;
    }
    flush();
    const step = line as KafkaStep & { full?: boolean; gone?: string[] };
    steps.push(step);
    if (step.do !== "describe") continue;
    const resource = `${step.type} ${step.name}`;
    entries = new Map(step.full ? [] : latest.get(resource));
    for (const name of step.gone ?? []) entries.delete(name);
    latest.set(resource, entries);
  }
  flush();
  return { properties, clusterDefault: new Map(Object.entries(clusterDefault)), steps };
}
