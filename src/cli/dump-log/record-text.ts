/**
 * The keys and values of records as a person reads them: by the definitions of the topic that they lie in, else as text.
 */

import { messageOf } from "../../metadata/metadata-error.ts";
import { decodeRecord } from "../../metadata/records.ts";
import { read } from "../../protocol/codec.ts";
import * as coordinatorRecords from "../../protocol/coordinator-records/index.ts";
import { ConsumerProtocolAssignment, ConsumerProtocolSubscription } from "../../protocol/data/index.ts";
import * as metadataRecords from "../../protocol/metadata-records/index.ts";
import { Reader } from "../../protocol/reader.ts";
import { type Definition, inRange } from "../../protocol/schema.ts";
import { type CoordinatorKind, coordinatorRecordJson } from "./coordinator-record.ts";
import { messageJson, type Replacements } from "./message-json.ts";

/** Which definitions the records of a file have; `text` for none. */
export type RecordKind = "text" | "metadata" | CoordinatorKind;

/** A record's key and value, ready to print; null for one that there is nothing to say of. */
export interface RecordText {
  readonly key: string | null;
  readonly value: string | null;
  /** Why it could not be decoded; null when it could. */
  readonly problem: string | null;
}

const kindOfTopic: Readonly<Record<string, RecordKind>> = {
  __cluster_metadata: "metadata",
  __consumer_offsets: "group",
  __transaction_state: "transaction",
  __share_group_state: "share",
};

/** What the records of a topic are. */
export function recordKindOf(topic: string): RecordKind {
  return Object.hasOwn(kindOfTopic, topic) ? (kindOfTopic[topic] ?? "text") : "text";
}

/** What a key and a value say. */
export function recordText(kind: RecordKind, key: Buffer | null, value: Buffer | null): RecordText {
  if (kind === "text") return { key: plainText(key), value: plainText(value), problem: null };
  try {
    if (kind === "metadata") return { key: null, value: metadataText(value), problem: null };
    return coordinatorText(kind, key, value);
  } catch (error) {
    return { key: plainText(key), value: plainText(value), problem: messageOf(error) };
  }
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The bytes as text if they are, all of it printable; else in hex. */
export function plainText(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  try {
    const text = strictUtf8.decode(bytes);
    if (!/\p{Cc}|\p{Cs}|\p{Zl}|\p{Zp}/u.test(text)) return text;
  } catch {
    // Not text.
  }
  return `0x${bytes.toString("hex")}`;
}

const metadataDefinitions = new Map<string, Definition>(Object.entries(metadataRecords));

function metadataText(value: Buffer | null): string {
  if (value === null) throw new Error("a metadata record has no value");
  const { name, version, message } = decodeRecord(value);
  const definition = metadataDefinitions.get(name);
  const type = name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  const data = definition === undefined ? "{}" : messageJson(definition, version, message);
  return `{"type":"${type}","version":${version},"data":${data}}`;
}

function coordinatorText(kind: CoordinatorKind, key: Buffer | null, value: Buffer | null): RecordText {
  if (key === null) throw new Error("a coordinator's record has no key");
  const record = coordinatorRecordJson(kind, key, value, consumerProtocol);
  if (record === null) throw new Error(`records of type ${new Reader(key).int16()} are not known`);
  const keyJson = `{"type":"${record.type}","data":${record.key}}`;
  if (record.value === null) return { key: keyJson, value: "<DELETE>", problem: null };
  const { version, data } = record.value;
  return { key: keyJson, value: `{"version":"${version}","data":${data}}`, problem: null };
}

/** What the members of a consumers' group say to each other is bytes to the coordinator, and can be read all the same. */
function consumerProtocol(definition: Definition, message: unknown): Replacements {
  const replacements = new Map<unknown, string>();
  if (definition !== coordinatorRecords.GroupMetadataValue) return replacements;
  const { protocolType, members } = message as GroupMetadata;
  if (protocolType !== "consumer") return replacements;
  for (const { subscription, assignment } of members) {
    replace(replacements, subscription, ConsumerProtocolSubscription);
    replace(replacements, assignment, ConsumerProtocolAssignment);
  }
  return replacements;
}

interface GroupMetadata {
  readonly protocolType: string;
  readonly members: readonly { readonly subscription: Buffer; readonly assignment: Buffer }[];
}

function replace(replacements: Map<unknown, string>, bytes: Buffer, definition: Definition): void {
  try {
    const reader = new Reader(bytes);
    // A newer version has the fields of an older one at its beginning.
    const version = Math.min(reader.int16(), definition.versions.max);
    if (!inRange(definition.versions, version)) return;
    replacements.set(bytes, messageJson(definition, version, read(definition, version, reader)));
  } catch {
    // It stays bytes.
  }
}
