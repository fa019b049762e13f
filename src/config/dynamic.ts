/**
 * Dynamic broker configs (KIP-226): which may be set while the broker runs, for this broker or as the cluster's
 * default, and which of those in the metadata apply. Messages are Kafka's.
 */

import { InvalidConfigError, javaList } from "./config-value.ts";
import { brokerConfig, brokerConfigs } from "./definitions/tables.ts";
import { reconfigurationProblem } from "./dynamic-limits.ts";
import { ConfigLayers, type ConfigMap } from "./layers.ts";
import { brokenRules } from "./rules/rules.ts";
import { listenerConfigBase } from "./synonyms.ts";
import { parseConfig } from "./value.ts";

/** Whether dynamic configs are for this broker alone or the default of all brokers of the cluster. */
export type DynamicScope = "broker" | "cluster";

/** Keys and certificates, which may be changed for one listener at a time only. */
const perListenerOnly = /^ssl\.(key\.password|(keystore|truststore)\..*)$/;

/** A listener's configs that may have a cluster-wide default all the same. */
const clusterWideForListeners = ["max.connections", "max.connection.creation.rate", "num.network.threads"];

const isReadOnly = (name: string): boolean => brokerConfigs.get(name)?.dynamic === "read-only";

function needsBroker(name: string): boolean {
  const base = /^listener\.name\.[^.]*\.(.*)$/.exec(name)?.[1];
  if (base !== undefined) return !clusterWideForListeners.includes(base);
  return brokerConfig(name)?.dynamic === "per-broker";
}

/** Kafka's message if the value of one dynamic config is wrong by itself. */
function valueProblem(name: string, value: string): string | null {
  const definition = brokerConfig(listenerConfigBase(name) ?? name);
  if (definition === undefined || definition.dynamic === "read-only") return null;
  try {
    parseConfig(definition, value, false);
    return null;
  } catch (error) {
    if (error instanceof InvalidConfigError) return error.message;
    throw error;
  }
}

/** Why some of `configs` can't be dynamic configs at all, each check with the names it concerns. */
function* problems(configs: ConfigMap, scope: DynamicScope): Generator<{ names: string[]; message: string }> {
  const names = [...configs.keys()];
  const readOnly = names.filter(isReadOnly);
  if (readOnly.length > 0) {
    yield { names: readOnly, message: `Cannot update these configs dynamically: ${javaList(readOnly)}` };
  }
  const unprefixed = names.filter((name) => perListenerOnly.test(name));
  if (unprefixed.length > 0) {
    yield {
      names: unprefixed,
      message: `These security configs can be dynamically updated only per-listener using the listener prefix: ${javaList(unprefixed)}`,
    };
  }
  for (const [name, value] of configs) {
    const message = valueProblem(name, value);
    if (message !== null) yield { names: [name], message };
  }
  const brokerOnly = scope === "cluster" ? names.filter(needsBroker) : [];
  if (brokerOnly.length > 0) {
    yield {
      names: brokerOnly,
      message: `Cannot update these configs at default cluster level, broker id must be specified: ${javaList(brokerOnly)}`,
    };
  }
}

/**
 * Whether `configs` may become all the dynamic configs of the broker or the cluster's default.
 *
 * @param layers the configuration as it is
 * @returns Kafka's message, to be sent with INVALID_REQUEST, or null if they may
 */
export function dynamicConfigProblem(
  layers: ConfigLayers,
  configs: ConfigMap,
  scope: DynamicScope,
): string | null {
  for (const { message } of problems(configs, scope)) return message;
  const changed =
    scope === "broker"
      ? new ConfigLayers(layers.fixed, layers.clusterDefault, configs)
      : new ConfigLayers(layers.fixed, configs, layers.perBroker);
  return brokenRules(changed)[0]?.message ?? reconfigurationProblem(layers, changed);
}

/** The dynamic configs that can apply, each looked at by itself, and a sentence for those that can't. */
export function withoutInapplicable(
  configs: ConfigMap,
  scope: DynamicScope,
): { configs: ConfigMap; ignored: string[] } {
  const rest = new Map(configs);
  const ignored: string[] = [];
  for (const { names, message } of problems(configs, scope)) {
    for (const name of names) rest.delete(name);
    ignored.push(message);
  }
  return { configs: rest, ignored };
}

/**
 * What of the dynamic configs in the metadata applies, and a sentence for what doesn't. Where the cluster's default
 * or the broker's own break a rule between keys, all of that layer is left out.
 */
export function applicableConfigs(
  fixed: ConfigMap,
  perBroker: ConfigMap,
  clusterDefault: ConfigMap,
): { applicable: ConfigLayers; ignored: string[] } {
  const cluster = withoutInapplicable(clusterDefault, "cluster");
  const broker = withoutInapplicable(perBroker, "broker");
  const ignored = [...cluster.ignored, ...broker.ignored];
  let applicable = new ConfigLayers(fixed);
  const lay = (next: ConfigLayers) => {
    const broken = brokenRules(next);
    if (broken.length === 0) applicable = next;
    ignored.push(...broken.map((rule) => rule.message));
  };
  if (cluster.configs.size > 0) lay(new ConfigLayers(fixed, cluster.configs));
  if (broker.configs.size > 0) lay(new ConfigLayers(fixed, applicable.clusterDefault, broker.configs));
  return { applicable, ignored };
}
