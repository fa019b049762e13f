/**
 * What Apache Kafka answers to requests about groups, as recorded in test/fixtures/api/groups.json: requests that are
 * sent one after the other to a fresh cluster of one node. Like kafka-answers.ts, for messages with bytes and 64-bit
 * integers, and with ids that one answer hands out and later requests use.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { definitionsOf, type Json, Placeholders } from "./kafka-answers.ts";

export interface GroupStep {
  /** What is asked, in words. */
  readonly step: string;
  /** The API's name, such as `JoinGroup`. */
  readonly api: string;
  readonly version: number;
  readonly request: { [name: string]: Json };
  /** Names for strings of the answer, by the name of their field: later steps use them as `$name`. */
  readonly remember?: Record<string, string>;
  /** Asked again until the coordinator is there: Kafka makes its topic in the background. */
  readonly retry?: boolean;
  /** Absent before it has been recorded, and where it is not of groups. */
  readonly response?: Json;
}

const path = join(import.meta.dir, "../fixtures/api/groups.json");

export function groupSteps(): GroupStep[] {
  return JSON.parse(readFileSync(path, "utf8"));
}

export function writeGroupSteps(steps: readonly GroupStep[]): void {
  const lines = steps.map(({ request, response, ...head }) => {
    const start = JSON.stringify(head).slice(0, -1);
    const answer = response === undefined ? "" : `,\n "response":${JSON.stringify(response)}`;
    return `${start},\n "request":${JSON.stringify(request)}${answer}}`;
  });
  writeFileSync(path, `[\n${lines.join(",\n")}\n]\n`);
}

/** Sends one request. */
export type Ask = (api: ReturnType<typeof definitionsOf>, version: number, body: object) => Promise<object>;

const RETRY_MS = 200;

/** Answers steps in order; what one answer hands out, later requests use. */
export class GroupConversation {
  private readonly placeholders = new Placeholders();

  constructor(private readonly ask: Ask) {}

  /** The answer, with names where ids stand that are random. */
  async answer(step: GroupStep): Promise<Json> {
    const definitions = definitionsOf(step.api);
    const body = toBody(this.placeholders.toValues(step.request));
    let answer = toJson(await this.ask(definitions, step.version, body));
    while (step.retry && isComing(answer)) {
      await Bun.sleep(RETRY_MS);
      answer = toJson(await this.ask(definitions, step.version, body));
    }
    if (step.api === "CreateTopics") this.placeholders.learn(answer);
    for (const [field, name] of Object.entries(step.remember ?? {})) {
      const value = findField(answer, field);
      if (typeof value === "string") this.placeholders.add(`$${name}`, value);
    }
    return withoutWords(this.placeholders.toNames(answer));
  }
}

/** Whether the answer names an error that passes: the coordinator isn't there yet. */
function isComing(answer: Json): boolean {
  return /"errorCode":1[456]\b/.test(JSON.stringify(answer));
}

function findField(value: Json, name: string): Json | undefined {
  if (value === null || typeof value !== "object") return undefined;
  if (!Array.isArray(value) && name in value) return value[name];
  for (const inner of Object.values(value)) {
    const found = findField(inner, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What differs from one cluster to the next, and messages in words of our own. */
function withoutWords(answer: Json): Json {
  return JSON.parse(
    JSON.stringify(answer, (name, inner) => {
      if (name === "port" && typeof inner === "number" && inner > 0) return "$port";
      return name === "errorMessage" ? "$words" : inner;
    }),
  );
}

/** Bytes as `{"base64": …}` and 64-bit integers as `{"int64": …}`. */
function toJson(value: unknown): Json {
  if (typeof value === "bigint") return { int64: String(value) };
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(toJson);
  if (value === null || value === undefined) return null;
  if (typeof value !== "object") return value as Json;
  const entries = Object.entries(value).filter(([name]) => name !== "unknownTaggedFields");
  return Object.fromEntries(entries.map(([name, inner]) => [name, toJson(inner)]));
}

function toBody(value: Json): object {
  return fromJson(value) as object;
}

function fromJson(value: Json): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.int64 === "string") return BigInt(value.int64);
  if (typeof value.base64 === "string") return Buffer.from(value.base64, "base64");
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fromJson(inner)]));
}
