/**
 * A broker's configs as they lie over each other: Kafka's defaults, the properties file, the cluster's dynamic
 * default, the broker's own dynamic configs (KIP-226). Values are text here.
 */

import type { ConfigValue } from "./config-value.ts";
import { brokerConfig } from "./definitions/tables.ts";
import { brokerConfigSynonyms, listenerConfigBase } from "./synonyms.ts";
import { configText, parseConfig, parseType } from "./value.ts";

/** Where a value comes from, by Kafka's numbers in DescribeConfigs. */
export const ConfigSource = {
  DYNAMIC_TOPIC_CONFIG: 1,
  DYNAMIC_BROKER_CONFIG: 2,
  DYNAMIC_DEFAULT_BROKER_CONFIG: 3,
  STATIC_BROKER_CONFIG: 4,
  DEFAULT_CONFIG: 5,
  DYNAMIC_BROKER_LOGGER_CONFIG: 6,
  DYNAMIC_CLIENT_METRICS_CONFIG: 7,
  DYNAMIC_GROUP_CONFIG: 8,
} as const;

export type ConfigSource = (typeof ConfigSource)[keyof typeof ConfigSource];

export type ConfigMap = ReadonlyMap<string, string>;

/** What Kafka demands and Houska can do without, so that a file of three lines is enough. */
const insteadOfRequired: ConfigMap = new Map([
  ["node.id", "1"],
  ["process.roles", "broker,controller"],
  ["controller.listener.names", ""],
]);

export class ConfigLayers {
  /** What is set, each key once, from the strongest layer that sets it. */
  readonly effective: ConfigMap;
  readonly #values = new Map<string, ConfigValue | null>();

  constructor(
    /** From the properties file and the arguments. */
    readonly fixed: ConfigMap,
    readonly clusterDefault: ConfigMap = new Map(),
    readonly perBroker: ConfigMap = new Map(),
  ) {
    const effective = new Map(fixed);
    overlay(effective, clusterDefault);
    overlay(effective, perBroker);
    this.effective = effective;
  }

  /** The text a key was set to, else its default; null where it has neither. */
  raw(name: string): string | null {
    return this.effective.get(name) ?? brokerConfig(name)?.default ?? insteadOfRequired.get(name) ?? null;
  }

  /**
   * The value of a known key; null where it is not set and has no default.
   *
   * @throws InvalidConfigError when the text is no value for the key
   */
  value(name: string): ConfigValue | null {
    let value = this.#values.get(name);
    if (value === undefined) {
      value = this.#parsed(name);
      this.#values.set(name, value);
    }
    return value;
  }

  #parsed(name: string): ConfigValue | null {
    const definition = brokerConfig(name);
    if (definition === undefined) throw new Error(`${name} is no broker config`);
    const set = this.effective.get(name);
    if (set !== undefined) return parseConfig(definition, set);
    if (definition.defaultValue !== null) return definition.defaultValue;
    const instead = insteadOfRequired.get(name);
    return instead === undefined ? null : parseType(name, definition.type, instead);
  }

  /** The value of a known key in the text form Kafka shows. */
  text(name: string): string | null {
    const value = this.value(name);
    return value === null ? null : configText(brokerConfig(name)?.type ?? "string", value);
  }

  number(name: string): number {
    return Number(this.value(name));
  }

  string(name: string): string | null {
    const value = this.value(name);
    return value === null ? null : String(value);
  }

  list(name: string): readonly string[] {
    const value = this.value(name);
    return Array.isArray(value) ? value : [];
  }

  boolean(name: string): boolean {
    return this.value(name) === true;
  }
}

/**
 * Lays `over` on `values`. A value replaces its synonyms as well: a dynamic log.retention.ms makes the
 * log.retention.hours of the file void. A listener's config leaves the general one alone, others still use it.
 */
function overlay(values: Map<string, string>, over: ConfigMap): void {
  for (const [name, value] of over) {
    if (listenerConfigBase(name) === null) {
      for (const synonym of brokerConfigSynonyms(name)) values.delete(synonym);
    }
    values.set(name, value);
  }
}
