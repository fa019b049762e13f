/**
 * What DescribeConfigs tells about a resource: each config with its value, where that comes from, and the values it
 * would have otherwise.
 */
import type { ConfigType, Definition } from "./definition.ts";
import {
  brokerDefinitions,
  clientMetricsConfigs,
  groupDefinitions,
  topicDefinitions,
} from "./definitions/tables.ts";
import { type ConfigMap, ConfigSource } from "./layers.ts";
import { brokerSynonyms, type ConfigSynonym, describedDefinition } from "./sources.ts";
import { type BrokerConfig, inheritedTopicValue } from "./topic-config.ts";
import { configText, shownText } from "./value.ts";

/** One config of a resource; the fields are those of a DescribeConfigs answer. */
export interface ConfigEntry {
  readonly name: string;
  /** In Kafka's text form; null where there is none, and where it must not be shown. */
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: ConfigSource;
  readonly isSensitive: boolean;
  /** The strongest first; the caller leaves them out where they were not asked for. */
  readonly synonyms: readonly ConfigSynonym[];
  /** Kafka's number of the type; 0 where the config is not known. */
  readonly configType: number;
  readonly documentation: string | null;
}

/** Which configs to describe; null or an empty list for all. */
export type ConfigNames = readonly string[] | null;

const typeNumbers: Record<ConfigType, number> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
};

const wanted = (names: ConfigNames) => (name: string) =>
  names === null || names.length === 0 || names.includes(name);

function entry(
  name: string,
  definition: Definition | undefined,
  value: string | null,
  synonyms: readonly ConfigSynonym[],
  readOnly = false,
): ConfigEntry {
  // What nobody knows may be a secret.
  const isSensitive = definition === undefined || definition.type === "password";
  return {
    name,
    value: isSensitive ? null : value,
    readOnly,
    configSource: synonyms[0]?.source ?? ConfigSource.DEFAULT_CONFIG,
    isSensitive,
    synonyms: isSensitive ? synonyms.map((synonym) => ({ ...synonym, value: null })) : synonyms,
    configType: definition === undefined ? 0 : typeNumbers[definition.type],
    documentation: definition?.documentation ?? null,
  };
}

/** The configs of a topic that has `overrides` of its own. Internal ones come only where they are set. */
export function describeTopicConfigs(
  server: BrokerConfig,
  overrides: ConfigMap,
  names: ConfigNames = null,
): ConfigEntry[] {
  const shown = topicDefinitions.filter((row) => !row.internal || overrides.has(row.name));
  return shown.filter((row) => wanted(names)(row.name)).map((row) => topicEntry(server, overrides, row));
}

function topicEntry({ layers }: BrokerConfig, overrides: ConfigMap, definition: Definition): ConfigEntry {
  const { name } = definition;
  const synonym = definition.synonyms[0]?.name;
  const inherited = synonym === undefined ? [] : brokerSynonyms(layers, synonym);
  const text = overrides.get(name);
  if (text !== undefined) {
    const value = shownText(definition, text);
    const own = { name, value, source: ConfigSource.DYNAMIC_TOPIC_CONFIG };
    return entry(name, definition, value, [own, ...inherited]);
  }
  const value = inheritedTopicValue(layers, definition);
  return entry(name, definition, value === null ? null : configText(definition.type, value), inherited);
}

/** The configs of this broker: all of Kafka's, and whatever else was set. */
export function describeBrokerConfigs({ layers }: BrokerConfig, names: ConfigNames = null): ConfigEntry[] {
  const known = brokerDefinitions.filter((row) => !row.internal).map((row): string => row.name);
  const all = new Set([...known, ...layers.effective.keys(), ...layers.fixed.keys()]);
  return [...all].filter(wanted(names)).map((name) => {
    const definition = describedDefinition(name);
    const value = definition?.name === name ? layers.text(name) : layers.raw(name);
    return entry(name, definition, value, brokerSynonyms(layers, name), isReadOnly(name, definition));
  });
}

/** The cluster's default of dynamic broker configs: only what is set there, as it was written. */
export function describeClusterDefaultConfigs(
  { layers }: BrokerConfig,
  names: ConfigNames = null,
): ConfigEntry[] {
  return [...layers.clusterDefault]
    .filter(([name]) => wanted(names)(name))
    .map(([name, value]) => {
      const definition = describedDefinition(name);
      const synonyms = brokerSynonyms(layers, name).filter(
        ({ source }) => source === ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG,
      );
      return entry(name, definition, value, synonyms, isReadOnly(name, definition));
    });
}

/** Kafka calls a listener's own configs read-only, though they can be changed. */
const isReadOnly = (name: string, definition: Definition | undefined): boolean =>
  definition?.name !== name || definition.dynamic === "read-only";

/** The configs of a group that has `overrides` of its own. Internal ones come only where they are set. */
export function describeGroupConfigs(
  server: BrokerConfig,
  overrides: ConfigMap,
  names: ConfigNames = null,
): ConfigEntry[] {
  const shown = groupDefinitions.filter((row) => !row.internal || overrides.has(row.name));
  return shown.filter((row) => wanted(names)(row.name)).map((row) => groupEntry(server, overrides, row));
}

function groupEntry({ layers }: BrokerConfig, overrides: ConfigMap, definition: Definition): ConfigEntry {
  const { name } = definition;
  const synonym = definition.synonyms[0]?.name;
  const inherited =
    synonym === undefined
      ? [{ name, value: definition.default, source: ConfigSource.DEFAULT_CONFIG }]
      : brokerSynonyms(layers, synonym);
  const text = overrides.get(name);
  if (text !== undefined) {
    const value = shownText(definition, text);
    const own = { name, value, source: ConfigSource.DYNAMIC_GROUP_CONFIG };
    return entry(name, definition, value, [own, ...inherited]);
  }
  return entry(name, definition, inheritedGroupText(layers, definition, synonym), inherited);
}

/** The broker has a list of assignors, of which a group uses the first. */
function inheritedGroupText(
  layers: BrokerConfig["layers"],
  definition: Definition,
  synonym: string | undefined,
): string | null {
  if (synonym === undefined) return definition.default;
  const first = definition.type === "string" ? layers.list(synonym)[0] : undefined;
  return first ?? layers.text(synonym);
}

/** The configs of a client metrics subscription. */
export function describeClientMetricsConfigs(overrides: ConfigMap, names: ConfigNames = null): ConfigEntry[] {
  const rows = [...clientMetricsConfigs.values()].filter((row) => wanted(names)(row.name));
  return rows.map((row) => {
    const text = overrides.get(row.name);
    if (text === undefined) return entry(row.name, row, row.default, []);
    const value = shownText(row, text);
    const own = { name: row.name, value, source: ConfigSource.DYNAMIC_CLIENT_METRICS_CONFIG };
    return entry(row.name, row, value, [own]);
  });
}
