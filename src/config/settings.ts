/**
 * Broker configs as typed fields: `num.partitions` becomes `numPartitions`, a number. The types follow from the
 * tables of definitions.
 */

import type { ConfigValue } from "./config-value.ts";
import type { ConfigType } from "./definition.ts";
import { type BrokerDefinition, brokerConfigs } from "./definitions/tables.ts";
import type { ConfigLayers } from "./layers.ts";

type CamelCase<Name extends string> = Name extends `${infer Head}.${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

type FieldOf<Type extends ConfigType> = Type extends "boolean"
  ? boolean
  : Type extends "int" | "short" | "long" | "double"
    ? number
    : Type extends "list"
      ? readonly string[]
      : string;

/** A field for every broker config; null where one without a default is not set. */
export type BrokerSettings = {
  readonly [Row in BrokerDefinition as CamelCase<Row["name"]>]:
    | FieldOf<Row["type"]>
    | (Row["nullable"] extends true ? null : never);
};

const CAPITAL_A = 65;
const CAPITAL_Z = 90;
const LOWER_CASE_BIT = 0x20;

/** `numPartitions` to `num.partitions`; no key has a capital letter of its own. */
function keyOf(field: string): string {
  let key = "";
  let from = 0;
  for (let at = 0; at < field.length; at++) {
    const code = field.charCodeAt(at);
    if (code < CAPITAL_A || code > CAPITAL_Z) continue;
    key += `${field.slice(from, at)}.${String.fromCharCode(code | LOWER_CASE_BIT)}`;
    from = at + 1;
  }
  return key + field.slice(from);
}

/**
 * The fields of all broker configs. A field is made when it is first read, and then stays: to make all four hundred of
 * them would cost a start a millisecond or two, for some sixty that are of use.
 *
 * @param layers checked before: a field whose value is wrong throws an InvalidConfigError when it is read
 */
export function brokerSettings(layers: ConfigLayers): BrokerSettings {
  const missing: ProxyHandler<object> = {
    has: (_, field) => typeof field === "string" && brokerConfigs.has(keyOf(field)),
    get(_, field, settings: object) {
      const key = typeof field === "string" ? keyOf(field) : "";
      if (!brokerConfigs.has(key)) return undefined;
      const value = asField(layers.value(key));
      Object.defineProperty(settings, field, { value, enumerable: true, writable: true });
      return value;
    },
  };
  return Object.create(new Proxy({}, missing));
}

/**
 * A 64-bit value as a number. What lies beyond the safe integers means "never" or "no limit" and becomes the largest
 * or smallest of them.
 */
export function asField(value: ConfigValue | null): Exclude<ConfigValue, bigint> | null {
  if (typeof value !== "bigint") return value;
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  if (value > limit) return Number.MAX_SAFE_INTEGER;
  return value < -limit ? Number.MIN_SAFE_INTEGER : Number(value);
}
