/**
 * Rules of who may do what, as options name them and as Kafka prints them.
 */
import { WrongUse } from "../../command.ts";
import type { AclsGiven } from "./options.ts";

/** The codes of ResourceType, AclOperation, AclPermissionType and PatternType. */
const resourceTypes = [
  "UNKNOWN",
  "ANY",
  "TOPIC",
  "GROUP",
  "CLUSTER",
  "TRANSACTIONAL_ID",
  "DELEGATION_TOKEN",
  "USER",
];
const operations = [
  ...["UNKNOWN", "ANY", "ALL", "READ", "WRITE", "CREATE", "DELETE", "ALTER", "DESCRIBE", "CLUSTER_ACTION"],
  ...[
    "DESCRIBE_CONFIGS",
    "ALTER_CONFIGS",
    "IDEMPOTENT_WRITE",
    "CREATE_TOKENS",
    "DESCRIBE_TOKENS",
    "TWO_PHASE_COMMIT",
  ],
];
const permissions = ["UNKNOWN", "ANY", "DENY", "ALLOW"];
const patternTypes = ["UNKNOWN", "ANY", "MATCH", "LITERAL", "PREFIXED"];

export const ANY = 1;
const LITERAL = patternTypes.indexOf("LITERAL");

/** What can be done with each type of resource. */
const possible: Readonly<Record<string, readonly string[]>> = {
  TOPIC: ["CREATE", "ALTER", "READ", "WRITE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS", "DESCRIBE", "DELETE"],
  GROUP: ["READ", "DELETE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS", "DESCRIBE"],
  CLUSTER: [
    ...[
      "ALTER",
      "DESCRIBE",
      "CREATE",
      "DESCRIBE_CONFIGS",
      "CLUSTER_ACTION",
      "ALTER_CONFIGS",
      "IDEMPOTENT_WRITE",
    ],
  ],
  TRANSACTIONAL_ID: ["WRITE", "TWO_PHASE_COMMIT", "DESCRIBE"],
  DELEGATION_TOKEN: ["DESCRIBE"],
  USER: ["DESCRIBE_TOKENS", "CREATE_TOKENS"],
};

export interface Pattern {
  readonly type: number;
  readonly name: string;
  readonly patternType: number;
}

export interface Entry {
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permission: number;
}

export interface Rules {
  readonly pattern: Pattern;
  readonly entries: readonly Entry[];
}

const CLUSTER: Pattern = {
  type: resourceTypes.indexOf("CLUSTER"),
  name: "kafka-cluster",
  patternType: LITERAL,
};

/** The resources that the options name. Throws WrongUse for a type of patterns that there isn't. */
export function patternsOf(given: AclsGiven): Pattern[] {
  const patternType = patternTypes.indexOf(given["resource-pattern-type"].toUpperCase());
  if (patternType < ANY) {
    throw new WrongUse(
      `Invalid resource-pattern-type ${given["resource-pattern-type"]}; it is any, match, literal or prefixed`,
    );
  }
  const of = (type: string, names: readonly string[]) =>
    names.map((name) => ({ type: resourceTypes.indexOf(type), name: name.trim(), patternType }));
  return [
    ...of("TOPIC", given.topic),
    ...(patternType === LITERAL && (given.cluster || given.idempotent) ? [CLUSTER] : []),
    ...of("GROUP", given.group),
    ...of("TRANSACTIONAL_ID", given["transactional-id"]),
    ...of("DELEGATION_TOKEN", given["delegation-token"]),
    ...of("USER", given["user-principal"]),
  ];
}

/** The rules that the options name, by what they are about. Throws WrongUse. */
export function rulesOf(given: AclsGiven): Rules[] {
  const patterns = patternsOf(given);
  if (patterns.length === 0) {
    throw new WrongUse(
      "You must provide at least one resource: --topic <topic> or --cluster or --group <group> or " +
        "--delegation-token <Delegation Token ID>",
    );
  }
  const isLeftOut = given.idempotent && !patterns.includes(CLUSTER);
  const rules = [...patterns, ...(isLeftOut ? [CLUSTER] : [])]
    .map((pattern) => ({ pattern, entries: entriesOf(given, operationsFor(pattern, given)) }))
    .filter(({ pattern }) => operationsFor(pattern, given).length > 0);
  for (const { pattern, entries } of rules) checkPossible(pattern, entries);
  return rules;
}

/** What is to be allowed or denied of a resource: what was named, or what a producer and a consumer need. */
function operationsFor({ type }: Pattern, given: AclsGiven): string[] {
  if (!given.producer && !given.consumer) {
    return given.operation.length === 0 ? ["ALL"] : given.operation.map(operationName);
  }
  const needs: Readonly<Record<string, readonly string[]>> = {
    TOPIC: [
      ...(given.producer ? ["WRITE", "DESCRIBE", "CREATE"] : []),
      ...(given.consumer ? ["READ", "DESCRIBE"] : []),
    ],
    GROUP: given.consumer ? ["READ"] : [],
    TRANSACTIONAL_ID: given.producer ? ["WRITE", "DESCRIBE"] : [],
    CLUSTER: given.idempotent ? ["IDEMPOTENT_WRITE"] : [],
  };
  return [...new Set(needs[resourceTypes[type] ?? ""] ?? [])];
}

/** `DescribeConfigs`, `describe_configs` and so on. */
function operationName(text: string): string {
  const plain = (name: string) => name.trim().toUpperCase().replaceAll("_", "");
  const name = operations.find((one) => plain(one) === plain(text));
  if (name !== undefined && name !== "UNKNOWN" && name !== "ANY") return name;
  throw new WrongUse(`Unknown operation ${text}`);
}

function entriesOf(given: AclsGiven, names: readonly string[]): Entry[] {
  const of = (permission: string, principals: readonly string[], hosts: readonly string[]) =>
    principals.map(principalOf).flatMap((principal) =>
      (hosts.length === 0 ? ["*"] : hosts).flatMap((host) =>
        names.map((name) => ({
          ...{ principal, host: host.trim() },
          operation: operations.indexOf(name),
          permission: permissions.indexOf(permission),
        })),
      ),
    );
  return [
    ...of("ALLOW", given["allow-principal"], given["allow-host"]),
    ...of("DENY", given["deny-principal"], given["deny-host"]),
  ];
}

/** Throws WrongUse for what isn't `type:name`. */
export function principalOf(text: string): string {
  const principal = text.trim();
  if (/^[^:]+:.*$/s.test(principal)) return principal;
  throw new WrongUse(`expected a string in format principalType:principalName but got ${principal}`);
}

function checkPossible({ type }: Pattern, entries: readonly Entry[]): void {
  const name = resourceTypes[type] ?? "UNKNOWN";
  const known = [...(possible[name] ?? []), "ALL"];
  if (entries.every(({ operation }) => known.includes(operations[operation] ?? ""))) return;
  throw new WrongUse(`ResourceType ${name} only supports operations [${known.join(", ")}]`);
}

/** Whether rules can be made for it: patterns that stand for others can only be looked for. */
export function isSpecific({ patternType }: Pattern): boolean {
  return patternType >= LITERAL;
}

export function patternText({ type, name, patternType }: Pattern, kind = "ResourcePattern"): string {
  return `${kind}(resourceType=${resourceTypes[type]}, name=${name}, patternType=${patternTypes[patternType]})`;
}

export function entryText({ principal, host, operation, permission }: Entry): string {
  return (
    `(principal=${principal}, host=${host}, operation=${operations[operation]}, ` +
    `permissionType=${permissions[permission]})`
  );
}
