/**
 * Changing configs: what a resource has afterwards, validated, and which records that takes. The same for
 * IncrementalAlterConfigs, AlterConfigs and the configs of CreateTopics.
 */
import { invalidConfig, invalidRequest } from "./change-error.ts";
import type { Definition } from "./definition.ts";
import { brokerConfig, clientMetricsConfigs, groupConfigs, topicConfigs } from "./definitions/tables.ts";
import { type DynamicScope, dynamicConfigProblem, withoutInapplicable } from "./dynamic.ts";
import type { ConfigMap } from "./layers.ts";
import type { ServerConfig } from "./server-config.ts";
import { validateClientMetricsConfigs } from "./validate-client-metrics.ts";
import { validateGroupConfigs } from "./validate-group.ts";
import { validateTopicConfigs } from "./validate-topic.ts";

/** Kinds of resources that have configs, by Kafka's numbers. */
export const ConfigResourceType = {
  TOPIC: 2,
  BROKER: 4,
  BROKER_LOGGER: 8,
  CLIENT_METRICS: 16,
  GROUP: 32,
} as const;

/** What an incremental change does to a config, by Kafka's numbers. */
export const ConfigOperation = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const;

export interface ConfigResource {
  /** One of ConfigResourceType; others are refused. */
  readonly type: number;
  /** A topic, a node id or "" for the cluster's default, a group, a subscription. */
  readonly name: string;
}

export interface ConfigOperationRequest {
  readonly name: string;
  /** One of ConfigOperation; others are refused. */
  readonly operation: number;
  readonly value: string | null;
}

export interface AlteredConfigs {
  /** All configs the resource has afterwards. */
  readonly configs: ConfigMap;
  /** What to write down: the new value, or null for a config that is gone. */
  readonly changes: ReadonlyMap<string, string | null>;
}

/**
 * The outcome of an incremental change (KIP-339).
 *
 * @param current the configs the resource has of its own now
 * @throws ConfigChangeError with Kafka's message
 */
export function alterConfigs(
  server: ServerConfig,
  resource: ConfigResource,
  current: ConfigMap,
  operations: readonly ConfigOperationRequest[],
): AlteredConfigs {
  checkRequest(server, resource, operations);
  const changes = new Map<string, string | null>();
  for (const request of operations) changes.set(request.name, operate(resource, current, request));
  return outcome(server, resource, current, changes);
}

/**
 * The outcome of the older AlterConfigs: `configs` take the place of all that the resource has.
 *
 * @throws ConfigChangeError with Kafka's message
 */
export function replaceConfigs(
  server: ServerConfig,
  resource: ConfigResource,
  current: ConfigMap,
  configs: readonly { readonly name: string; readonly value: string | null }[],
): AlteredConfigs {
  checkRequest(
    server,
    resource,
    configs.map((config) => ({ ...config, operation: ConfigOperation.SET })),
  );
  const changes = new Map<string, string | null>(configs.map(({ name, value }) => [name, value]));
  for (const name of current.keys()) if (!changes.has(name)) changes.set(name, null);
  return outcome(server, resource, current, changes);
}

function checkRequest(
  server: ServerConfig,
  resource: ConfigResource,
  operations: readonly ConfigOperationRequest[],
): void {
  const names = operations.map(({ name }) => name);
  if (new Set(names).size < names.length) throw invalidRequest("Error due to duplicate config keys");
  const nulls = operations.filter(
    ({ operation, value }) => operation !== ConfigOperation.DELETE && value === null,
  );
  if (nulls.length > 0) {
    throw invalidRequest(`Null value not supported for : ${nulls.map(({ name }) => name).join(", ")}`);
  }
  const unknown = operations.find(({ operation }) => operation < 0 || operation > ConfigOperation.SUBTRACT);
  if (unknown !== undefined) throw invalidRequest(`Unknown operations type ${unknown.operation}`);
  if (resource.type === ConfigResourceType.BROKER && resource.name !== "") {
    checkNodeId(server, resource.name);
  }
}

