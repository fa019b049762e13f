import { expect, test } from "bun:test";
import type { RecordSpan } from "../../../../src/coordinator/coordinator-log.ts";
import { groupRecordCodec } from "../../../../src/group/codec.ts";
import { readPlainCommit } from "../../../../src/group/offsets/plain-commit.ts";
import type { GroupRecord, ValueOf } from "../../../../src/group/record.ts";
import { type Uuid, ZERO_UUID } from "../../../../src/protocol/uuid.ts";
import { SeededRandom } from "../../../support/random.ts";
import { kafkaLogs, recordsOf } from "../support/kafka-directory.ts";

/** Key and value among other bytes, as they lie in a batch. */
function spanOf(key: Uint8Array, value: Uint8Array | null): RecordSpan {
  const bytes = Buffer.concat([
    Buffer.alloc(3, 0xee),
    key,
    Buffer.alloc(2, 0xee),
    value ?? Buffer.alloc(0),
    Buffer.alloc(4, 0xee),
  ]);
  return {
    bytes,
    keyStart: 3,
    keySize: key.length,
    valueStart: 5 + key.length,
    valueSize: value === null ? -1 : value.length,
  };
}

function commit(value: Partial<ValueOf<"OffsetCommit">>, group = "g", topic = "t"): GroupRecord {
  return {
    type: "OffsetCommit",
    key: { group, topic, partition: 70_000 },
    value: {
      offset: 5n,
      leaderEpoch: -1,
      metadata: "",
      commitTimestamp: 1_700_000_000_000n,
      topicId: "5VvMizf_QzWMimYK3GM8TQ" as Uuid,
      expireTimestamp: -1n,
      ...value,
    },
  };
}

function readBack(record: GroupRecord): GroupRecord | undefined {
  const { key, value } = groupRecordCodec.encode(record);
  return readPlainCommit(spanOf(key, value));
}

test("What Apache Kafka commits is plain, and is read as the codec reads it", () => {
  let count = 0;
  for (const { key, value } of [...kafkaLogs().values()].flatMap(recordsOf)) {
    const record = groupRecordCodec.decode(key, value);
    const plain = readPlainCommit(spanOf(key ?? Buffer.alloc(0), value));
    if (typeof record === "number" || record.type !== "OffsetCommit") expect(plain).toBeUndefined();
    else {
      expect(plain).toEqual(record);
      count++;
    }
  }
  expect(count).toBe(8);
});

test("Every number comes back as it was, the largest and the least", () => {
  for (const offset of [0n, -1n, 2n ** 31n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    for (const leaderEpoch of [0, -1, 2 ** 31 - 1, -(2 ** 31)]) {
      const record = commit({ offset, leaderEpoch, commitTimestamp: offset, topicId: ZERO_UUID });
      expect(readBack(record)).toEqual(record);
    }
  }
});

test("Metadata and names are read as long as they are short and plain", () => {
  for (const record of [
    commit({ metadata: "x".repeat(126) }),
    commit({}, "", ""),
    commit({}, "g".repeat(249), "t".repeat(249)),
  ]) {
    expect(readBack(record)).toEqual(record);
  }
  for (const record of [
    commit({ metadata: "x".repeat(127) }),
    commit({ metadata: "ö" }),
    commit({}, "grüppe"),
    commit({}, "g", "töpic"),
    commit({ expireTimestamp: 9n }),
    { ...commit({}), value: null } as GroupRecord,
  ]) {
    expect(readBack(record)).toBeUndefined();
  }
});

test("Damaged bytes are read as the codec reads them, or left to it", () => {
  const random = new SeededRandom(20_251_121);
  const { key, value } = groupRecordCodec.encode(commit({ metadata: "note" }, "group", "topic"));
  for (let round = 0; round < 20_000; round++) {
    const damaged = [Buffer.from(key), Buffer.from(value ?? [])].map((bytes) => {
      const at = random.below(bytes.length);
      if (random.below(4) === 0) return bytes.subarray(0, at);
      bytes[at] = random.below(256);
      return bytes;
    });
    const [damagedKey = Buffer.alloc(0), damagedValue = Buffer.alloc(0)] = damaged;
    const plain = readPlainCommit(spanOf(damagedKey, damagedValue));
    if (plain !== undefined)
      expect(plain).toEqual(groupRecordCodec.decode(damagedKey, damagedValue) as typeof plain);
  }
});
