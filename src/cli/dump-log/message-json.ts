/**
 * A message as JSON, by its definition: as Apache Kafka's tools print it. Fields that the version doesn't have are
 * left out, and so are tagged fields at their default; bytes are base64; 64-bit integers are exact.
 */
import {
  type AnyField,
  type Decoded,
  type Definition,
  type Fields,
  inRange,
  type UnknownTaggedField,
} from "../../protocol/schema.ts";

/** A part of a message that is to be printed as this JSON instead of as what it is. */
export type Replacements = ReadonlyMap<unknown, string>;

/** The JSON text of a message that was read in `version`. */
export function messageJson<F extends Fields>(
  definition: Definition<F>,
  version: number,
  message: Decoded<Definition<F>>,
  replacements: Replacements = new Map(),
): string {
  return structJson(definition.fields(), version, message, replacements);
}

function structJson(fields: Fields, version: number, value: object, replacements: Replacements): string {
  const values = new Map<string, unknown>(Object.entries(value));
  const members: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (!inRange(field.versions, version)) continue;
    const found = values.get(name);
    if (field.tag !== undefined && isDefault(field, found)) continue;
    members.push(`${JSON.stringify(name)}:${valueJson(field, version, found, replacements)}`);
  }
  const unknown = values.get("unknownTaggedFields");
  if (Array.isArray(unknown)) members.push(`"unknownTaggedFields":${unknownJson(unknown)}`);
  return `{${members.join(",")}}`;
}

function valueJson(field: AnyField, version: number, value: unknown, replacements: Replacements): string {
  const replacement = replacements.get(value);
  if (replacement !== undefined) return replacement;
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("base64"));
  const { element, fields } = field;
  if (Array.isArray(value) && element !== undefined) {
    return `[${value.map((item) => valueJson(element, version, item, replacements)).join(",")}]`;
  }
  if (typeof value === "object" && fields !== undefined) {
    return structJson(fields, version, value, replacements);
  }
  return JSON.stringify(value);
}

function isDefault({ default: defaultValue, fields }: AnyField, value: unknown): boolean {
  if (value === defaultValue) return true;
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length === 0 && defaultValue !== null;
  if (typeof value === "bigint") return value === BigInt(Number(defaultValue ?? 0));
  if (typeof value !== "object" || value === null || fields === undefined) return false;
  const values = new Map<string, unknown>(Object.entries(value));
  return Object.entries(fields).every(([name, field]) => isDefault(field, values.get(name)));
}

function unknownJson(fields: readonly UnknownTaggedField[]): string {
  const members = fields.map(({ tag, bytes }) => `"${tag}":"${Buffer.from(bytes).toString("base64")}"`);
  return `{${members.join(",")}}`;
}