function checkNodeId(server: ServerConfig, name: string): void {
  if (!/^[+-]?\d+$/.test(name)) throw invalidRequest(`Node id must be an integer, but it is: ${name}`);
  if (Number(name) !== server.nodeId) {
    throw invalidRequest(`Unexpected broker id, expected ${server.nodeId}, but received ${name}`);
  }
}

function definitionOf({ type }: ConfigResource, name: string): Definition | undefined {
  switch (type) {
    case ConfigResourceType.TOPIC:
      return topicConfigs.get(name);
    case ConfigResourceType.BROKER:
      return brokerConfig(name);
    case ConfigResourceType.CLIENT_METRICS:
      return clientMetricsConfigs.get(name);
    case ConfigResourceType.GROUP:
      return groupConfigs.get(name);
    default:
      return undefined;
  }
}

/** The value of one config after one operation; null if it is gone. */
function operate(
  resource: ConfigResource,
  current: ConfigMap,
  { name, operation, value }: ConfigOperationRequest,
): string | null {
  if (operation === ConfigOperation.SET) return value;
  if (operation === ConfigOperation.DELETE) return null;
  const definition = definitionOf(resource, name);
  const append = operation === ConfigOperation.APPEND;
  if (definition?.type !== "list") throw invalidConfig(notAList(resource, name, append));
  const before = (current.get(name) ?? definition.default ?? "").split(",").filter((part) => part !== "");
  const parts = (value ?? "").split(",");
  if (append) return [...before, ...parts.filter((part) => !before.includes(part))].join(",");
  return before.filter((part) => !parts.includes(part)).join(",");
}

function notAList(resource: ConfigResource, name: string, append: boolean): string {
  if (resource.type === ConfigResourceType.BROKER) {
    return `Config value ${append ? "append" : "subtract"} is not allowed for config key: ${name}`;
  }
  return `Can't ${append ? "APPEND" : "SUBTRACT"} to key ${name} because its type is not LIST.`;
}

function outcome(
  server: ServerConfig,
  resource: ConfigResource,
  current: ConfigMap,
  requested: ReadonlyMap<string, string | null>,
): AlteredConfigs {
  const configs = new Map(current);
  const changes = new Map<string, string | null>();
  for (const [name, value] of requested) {
    // Kafka writes down even an unchanged broker config: brokers reload files it names (KAFKA-14136).
    if (value !== (current.get(name) ?? null) || resource.type === ConfigResourceType.BROKER) {
      changes.set(name, value);
    }
    if (value === null) configs.delete(name);
    else configs.set(name, value);
  }
  validate(server, resource, current, configs);
  return { configs, changes };
}

function validate(
  server: ServerConfig,
  resource: ConfigResource,
  current: ConfigMap,
  configs: ConfigMap,
): void {
  switch (resource.type) {
    case ConfigResourceType.TOPIC:
      validateTopicConfigs(server, configs);
      break;
    case ConfigResourceType.BROKER:
      validateBrokerConfigs(server, resource.name === "" ? "cluster" : "broker", current, configs);
      break;
    case ConfigResourceType.CLIENT_METRICS:
      if (resource.name === "") throw invalidRequest("Subscription name can't be empty");
      validateClientMetricsConfigs(configs);
      break;
    case ConfigResourceType.GROUP:
      if (resource.name === "") throw invalidRequest("Default group resources are not allowed.");
      validateGroupConfigs(server, configs);
      break;
    default:
      throw invalidRequest(`Unknown resource type ${resource.type}`);
  }
}

/** What the metadata already holds and no broker applies, written by another version, doesn't stand in the way. */
function validateBrokerConfigs(
  server: ServerConfig,
  scope: DynamicScope,
  current: ConfigMap,
  configs: ConfigMap,
): void {
  const applied = withoutInapplicable(current, scope).configs;
  const checked = new Map(
    [...configs].filter(([name, value]) => current.get(name) !== value || applied.has(name)),
  );
  const problem = dynamicConfigProblem(server.layers, checked, scope);
  if (problem !== null) throw invalidRequest(problem);
}
