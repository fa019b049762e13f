import { expect, test } from "bun:test";
import { groupRecordCodec } from "../../../src/group/codec.ts";
import type { GroupRecord } from "../../../src/group/record.ts";
import { encode } from "../../../src/protocol/codec.ts";
import {
  LegacyOffsetCommitKey,
  LegacyOffsetCommitValue,
} from "../../../src/protocol/coordinator-records/index.ts";
import { type Uuid, ZERO_UUID } from "../../../src/protocol/uuid.ts";
import { kafkaLogs, recordsOf } from "./support/kafka-directory.ts";

function roundTrip(record: GroupRecord): GroupRecord | number {
  const { key, value } = groupRecordCodec.encode(record);
  return groupRecordCodec.decode(key, value);
}

const hex = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString("hex");
const int16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);

const commit: GroupRecord = {
  type: "OffsetCommit",
  key: { group: "g", topic: "t", partition: 3 },
  value: {
    offset: 2n ** 63n - 1n,
    leaderEpoch: 7,
    metadata: "nöte",
    commitTimestamp: 1_700_000_000_000n,
    topicId: "5VvMizf_QzWMimYK3GM8TQ" as Uuid,
    expireTimestamp: -1n,
  },
};

test("Every record that Apache Kafka wrote is read, and written again byte for byte", () => {
  const types = new Set<string>();
  for (const log of kafkaLogs().values()) {
    for (const { key, value } of recordsOf(log)) {
      const record = groupRecordCodec.decode(key, value);
      if (typeof record === "number") throw new Error(`type ${record} is unknown`);
      types.add(record.type);
      const written = groupRecordCodec.encode(record);
      expect(hex(written.key)).toBe(hex(key));
      expect(hex(written.value)).toBe(hex(value));
    }
  }
  expect([...types].sort()).toEqual([
    "ConsumerGroupCurrentMemberAssignment",
    "ConsumerGroupMemberMetadata",
    "ConsumerGroupMetadata",
    "ConsumerGroupTargetAssignmentMember",
    "ConsumerGroupTargetAssignmentMetadata",
    "GroupMetadata",
    "OffsetCommit",
  ]);
});

test("A committed offset comes back as it was, the largest included", () => {
  expect(roundTrip(commit)).toEqual(commit);
});

test("A tombstone has a key and no value", () => {
  const tombstone: GroupRecord = { ...commit, value: null };
  expect(groupRecordCodec.encode(tombstone).value).toBeNull();
  expect(roundTrip(tombstone)).toEqual(tombstone);
});

test("A commit with an expiry of its own is written in the version that holds it, without epoch and topic id", () => {
  if (commit.value === null) throw new Error("there is a value");
  const expiring: GroupRecord = {
    ...commit,
    value: { ...commit.value, expireTimestamp: 1_800_000_000_000n },
  };
  const { value } = groupRecordCodec.encode(expiring);
  expect(value?.subarray(0, 2)).toEqual(int16(1));
  expect(roundTrip(expiring)).toEqual({
    ...expiring,
    value: { ...commit.value, expireTimestamp: 1_800_000_000_000n, leaderEpoch: -1, topicId: ZERO_UUID },
  });
});

test("A commit of the oldest brokers is read as one of today's", () => {
  const key = encode(LegacyOffsetCommitKey, 0, { group: "g", topic: "t", partition: 3 });
  const value = encode(LegacyOffsetCommitValue, 0, { offset: 5, metadata: "m", commitTimestamp: 6 });
  expect(groupRecordCodec.decode(Buffer.concat([int16(0), key]), Buffer.concat([int16(0), value]))).toEqual({
    type: "OffsetCommit",
    key: { group: "g", topic: "t", partition: 3 },
    value: {
      offset: 5n,
      metadata: "m",
      commitTimestamp: 6n,
      leaderEpoch: -1,
      topicId: ZERO_UUID,
      expireTimestamp: -1n,
    },
  });
});

test("A record of another coordinator's type is told by its number", () => {
  expect(groupRecordCodec.decode(Buffer.concat([int16(11), Buffer.from("?")]), null)).toBe(11);
});

test("A version of a value from the future is refused, not guessed", () => {
  const { key } = groupRecordCodec.encode(commit);
  expect(() => groupRecordCodec.decode(key, int16(9))).toThrow("no version 9");
  expect(() => groupRecordCodec.decode(null, null)).toThrow("no key");
});
