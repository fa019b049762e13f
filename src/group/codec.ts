/**
 * Records of `__consumer_offsets` as bytes: a key that begins with its type (an int16), and a value that begins with
 * its version (an int16).
 */
import type { EncodedRecord, RecordCodec } from "../coordinator/coordinator-log.ts";
import { read, write } from "../protocol/codec.ts";
import { LegacyOffsetCommitKey, LegacyOffsetCommitValue } from "../protocol/coordinator-records/index.ts";
import { MalformedError } from "../protocol/malformed.ts";
import { Reader } from "../protocol/reader.ts";
import type { Definition } from "../protocol/schema.ts";
import { ZERO_UUID } from "../protocol/uuid.ts";
import { Writer } from "../protocol/writer.ts";
import { readPlainCommit } from "./offsets/plain-commit.ts";
import { type GroupRecord, type GroupRecordType, recordDefinitions, type ValueOf } from "./record.ts";

const KEY_VERSION = 0;
const GROUP_METADATA_VERSION = 3;
const OFFSET_COMMIT_VERSION = 4;
/** The one version that holds a commit's own expiry, which clients could ask for until OffsetCommit 4. */
const OFFSET_COMMIT_VERSION_WITH_EXPIRY = 1;

const typesById = new Map<number, GroupRecordType>(
  Object.entries(recordDefinitions).map(([type, { key }]) => [key.id, type as GroupRecordType]),
);

export const groupRecordCodec: RecordCodec<GroupRecord> = {
  // In Apache Kafka they have one, with a producer or without.
  baseSequence: 0,

  decodePlain: readPlainCommit,

  encode(record: GroupRecord): EncodedRecord {
    const definition: { key: Definition; value: Definition } = recordDefinitions[record.type];
    const key = new Writer(64);
    key.int16(definition.key.id);
    write(definition.key, KEY_VERSION, record.key, key);
    if (record.value === null) return { key: key.written(), value: null };
    const value = new Writer(128);
    const version = valueVersion(record, definition.value);
    value.int16(version);
    write(definition.value, version, record.value, value);
    return { key: key.written(), value: value.written() };
  },

  decode(key, value) {
    if (key === null) throw new MalformedError("a record of __consumer_offsets has no key");
    const reader = new Reader(key);
    const id = reader.int16();
    if (id === LegacyOffsetCommitKey.id) return legacyOffsetCommit(reader, value);
    const type = typesById.get(id);
    if (type === undefined) return id;
    const definition: { key: Definition; value: Definition } = recordDefinitions[type];
    return {
      type,
      key: read(definition.key, KEY_VERSION, reader),
      value: value === null ? null : readValue(definition.value, value),
    } as GroupRecord;
  },
};

/** The version that Kafka 4.4.0 writes. */
function valueVersion(record: GroupRecord, definition: Definition): number {
  if (record.type === "GroupMetadata") return GROUP_METADATA_VERSION;
  if (record.type !== "OffsetCommit") return definition.versions.max;
  return record.value !== null && record.value.expireTimestamp !== -1n
    ? OFFSET_COMMIT_VERSION_WITH_EXPIRY
    : OFFSET_COMMIT_VERSION;
}

function readValue(definition: Definition, bytes: Uint8Array): object {
  const reader = new Reader(bytes);
  const version = reader.int16();
  return read(definition, version, reader);
}

/** What brokers before 0.8.2 wrote: an offset commit without a leader epoch and a topic id. */
function legacyOffsetCommit(key: Reader, bytes: Uint8Array | null): GroupRecord {
  const { group, topic, partition } = read(LegacyOffsetCommitKey, KEY_VERSION, key);
  let value: ValueOf<"OffsetCommit"> | null = null;
  if (bytes !== null) {
    const reader = new Reader(bytes);
    const version = reader.int16();
    const legacy = read(LegacyOffsetCommitValue, version, reader);
    value = { ...legacy, leaderEpoch: -1, topicId: ZERO_UUID, expireTimestamp: -1n };
  }
  return { type: "OffsetCommit", key: { group, topic, partition }, value };
}
