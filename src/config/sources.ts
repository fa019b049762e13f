/**
 * Where a broker config's value comes from: all the places that have one, the strongest first.
 */
import type { Definition } from "./definition.ts";
import { brokerConfig, brokerConfigs } from "./definitions/tables.ts";
import { type ConfigLayers, type ConfigMap, ConfigSource } from "./layers.ts";
import { brokerConfigSynonyms, listenerConfigBase } from "./synonyms.ts";

/** A value a config would have if what stands before it were not set. */
export interface ConfigSynonym {
  readonly name: string;
  /** As it was written; null where it must not be shown. */
  readonly value: string | null;
  readonly source: ConfigSource;
}

/**
 * The values of a broker config and its synonyms: dynamic ones, the properties file's, the default. Listing begins
 * with the config itself; where only a synonym has a value, Kafka lists none.
 */
export function brokerSynonyms(layers: ConfigLayers, name: string, sensitive = false): ConfigSynonym[] {
  const names = brokerConfigSynonyms(name);
  const places: [ConfigMap, ConfigSource][] = [
    [layers.perBroker, ConfigSource.DYNAMIC_BROKER_CONFIG],
    [layers.clusterDefault, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG],
    [layers.fixed, ConfigSource.STATIC_BROKER_CONFIG],
  ];
  const found: ConfigSynonym[] = [];
  for (const [values, source] of places) {
    for (const synonym of names) {
      const value = values.get(synonym);
      if (value !== undefined) found.push({ name: synonym, value: sensitive ? null : value, source });
    }
  }
  for (const synonym of names) {
    const value = brokerConfigs.get(synonym)?.default ?? null;
    if (value === null) continue;
    found.push({ name: synonym, value: sensitive ? null : value, source: ConfigSource.DEFAULT_CONFIG });
  }
  const first = found.findIndex((synonym) => synonym.name === name);
  return first < 0 ? [] : found.slice(first);
}

/** The definition by which a broker config is shown: its own, or that of the config it sets for one listener. */
export const describedDefinition = (name: string): Definition | undefined =>
  brokerConfig(name) ?? brokerConfig(listenerConfigBase(name) ?? name);
