/**
 * Validation of group configs (KIP-848, KIP-932, KIP-1071): values lie between the broker's least and greatest.
 */
import { checkedValue, invalidConfig } from "./change-error.ts";
import { type ConfigValue, InvalidConfigError } from "./config-value.ts";
import { groupConfigs, groupDefinitions } from "./definitions/tables.ts";
import type { ConfigLayers, ConfigMap } from "./layers.ts";
import { requireDistinctTags } from "./rules/group-rules.ts";
import type { BrokerConfig } from "./topic-config.ts";

/** Group configs with a range on the broker: `consumer.session.timeout.ms` in group.consumer.min. to .max. */
const ranged: readonly (readonly [string, string])[] = [
  ...["consumer", "share", "streams"].flatMap((kind) => [
    [kind, "heartbeat.interval.ms"] as const,
    [kind, "session.timeout.ms"] as const,
    [kind, "assignment.interval.ms"] as const,
  ]),
  ["share", "record.lock.duration.ms"],
  ["share", "delivery.count.limit"],
  ["share", "partition.max.record.locks"],
];

/**
 * Checks all configs a group would have of its own.
 *
 * @throws ConfigChangeError INVALID_CONFIG with Kafka's message
 */
export function validateGroupConfigs({ layers }: BrokerConfig, configs: ConfigMap): void {
  for (const name of configs.keys()) {
    if (!groupConfigs.has(name)) throw invalidConfig(`Unknown group config name: ${name}`);
  }
  const values = new Map<string, ConfigValue>();
  for (const definition of groupDefinitions) {
    const text = configs.get(definition.name);
    if (text !== undefined) values.set(definition.name, checkedValue(definition, text));
  }
  for (const [kind, name] of ranged) checkRange(layers, values, kind, name);
  const number = (name: string) => Number(values.get(name) ?? 0);
  atMost(
    number("streams.num.standby.replicas"),
    layers.number("group.streams.max.standby.replicas"),
    "streams.num.standby.replicas",
  );
  atMost(
    number("streams.num.warmup.replicas"),
    layers.number("group.streams.max.warmup.replicas"),
    "streams.num.warmup.replicas",
  );
  checkTaskOffsetInterval(layers, values);
  for (const kind of ["consumer", "share", "streams"]) checkSession(layers, values, kind);
  checkTexts(layers, configs, values);
}

function checkRange(
  layers: ConfigLayers,
  values: ReadonlyMap<string, ConfigValue>,
  kind: string,
  name: string,
): void {
  const value = values.get(`${kind}.${name}`);
  if (value === undefined) return;
  const [min, max] = [layers.number(`group.${kind}.min.${name}`), layers.number(`group.${kind}.max.${name}`)];
  if (Number(value) >= min && Number(value) <= max) return;
  throw invalidConfig(`${kind}.${name} must be in the range ${min} to ${max} inclusive.`);
}

function atMost(value: number, max: number, name: string): void {
  if (value > max) throw invalidConfig(`${name} must be less than or equal to ${max}`);
}

function checkTaskOffsetInterval(layers: ConfigLayers, values: ReadonlyMap<string, ConfigValue>): void {
  const value = values.get("streams.task.offset.interval.ms");
  const min = layers.number("group.streams.min.task.offset.interval.ms");
  if (value === undefined || Number(value) >= min) return;
  throw invalidConfig(`streams.task.offset.interval.ms must be greater than or equal to ${min}`);
}

/** A session must outlast a heartbeat, whichever of the two the group sets. */
function checkSession(layers: ConfigLayers, values: ReadonlyMap<string, ConfigValue>, kind: string): void {
  const of = (name: string) =>
    Number(values.get(`${kind}.${name}`) ?? layers.number(`group.${kind}.${name}`));
  if (of("session.timeout.ms") > of("heartbeat.interval.ms")) return;
  throw invalidConfig(`${kind}.session.timeout.ms must be greater than ${kind}.heartbeat.interval.ms`);
}

function checkTexts(
  layers: ConfigLayers,
  configs: ConfigMap,
  values: ReadonlyMap<string, ConfigValue>,
): void {
  const assignor = values.get("streams.assignor.name");
  const assignors = layers.list("group.streams.assignors");
  if (assignor !== undefined && !assignors.includes(String(assignor))) {
    throw invalidConfig(
      `streams.assignor.name '${assignor}' is not a registered task assignor. Registered assignors are: [${assignors.join(", ")}].`,
    );
  }
  if (String(values.get("errors.deadletterqueue.topic.name") ?? "").startsWith("__")) {
    throw invalidConfig("errors.deadletterqueue.topic.name: DLQ topic name must not start with '__'");
  }
  try {
    const tags = "streams.rack.aware.assignment.tags";
    requireDistinctTags(tags, configs.get(tags) ?? "");
  } catch (error) {
    if (error instanceof InvalidConfigError) throw invalidConfig(error.message);
    throw error;
  }
}
