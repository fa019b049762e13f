/**
 * Records of the topics in which coordinators keep what they know, as JSON by their definitions.
 */
import { read } from "../../protocol/codec.ts";
import * as coordinatorRecords from "../../protocol/coordinator-records/index.ts";
import { Reader } from "../../protocol/reader.ts";
import type { Definition } from "../../protocol/schema.ts";
import { messageJson, type Replacements } from "./message-json.ts";

/** Whose records: groups, transactions and share states each count their types from 0. */
export type CoordinatorKind = "group" | "transaction" | "share";

/** A record's type and what it says, in JSON. */
interface CoordinatorRecordJson {
  readonly type: number;
  readonly key: string;
  /** Null for a record that takes away what an earlier one said. */
  readonly value: { readonly version: number; readonly data: string } | null;
}

interface CoordinatorRecord {
  readonly key: Definition;
  readonly value: Definition;
}

const KEY_VERSION = 0;

/** By the number that a key begins with. */
const definitions: Readonly<Record<CoordinatorKind, ReadonlyMap<number, CoordinatorRecord>>> = {
  group: pairs((name) => !/^(Transaction|ShareSnapshot|ShareUpdate)/.test(name)),
  transaction: pairs((name) => name.startsWith("Transaction")),
  share: pairs((name) => /^Share(Snapshot|Update)/.test(name)),
};

function pairs(belongs: (name: string) => boolean): Map<number, CoordinatorRecord> {
  const byName = new Map<string, Definition>(Object.entries(coordinatorRecords));
  const found = new Map<number, CoordinatorRecord>();
  for (const [name, key] of byName) {
    const value = byName.get(name.replace(/Key$/, "Value"));
    if (name.endsWith("Key") && value !== undefined && belongs(name)) found.set(key.id, { key, value });
  }
  return found;
}

/**
 * A record as JSON; null for one of a type that isn't known.
 *
 * @param replacements what is to be printed otherwise in a value
 * @throws MalformedError
 */
export function coordinatorRecordJson(
  kind: CoordinatorKind,
  key: Buffer,
  value: Buffer | null,
  replacements: (definition: Definition, message: unknown) => Replacements = () => new Map(),
): CoordinatorRecordJson | null {
  const keyReader = new Reader(key);
  const type = keyReader.int16();
  const found = definitions[kind].get(type);
  if (found === undefined) return null;
  const keyJson = messageJson(found.key, KEY_VERSION, read(found.key, KEY_VERSION, keyReader));
  if (value === null) return { type, key: keyJson, value: null };
  const reader = new Reader(value);
  const version = reader.int16();
  const message = read(found.value, version, reader);
  const data = messageJson(found.value, version, message, replacements(found.value, message));
  return { type, key: keyJson, value: { version, data } };
}
