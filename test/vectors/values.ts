/**
 * The JSON form of messages in vector files: a 64-bit or unsigned 32-bit integer is a string of
 * digits, a uuid Kafka's base64url,
 * bytes and records are hex, and only the fields of the version are there.
 */
import { type Field, type Fields, inRange } from "../../src/protocol/schema.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** The value that a codec takes, from its JSON form. */
export function fromJson(fields: Fields, version: number, json: Json): Record<string, unknown> {
  const object = json as Record<string, Json>;
  const unknown = Object.keys(object).filter((name) => !(name in fields));
  if (unknown.length > 0) throw new Error(`no field is called ${unknown.join(", ")}`);
  const entries = Object.entries(fields).filter(([name]) => name in object);
  return Object.fromEntries(
    entries.map(([name, field]) => [name, encodable(field, version, object[name] ?? null)]),
  );
}

function encodable(field: Field, version: number, json: Json): unknown {
  if (json === null) return null;
  switch (field.type) {
    case "int64":
      return BigInt(json as string);
    case "uint32":
      return Number(json);
    case "bytes":
    case "records":
      return Buffer.from(json as string, "hex");
    case "array":
      return (json as Json[]).map((item) => encodable(field.element ?? field, version, item));
    case "struct":
      return fromJson(field.fields ?? {}, version, json);
    default:
      return json;
  }
}

/** The JSON form of what a codec has read. */
export function toJson(fields: Fields, version: number, value: Record<string, unknown>): Json {
  const present = Object.entries(fields).filter(([, field]) => inRange(field.versions, version));
  return Object.fromEntries(present.map(([name, field]) => [name, jsonOf(field, version, value[name])]));
}

function jsonOf(field: Field, version: number, value: unknown): Json {
  if (value === null) return null;
  switch (field.type) {
    case "int64":
    case "uint32":
      return String(value);
    case "bytes":
    case "records":
      return Buffer.from(value as Uint8Array).toString("hex");
    case "array":
      return (value as unknown[]).map((item) => jsonOf(field.element ?? field, version, item));
    case "struct":
      return toJson(field.fields ?? {}, version, value as Record<string, unknown>);
    default:
      return value as Json;
  }
}
