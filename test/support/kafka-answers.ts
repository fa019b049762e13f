/**
 * What Apache Kafka answers, as recorded in test/fixtures/api: requests that are sent one after the other to a
 * fresh cluster of one node, each with the answer. Topic ids are random, so `$id(name)` stands for them, as
 * `$clusterId` and `$port` do for what differs from one cluster to the next.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as messages from "../../src/protocol/messages/index.ts";
import type { Definition } from "../../src/protocol/schema.ts";

/** A value as it stands in JSON: what messages without bytes and 64-bit integers are made of. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface RecordedStep {
  /** What is asked, in words. */
  readonly step: string;
  /** The API's name, such as `CreateTopics`. */
  readonly api: string;
  readonly version: number;
  readonly request: { [name: string]: Json };
  /** The answer; "closed" when the connection was closed instead, "silence" when nothing came; absent before it has been recorded. */
  readonly response?: Json;
}

const folder = join(import.meta.dir, "..", "fixtures", "api");

export function recordedSteps(name: string): RecordedStep[] {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
}

/** Writes the steps, each on lines of its own, so that a change of one can be read. */
export function writeRecordedSteps(name: string, steps: readonly RecordedStep[]): void {
  const lines = steps.map(({ step, api, version, request, response }) => {
    const head = JSON.stringify({ step, api, version }).slice(0, -1);
    return `${head},\n "request":${JSON.stringify(request)},\n "response":${JSON.stringify(response)}}`;
  });
  writeFileSync(join(folder, `${name}.json`), `[\n${lines.join(",\n")}\n]\n`);
}

/** The definitions of an API's request and response, by the API's name. */
export function definitionsOf(api: string): { request: Definition; response: Definition } {
  const all: Record<string, unknown> = { ...messages };
  const request = all[`${api}Request`];
  const response = all[`${api}Response`];
  if (request === undefined || response === undefined) throw new Error(`there is no API ${api}`);
  return { request: request as Definition, response: response as Definition };
}

/**
 * An answer without what says nothing: the order of elements, unless the API promises one, and texts of our own.
 */
export function comparable({ api }: RecordedStep, answer: Json): Json {
  return withoutWords(api === "DescribeTopicPartitions" ? answer : withoutOrder(answer));
}

function withoutOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutOrder).sort(byKey);
  if (value === null || typeof value !== "object") return value;
  // The order of synonyms says which counts.
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === "synonyms" ? inner : withoutOrder(inner)]),
  );
}

function byKey(left: Json, right: Json): number {
  return keyOf(left) < keyOf(right) ? -1 : 1;
}

function keyOf(value: Json): string {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return JSON.stringify(value);
  const { resourceType, resourceName, name, topicId, partitionIndex } = value;
  return JSON.stringify([resourceType, resourceName, name, topicId, partitionIndex, value]);
}

function withoutWords(value: Json): Json {
  const replaced = JSON.stringify(value, (name, inner) => {
    if (name === "port") return "$port";
    return name === "documentation" && typeof inner === "string" && inner !== "" ? "$documentation" : inner;
  });
  return JSON.parse(replaced);
}

/** Puts names in the place of what differs from one cluster to the next, and back. */
export class Placeholders {
  private readonly names = new Map<string, string>();
  private readonly values = new Map<string, string>();

  add(name: string, value: string): void {
    this.names.set(value, name);
    this.values.set(name, value);
  }

  /** With placeholders where the values of this cluster stand. */
  toNames(value: Json): Json {
    return replaceStrings(value, this.names);
  }

  /** With this cluster's values where placeholders stand. */
  toValues(value: Json): Json {
    return replaceStrings(value, this.values);
  }

  /** Remembers the topic ids that a response tells, and the id of its cluster. */
  learn(response: Json): void {
    for (const object of objectsIn(response)) {
      const { topicId, name, clusterId } = object;
      if (typeof topicId === "string" && typeof name === "string" && !/^A{22}$/.test(topicId)) {
        this.add(`$id(${name})`, topicId);
      }
      if (typeof clusterId === "string" && clusterId !== "") this.add("$clusterId", clusterId);
    }
  }
}

function replaceStrings(value: Json, replacements: ReadonlyMap<string, string>): Json {
  if (typeof value === "string") return replacements.get(value) ?? value;
  if (Array.isArray(value)) return value.map((element) => replaceStrings(element, replacements));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, replaceStrings(v, replacements)]));
}

function* objectsIn(value: Json): Generator<{ [name: string]: Json }> {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value)) yield value;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) yield* objectsIn(inner);
}
