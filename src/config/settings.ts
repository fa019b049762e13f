/**
 * Broker configs as typed fields: `num.partitions` becomes `numPartitions`, a number. The types follow from the
 * tables of definitions.
 */

import type { ConfigValue } from "./config-value.ts";
import type { ConfigType } from "./definition.ts";
import { type BrokerDefinition, settableDefinitions } from "./definitions/tables.ts";
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

const fieldNames = settableDefinitions.map(
  ({ name }) => [name, name.replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase())] as const,
);

/**
 * The fields of all broker configs.
 *
 * @throws InvalidConfigError when a value that was set is wrong
 */
export function brokerSettings(layers: ConfigLayers): BrokerSettings {
  const fields: Record<string, ReturnType<typeof asField>> = {};
  for (const [name, field] of fieldNames) fields[field] = asField(layers.value(name));
  return fields as unknown as BrokerSettings;
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
