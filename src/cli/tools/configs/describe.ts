/**
 * Showing configs.
 */
import { checkError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import {
  ListConfigResourcesRequest,
  ListConfigResourcesResponse,
} from "../../../protocol/messages/list-config-resources.ts";
import type { Output } from "../../output.ts";
import { ToolFailure } from "../../tool/failure.ts";
import { type DescribedConfig, describeConfigs, ResourceType } from "../admin/configs.ts";
import { listGroups } from "../admin/groups.ts";
import { topicNames } from "../admin/topics.ts";
import type { Entity, EntityType } from "./options.ts";

/** DescribeConfigsResponse.ConfigSource, by its codes. */
const sources = [
  "UNKNOWN",
  "DYNAMIC_TOPIC_CONFIG",
  "DYNAMIC_BROKER_CONFIG",
  "DYNAMIC_DEFAULT_BROKER_CONFIG",
  "STATIC_BROKER_CONFIG",
  "DEFAULT_CONFIG",
  "DYNAMIC_BROKER_LOGGER_CONFIG",
  "DYNAMIC_CLIENT_METRICS_CONFIG",
  "DYNAMIC_GROUP_CONFIG",
] as const;
type Source = (typeof sources)[number];

const resourceTypes: Readonly<Partial<Record<EntityType, number>>> = {
  topics: ResourceType.topic,
  brokers: ResourceType.broker,
  "broker-loggers": ResourceType.brokerLogger,
  "client-metrics": ResourceType.clientMetrics,
  groups: ResourceType.group,
};

/** The code of an entity's type among config resources. */
export function resourceType(type: EntityType): number {
  return resourceTypes[type] ?? 0;
}

/** Prints the configs of an entity, or of all of a type. */
export async function describeEntities(
  client: KafkaClient,
  { type, name }: Entity,
  all: boolean,
  output: Output,
  json: boolean,
): Promise<void> {
  const there = await namesOf(client, type);
  if (name && !there.includes(name)) {
    output.line(
      json ? "[]" : `The ${singular(type)} '${name}' doesn't exist and doesn't have dynamic config.`,
    );
    return;
  }
  const names = name !== undefined ? [name] : there;
  const described = [];
  for (const one of names) {
    const configs = await configsOf(client, { type, name: one }, all);
    if (json) described.push({ type: singular(type), name: one, configs: configs.map(jsonOf) });
    else for (const line of lines({ type, name: one }, configs, all)) output.line(line);
  }
  if (json) output.line(JSON.stringify(described));
}

/** `topic` for topics. */
export function singular(type: EntityType): string {
  return type.slice(0, -1);
}

async function namesOf(client: KafkaClient, type: EntityType): Promise<string[]> {
  if (type === "topics") return topicNames(client);
  if (type === "brokers" || type === "broker-loggers") {
    const ids = (await client.nodes()).map(String);
    return type === "brokers" ? [...ids, ""] : ids;
  }
  const configured = await configuredNames(client, resourceType(type));
  if (type !== "groups") return configured;
  const groups = (await listGroups(client)).map(({ group }) => group);
  return [...new Set([...groups, ...configured])].sort();
}

async function configuredNames(client: KafkaClient, type: number): Promise<string[]> {
  const answer = await client.send("any", ListConfigResourcesRequest, ListConfigResourcesResponse, {
    resourceTypes: [type],
  });
  checkError(answer.errorCode);
  return answer.configResources
    .filter(({ resourceType: found }) => found === type)
    .map(({ resourceName }) => resourceName)
    .sort();
}

/** The configs that somebody set for just this entity; all of them, where `all` says so. */
async function configsOf(
  client: KafkaClient,
  { type, name }: Entity,
  all: boolean,
): Promise<DescribedConfig[]> {
  const ofBroker = (type === "brokers" || type === "broker-loggers") && name;
  if (ofBroker && !/^\d+$/.test(ofBroker)) {
    throw new ToolFailure(
      `The entity name for ${type} must be a valid integer broker id, found: ${ofBroker}`,
    );
  }
  const target = ofBroker ? { node: Number(ofBroker) } : "any";
  const [configs = []] = await describeConfigs(
    client,
    [{ type: resourceType(type), name: name ?? "" }],
    true,
    target,
  );
  const own = ownSource(type, name);
  return configs
    .filter(({ configSource }) => all || own === null || sources[configSource] === own)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function ownSource(type: EntityType, name: string | undefined): Source | null {
  switch (type) {
    case "topics":
      return "DYNAMIC_TOPIC_CONFIG";
    case "brokers":
      return name === "" ? "DYNAMIC_DEFAULT_BROKER_CONFIG" : "DYNAMIC_BROKER_CONFIG";
    case "client-metrics":
      return "DYNAMIC_CLIENT_METRICS_CONFIG";
    case "groups":
      return "DYNAMIC_GROUP_CONFIG";
    default:
      return null;
  }
}

function lines({ type, name }: Entity, configs: readonly DescribedConfig[], all: boolean): string[] {
  const head =
    name === ""
      ? `Default configs for ${type} in the cluster are:`
      : `${all ? "All" : "Dynamic"} configs for ${singular(type)} ${name} are:`;
  return [head, ...configs.map(configLine)];
}

function configLine({ name, value, isSensitive, synonyms }: DescribedConfig): string {
  const text = synonyms.map((one) => `${sourceName(one.source)}:${one.name}=${one.value}`);
  return `  ${name}=${value} sensitive=${isSensitive} synonyms={${text.join(", ")}}`;
}

function sourceName(code: number): Source {
  return sources[code] ?? "UNKNOWN";
}

function jsonOf({ name, value, configSource, isSensitive, readOnly, synonyms }: DescribedConfig) {
  return {
    ...{ name, value, source: sourceName(configSource), sensitive: isSensitive, readOnly },
    synonyms: synonyms.map((one) => ({ name: one.name, value: one.value, source: sourceName(one.source) })),
  };
}
