/**
 * The options of kafka-configs.
 */
import { WrongUse } from "../../command.ts";
import { brokerOrControllerOptions } from "../../tool/connect.ts";
import type { Given } from "../../tool/option.ts";

/** What has configs, as `--entity-type` names it. */
const entityTypes = [
  "topics",
  "clients",
  "users",
  "brokers",
  "ips",
  "client-metrics",
  "groups",
  "broker-loggers",
] as const;
export type EntityType = (typeof entityTypes)[number];

/** Options that name an entity together with its type. */
const byName = {
  topic: "topics",
  client: "clients",
  user: "users",
  broker: "brokers",
  "broker-logger": "broker-loggers",
  ip: "ips",
  "client-metrics": "client-metrics",
  group: "groups",
} as const;

const defaultsOf = {
  "client-defaults": "clients",
  "user-defaults": "users",
  "broker-defaults": "brokers",
  "ip-defaults": "ips",
} as const;

const name = (takes: string, description: string) => ({ type: "string", takes, description }) as const;

export const configsOptions = {
  ...brokerOrControllerOptions,
  alter: { description: "Set or delete configs of an entity." },
  describe: { description: "Show configs." },
  all: {
    description: "With --describe: all configs, and not only those that were set while the brokers run.",
  },
  "entity-type": {
    type: "string",
    takes: "type",
    description: `What has the configs: one of ${entityTypes.join(", ")}.`,
    repeated: true,
  },
  "entity-name": {
    type: "string",
    takes: "name",
    description: "The name of what has the configs.",
    repeated: true,
  },
  "entity-default": { description: "The defaults for all clients, users, brokers or ips." },
  topic: name("topic", "The topic."),
  client: name("client id", "The client."),
  user: name("user", "The user."),
  broker: name("id", "The broker."),
  "broker-logger": name("id", "The broker whose log levels it is about."),
  ip: name("address", "The address."),
  "client-metrics": name("name", "The subscription to clients' metrics."),
  group: name("group", "The group."),
  "client-defaults": { description: "The defaults for all clients." },
  "user-defaults": { description: "The defaults for all users." },
  "broker-defaults": { description: "The defaults for all brokers." },
  "ip-defaults": { description: "The defaults for all addresses." },
  "add-config": {
    type: "string",
    takes: "k1=v1,k2=[v1,v2],k3=v3",
    description: "Configs to set. Brackets hold values with commas in them together.",
  },
  "add-config-file": name("properties file", "A properties file with configs to set."),
  "delete-config": {
    type: "list",
    takes: "k1,k2",
    description: "Configs to delete.",
    repeated: true,
  },
} as const;

export type ConfigsGiven = Given<typeof configsOptions>;

export interface Entity {
  readonly type: EntityType;
  /** "" for the defaults; undefined for all of the type. */
  readonly name: string | undefined;
}

/**
 * What it is about: one entity, all of a type, or a user together with a client.
 *
 * @throws WrongUse
 */
export function chosenEntities(given: ConfigsGiven): Entity[] {
  const isDefault = given["entity-default"];
  const named = Object.entries(byName).flatMap(([option, type]) => {
    const value = given[option as keyof typeof byName];
    return value === undefined ? [] : [{ type, name: value }];
  });
  const defaults = Object.entries(defaultsOf).flatMap(([option, type]) =>
    given[option as keyof typeof defaultsOf] ? [{ type, name: "" }] : [],
  );
  const names: (string | undefined)[] = [...given["entity-name"], ...(isDefault ? [""] : [])];
  const typed = given["entity-type"].map((type, index) => ({ type: entityType(type), name: names[index] }));
  if (typed.length > 0 || names.length > 0) {
    if (named.length + defaults.length > 0) throwMixed(typed, [...named, ...defaults]);
  }
  const entities = [...typed, ...named, ...defaults];
  if (entities.length === 0) throw new WrongUse("At least one entity type must be specified");
  if (names.length > given["entity-type"].length) {
    throw new WrongUse("There are more names of entities than types");
  }
  checkTypes(entities);
  return entities;
}

function entityType(text: string): EntityType {
  const type = entityTypes.find((one) => one === text);
  if (type !== undefined) return type;
  throw new WrongUse(
    `Invalid entity type ${text}, the entity type must be one of ${entityTypes.join(", ")} with a ` +
      "--bootstrap-server or --bootstrap-controller argument",
  );
}

function throwMixed(typed: readonly Entity[], named: readonly Entity[]): never {
  const twice = typed.filter(({ type }) => named.some((other) => other.type === type));
  if (twice.length > 0) {
    throw new WrongUse(`Duplicate entity type(s) specified: ${twice.map(({ type }) => type).join(",")}`);
  }
  throw new WrongUse(
    "--entity-{type,name,default} should not be used in conjunction with specific entity flags",
  );
}

function checkTypes(entities: readonly Entity[]): void {
  const types = entities.map(({ type }) => type);
  const twice = types.filter((type, index) => types.indexOf(type) !== index);
  if (twice.length > 0) throw new WrongUse(`Duplicate entity type(s) specified: ${twice.join(",")}`);
  if (types.length > 1 && types.some((type) => type !== "users" && type !== "clients")) {
    throw new WrongUse("Only 'users' and 'clients' entity types may be specified together");
  }
}

/**
 * The one thing that is to be done with them.
 *
 * @throws WrongUse
 */
export function chosenAction(given: ConfigsGiven, entities: readonly Entity[]): "alter" | "describe" {
  if (given.alter === given.describe) {
    throw new WrongUse("Command must include exactly one action: --describe, --alter");
  }
  if (given.describe) return "describe";
  for (const { type, name: entityName } of entities) {
    const hasDefaults = type === "users" || type === "clients" || type === "brokers" || type === "ips";
    if (entityName !== undefined && (entityName !== "" || hasDefaults)) continue;
    throw new WrongUse(
      hasDefaults
        ? "An entity-name or default entity must be specified with --alter of users, clients, brokers or ips"
        : `An entity name must be specified with --alter of ${type}`,
    );
  }
  if (given["add-config"] !== undefined && given["add-config-file"] !== undefined) {
    throw new WrongUse("Only one of --add-config or --add-config-file must be specified");
  }
  const adds = given["add-config"] !== undefined || given["add-config-file"] !== undefined;
  if (!adds && given["delete-config"].length === 0) {
    throw new WrongUse(
      "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter",
    );
  }
  return "alter";
}
