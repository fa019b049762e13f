import { describe, expect, test } from "bun:test";
import { alterConfigs, ConfigOperation, ConfigResourceType } from "../../../src/config/alter.ts";
import { ConfigChangeError } from "../../../src/config/change-error.ts";
import {
  type ConfigEntry,
  describeBrokerConfigs,
  describeClientMetricsConfigs,
  describeClusterDefaultConfigs,
  describeGroupConfigs,
  describeTopicConfigs,
} from "../../../src/config/describe.ts";
import type { ConfigMap } from "../../../src/config/layers.ts";
import { loadServerConfig } from "../../../src/config/load.ts";
import type { ServerConfig } from "../../../src/config/server-config.ts";
import { type KafkaEntry, type KafkaRun, type KafkaStep, readRun } from "./kafka-replies.ts";

/** Where Houska refuses something else, or in other words, with the reason. */
const differences: Readonly<Record<string, string>> = {
  "max.connections.per.ip.overrides=foo": "Kafka's words come from String.substring",
  "min.insync.replicas=2": "that a broker can't have its own while ELR is on is the controller's affair",
};

const types = ["UNKNOWN", "BOOLEAN", "STRING", "INT", "SHORT", "LONG", "DOUBLE", "LIST", "CLASS", "PASSWORD"];
const empty: ConfigMap = new Map();

/** A broker to which the steps of a Kafka run happen. */
class Replay {
  server: ServerConfig;
  readonly resources = new Map<string, ConfigMap>();

  constructor(run: KafkaRun) {
    const file = { path: "server.properties", text: run.properties };
    this.resources.set("BROKER ", run.clusterDefault);
    this.server = loadServerConfig({ file, overrides: [] }).config.withDynamic(empty, run.clusterDefault);
  }

  /** The error name and message of a change, or null; keeps the change where it is meant. */
  change(step: KafkaStep): readonly [string, string] | null {
    const key = `${step.type} ${step.name}`;
    const resource = { type: ConfigResourceType[step.type], name: step.name };
    const operations = (
      step.ops ??
      step.configs?.map(([name, value]) => ["set", name, value] as const) ??
      []
    ).map(([operation, name, value]) => ({
      name,
      operation: ConfigOperation[operation.toUpperCase() as keyof typeof ConfigOperation],
      value,
    }));
    try {
      const { configs } = alterConfigs(this.server, resource, this.resources.get(key) ?? empty, operations);
      if (step.do === "check") return null;
      this.resources.set(key, configs);
      this.server = this.server.withDynamic(
        this.resources.get("BROKER 1") ?? empty,
        this.resources.get("BROKER ") ?? empty,
      );
      return null;
    } catch (error) {
      if (error instanceof ConfigChangeError) return [error.errorName, error.message];
      throw error;
    }
  }

  describe(step: KafkaStep): ConfigEntry[] {
    const overrides = this.resources.get(`${step.type} ${step.name}`) ?? empty;
    if (step.type === "TOPIC") return describeTopicConfigs(this.server, overrides);
    if (step.type === "GROUP") return describeGroupConfigs(this.server, overrides);
    if (step.type === "CLIENT_METRICS") return describeClientMetricsConfigs(overrides);
    return step.name === "" ? describeClusterDefaultConfigs(this.server) : describeBrokerConfigs(this.server);
  }
}

const asKafkas = (entry: ConfigEntry): KafkaEntry => [
  entry.name,
  entry.value,
  entry.configSource,
  entry.isSensitive,
  entry.readOnly,
  types[entry.configType] ?? "",
  entry.synonyms.map(({ name, value, source }) => [name, value, source] as const),
];

const errorNames: Readonly<Record<number, string>> = { 40: "INVALID_CONFIG", 42: "INVALID_REQUEST" };

function title({ do: what, type, name, ops, configs }: KafkaStep): string {
  const changes = ops?.map((op) => op.join(" ")) ?? configs?.map((pair) => pair.join("=")) ?? [];
  return `${what} ${type} ${name || "(default)"} ${changes.join(", ")}`;
}

function isDifferent({ ops }: KafkaStep): boolean {
  return (ops ?? []).some(([, name, value]) => differences[`${name}=${value}`] !== undefined);
}

describe.each([
  ["a plain broker", "kafka-4.4.0-plain.jsonl"],
  ["a broker with many settings", "kafka-4.4.0-many-settings.jsonl"],
])("as Apache Kafka 4.4.0 answers, %s", (_, file) => {
  const run = readRun(file);
  const replay = new Replay(run);
  for (const step of run.steps) {
    if (step.do === "describe") {
      test(`describes ${step.type} ${step.name || "(default)"}`, () => {
        const described = replay.describe(step).map(asKafkas);
        expect(described.sort((a, b) => (a[0] < b[0] ? -1 : 1))).toEqual([...(step.entries ?? [])]);
      });
    } else if (!isDifferent(step)) {
      test(`${step.error === null ? "accepts" : "refuses"}: ${title(step)}`, () => {
        const { error } = step;
        const expected = error ? ([errorNames[error.code] ?? error.type, error.message] as const) : null;
        expect(replay.change(step)).toEqual(expected);
      });
    }
  }
});
