/**
 * Reads a committed offset as today's brokers write it, by hand: a restart may have to read a million of them. Whatever
 * is unusual (another version, a tombstone, a name beyond ASCII, unknown tagged fields) is left to the codec.
 */
import type { RecordSpan } from "../../coordinator/coordinator-log.ts";
import { OffsetCommitKey } from "../../protocol/coordinator-records/index.ts";
import { UUID_SIZE, type Uuid, uuidFromBytes, ZERO_UUID } from "../../protocol/uuid.ts";
import type { GroupRecordOf } from "../record.ts";

const VERSION = 4;
const TWO_POW_32 = 0x1_0000_0000;
/** Version, offset, leader epoch. */
const VALUE_HEAD_SIZE = 2 + 8 + 4;
/** Commit timestamp, number of tagged fields. */
const VALUE_TAIL_SIZE = 8 + 1;
/** The one tagged field, tag and size before it. */
const TOPIC_ID_SIZE = 2 + UUID_SIZE;
const LONGEST_METADATA = 126;

/** The record, or undefined where it is not plain. */
export function readPlainCommit(span: RecordSpan): GroupRecordOf<"OffsetCommit"> | undefined {
  const { bytes, keyStart, keySize, valueStart, valueSize } = span;
  if (keySize < 10 || valueSize < VALUE_HEAD_SIZE + 1 + VALUE_TAIL_SIZE) return undefined;
  if (int16(bytes, keyStart) !== OffsetCommitKey.id || int16(bytes, valueStart) !== VERSION) return undefined;
  const key = readKey(bytes, keyStart + 2, keyStart + keySize);
  const value = readValue(bytes, valueStart, valueStart + valueSize);
  return key === undefined || value === undefined ? undefined : { type: "OffsetCommit", key, value };
}

function readKey(bytes: Buffer, start: number, end: number) {
  const topicAt = start + 2 + int16(bytes, start);
  if (topicAt < start || topicAt + 2 > end) return undefined;
  const partitionAt = topicAt + 2 + int16(bytes, topicAt);
  if (partitionAt < topicAt || partitionAt + 4 !== end) return undefined;
  const group = ascii(bytes, start + 2, topicAt);
  const topic = ascii(bytes, topicAt + 2, partitionAt);
  if (group === undefined || topic === undefined) return undefined;
  return { group, topic, partition: int32(bytes, partitionAt) };
}

function readValue(bytes: Buffer, start: number, end: number) {
  const metadataAt = start + VALUE_HEAD_SIZE + 1;
  const length = byte(bytes, metadataAt - 1) - 1;
  const tailAt = metadataAt + length;
  if (length < 0 || length > LONGEST_METADATA || tailAt + VALUE_TAIL_SIZE > end) return undefined;
  const metadata = ascii(bytes, metadataAt, tailAt);
  const topicId = readTopicId(bytes, tailAt + VALUE_TAIL_SIZE - 1, end);
  if (metadata === undefined || topicId === undefined) return undefined;
  return {
    offset: int64(bytes, start + 2),
    leaderEpoch: int32(bytes, start + 10),
    metadata,
    commitTimestamp: int64(bytes, tailAt),
    topicId,
    expireTimestamp: -1n,
  };
}

function readTopicId(bytes: Buffer, at: number, end: number): Uuid | undefined {
  const count = byte(bytes, at);
  if (count === 0 && at + 1 === end) return ZERO_UUID;
  if (count !== 1 || at + 1 + TOPIC_ID_SIZE !== end) return undefined;
  if (byte(bytes, at + 1) !== 0 || byte(bytes, at + 2) !== UUID_SIZE) return undefined;
  return uuidAt(bytes, at + 3);
}

const lastId = new Uint8Array(UUID_SIZE);
let lastUuid: Uuid = ZERO_UUID;

/** A group's offsets of one topic mostly stand together: the text of their id is made and kept once. */
function uuidAt(bytes: Buffer, at: number): Uuid {
  for (let index = 0; index < UUID_SIZE; index++) {
    if (bytes[at + index] === lastId[index]) continue;
    lastId.set(bytes.subarray(at, at + UUID_SIZE));
    lastUuid = uuidFromBytes(lastId);
    break;
  }
  return lastUuid;
}

function ascii(bytes: Buffer, start: number, end: number): string | undefined {
  for (let at = start; at < end; at++) if (byte(bytes, at) >= 0x80) return undefined;
  return start === end ? "" : bytes.toString("latin1", start, end);
}

function byte(bytes: Buffer, at: number): number {
  return bytes[at] ?? 0;
}

function int16(bytes: Buffer, at: number): number {
  return ((byte(bytes, at) << 24) >> 16) | byte(bytes, at + 1);
}

function int32(bytes: Buffer, at: number): number {
  return (int16(bytes, at) << 16) | (byte(bytes, at + 2) << 8) | byte(bytes, at + 3);
}

function int64(bytes: Buffer, at: number): bigint {
  const number = int32(bytes, at) * TWO_POW_32 + (int32(bytes, at + 4) >>> 0);
  return Number.isSafeInteger(number) ? BigInt(number) : bytes.readBigInt64BE(at);
}
