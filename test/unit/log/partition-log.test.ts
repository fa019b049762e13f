/** Segments, timestamps, retention, truncation: the life of a partition's log. */
import { afterEach, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { PartitionLog } from "../../../src/log/partition-log.ts";
import { parseUuid, ZERO_UUID } from "../../../src/protocol/uuid.ts";
import { buildBatch } from "../../../src/records/builder.ts";
import { errorOf } from "../../support/error-of.ts";
import {
  batchOf,
  client,
  consume,
  coordinator,
  marker,
  producedBy,
  someTopicId,
  TestClock,
  temporaryLogs,
} from "./support.ts";

const T = 1_700_000_000_000;
const { openLog, removeLogs } = temporaryLogs();
afterEach(removeLogs);

const logFiles = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name.endsWith(".log"))
    .sort();

const keyedRecord = (timestamp: number) => [{ timestamp, key: Buffer.from("k"), value: null }];

describe("a new segment begins", () => {
  test("when the batch no longer fits", () => {
    const batch = batchOf(1, { valueSize: 400 });
    const { log, directory } = openLog({ configOverrides: { segmentBytes: 2 * batch.length } });
    for (let index = 0; index < 5; index++) log.append(batchOf(1, { valueSize: 400 }), client);
    expect(logFiles(directory)).toEqual([
      "00000000000000000000.log",
      "00000000000000000002.log",
      "00000000000000000004.log",
    ]);
  });

  test("when its first record is older than segment.ms, by the records' clock", () => {
    const { log } = openLog({ configOverrides: { segmentMs: 1000 } });
    log.append(batchOf(1, { timestamp: T }), client);
    log.append(batchOf(1, { timestamp: T + 1000 }), client);
    expect(log.segmentCount).toBe(1);
    log.append(batchOf(1, { timestamp: T + 1001 }), client);
    expect(log.segmentCount).toBe(2);
  });

  test("sooner by a random part of segment.jitter.ms", () => {
    const { log } = openLog({
      random: () => 0.5,
      configOverrides: { segmentMs: 1000, segmentJitterMs: 200 },
    });
    log.append(batchOf(1, { timestamp: T }), client);
    log.append(batchOf(1, { timestamp: T + 901 }), client);
    expect(log.segmentCount).toBe(2);
  });

  test("by no more of it than segment.ms", () => {
    const { log } = openLog({
      random: () => 0.5,
      configOverrides: { segmentMs: 1000, segmentJitterMs: 100_000 },
    });
    log.append(batchOf(1, { timestamp: T }), client);
    log.append(batchOf(1, { timestamp: T + 500 }), client);
    expect(log.segmentCount).toBe(1);
    log.append(batchOf(1, { timestamp: T + 501 }), client);
    expect(log.segmentCount).toBe(2);
  });

  test("when it is older than max.compaction.lag.ms, where the topic is compacted", () => {
    for (const policy of ["compact", "delete"] as const) {
      const cleanupPolicy = new Set([policy]);
      const { log } = openLog({ configOverrides: { cleanupPolicy, maxCompactionLagMs: 1000 } });
      log.append(batchOf(1, { timestamp: T, records: keyedRecord(T) }), client);
      log.append(batchOf(1, { timestamp: T + 1001, records: keyedRecord(T + 1001) }), client);
      expect(log.segmentCount).toBe(policy === "compact" ? 2 : 1);
    }
  });

  test("by the broker's clock where records have no timestamps", () => {
    const clock = new TestClock(T);
    const { log } = openLog({ clock, configOverrides: { segmentMs: 1000 } });
    const untimed = () =>
      buildBatch({
        baseOffset: 0,
        partitionLeaderEpoch: -1,
        records: [{ timestamp: -1, key: null, value: null }],
      });
    log.append(untimed(), client);
    clock.advance(1001);
    log.append(untimed(), client);
    expect(log.segmentCount).toBe(2);
  });

  test("when the index is full", () => {
    const { log } = openLog({ configOverrides: { segmentIndexBytes: 24, indexIntervalBytes: 0 } });
    for (let index = 0; index < 12; index++) log.append(batchOf(1, { timestamp: T + index }), client);
    expect(log.segmentCount).toBeGreaterThan(2);
  });

  test("when the offsets would get too far from the segment's base", () => {
    const { log } = openLog();
    const options = { leaderEpoch: 0, origin: "replication" } as const;
    log.append(batchOf(1, { baseOffset: 0, partitionLeaderEpoch: 0 }), options);
    log.append(batchOf(1, { baseOffset: 2 ** 31 - 1, partitionLeaderEpoch: 0 }), options);
    expect(log.segmentCount).toBe(1);
    log.append(batchOf(1, { baseOffset: 2 ** 31, partitionLeaderEpoch: 0 }), options);
    expect(log.segmentCount).toBe(2);
    expect(consume(log).map(({ offset }) => offset)).toEqual([0, 2 ** 31 - 1, 2 ** 31]);
  });

  test("with a snapshot of the producers, and the old one flushed", async () => {
    const { log, directory } = openLog({ configOverrides: { segmentMs: 1 } });
    log.append(producedBy(3n, 0, { timestamp: T } as never), client);
    log.append(batchOf(1, { timestamp: T + 10 }), client);
    expect(existsSync(`${directory}/00000000000000000001.snapshot`)).toBe(true);
    await log.flush();
    expect(log.recoveryPoint).toBe(2);
  });
});

describe("an offset for a timestamp", () => {
  test("is that of the first record at or after it, in whichever segment and batch", () => {
    const { log } = openLog({ configOverrides: { segmentBytes: 1500, indexIntervalBytes: 200 } });
    for (let index = 0; index < 40; index++)
      log.append(batchOf(3, { timestamp: T + index * 100, compression: index % 2 ? 4 : 0 }), client);
    expect(log.segmentCount).toBeGreaterThan(2);
    expect(log.offsetForTimestamp(0)).toMatchObject({ offset: 0, timestamp: T, leaderEpoch: 0 });
    for (let index = 0; index < 40; index++) {
      expect(log.offsetForTimestamp(T + index * 100 + 1)).toMatchObject({
        offset: index * 3 + 1,
        timestamp: T + index * 100 + 1,
      });
      expect(log.offsetForTimestamp(T + index * 100 + 3)?.offset).toBe(
        index === 39 ? undefined : index * 3 + 3,
      );
    }
  });

  test("is never before the log's start", () => {
    const { log } = openLog();
    log.append(batchOf(5, { timestamp: T }), client);
    log.deleteRecordsBefore(3);
    expect(log.offsetForTimestamp(0)).toMatchObject({ offset: 3, timestamp: T + 3 });
  });

  test("is found where times go back and forth", () => {
    const { log } = openLog({ configOverrides: { indexIntervalBytes: 0 } });
    for (const time of [50, 10, 90, 20, 80]) log.append(batchOf(1, { timestamp: T + time }), client);
    expect(log.offsetForTimestamp(T + 60)).toMatchObject({ offset: 2, timestamp: T + 90 });
    expect(log.offsetOfMaxTimestamp()).toMatchObject({ offset: 2, timestamp: T + 90 });
    expect(log.offsetForTimestamp(T + 91)).toBeNull();
  });

  test("with the largest timestamp is the first that has it", () => {
    const { log } = openLog({ configOverrides: { segmentBytes: 300 } });
    expect(log.offsetOfMaxTimestamp()).toBeNull();
    log.append(batchOf(2, { timestamp: T + 5 }), client);
    log.append(batchOf(3, { timestamp: T + 4 }), client);
    log.append(batchOf(1, { timestamp: T }), client);
    expect(log.offsetOfMaxTimestamp()).toMatchObject({ offset: 1, timestamp: T + 6 });
  });

  test("survives a restart, clean or not", async () => {
    const { log, options } = openLog({ configOverrides: { segmentBytes: 1000, indexIntervalBytes: 100 } });
    for (let index = 0; index < 20; index++) log.append(batchOf(2, { timestamp: T + index * 10 }), client);
    const found = (one: PartitionLog) =>
      Array.from({ length: 25 }, (_, index) => one.offsetForTimestamp(T + index * 8)?.offset ?? -1);
    const before = found(log);
    await log.close();
    for (const cleanShutdown of [true, false]) {
      const again = PartitionLog.open({ ...options, cleanShutdown });
      expect(found(again)).toEqual(before);
      again.abandon();
    }
  });
});

test("the earliest and the latest offset come with their leader epochs", () => {
  const { log } = openLog();
  log.append(batchOf(3), { leaderEpoch: 2, origin: "client" });
  log.append(producedBy(1n, 0, { transactional: true }), { leaderEpoch: 4, origin: "client" });
  expect(log.earliestOffset()).toEqual({ timestamp: -1, offset: 0, leaderEpoch: 2 });
  expect(log.latestOffset("high_watermark")).toEqual({ timestamp: -1, offset: 4, leaderEpoch: 4 });
  expect(log.latestOffset("last_stable").offset).toBe(3);
  expect(log.endOffsetForEpoch(4)).toEqual({ leaderEpoch: 4, endOffset: 4 });
});

describe("retention", () => {
  const small = { segmentBytes: 1000, fileDeleteDelayMs: 60_000 };
  function filled(configOverrides: object, clock = new TestClock(T + 1_000_000)) {
    const opened = openLog({ clock, configOverrides: { ...small, ...configOverrides } });
    for (let index = 0; index < 10; index++)
      opened.log.append(batchOf(1, { timestamp: T + index * 1000, valueSize: 400 }), client);
    expect(opened.log.segmentCount).toBe(5);
    return { ...opened, clock };
  }

  test("deletes segments whose last record is too old", () => {
    const { log } = filled({ retentionMs: 995_500 });
    expect(log.applyRetention()).toBe(2);
    expect([log.logStartOffset, log.segmentCount]).toEqual([4, 3]);
    expect(consume(log).map(({ offset }) => offset)).toEqual([4, 5, 6, 7, 8, 9]);
  });

  test("deletes all of them, the active one too, and goes on where the log ended", () => {
    const { log } = filled({ retentionMs: 1 });
    expect(log.applyRetention()).toBe(5);
    expect([log.logStartOffset, log.logEndOffset, log.segmentCount]).toEqual([10, 10, 1]);
    expect(log.append(batchOf(1), client).firstOffset).toBe(10);
    expect(log.applyRetention()).toBe(1);
  });

  test("deletes what is more than retention.bytes, but never goes below it", () => {
    const { log } = filled({});
    const { sizeInBytes } = log;
    const { log: limited } = filled({ retentionBytes: Math.floor(sizeInBytes / 2) });
    expect(limited.applyRetention()).toBe(2);
    expect(limited.sizeInBytes).toBeGreaterThanOrEqual(Math.floor(sizeInBytes / 2));
    expect(limited.logStartOffset).toBe(4);
  });

  test("deletes nothing of a compacted topic but what lies below the log's start", () => {
    const { log } = filled({ retentionMs: 1, cleanupPolicy: new Set(["compact"]) });
    expect(log.applyRetention()).toBe(0);
    const both = filled({ retentionMs: 1, cleanupPolicy: new Set(["compact", "delete"]) });
    expect(both.log.applyRetention()).toBe(5);
  });

  test("deletes nothing of an empty log", () => {
    const { log } = openLog({ configOverrides: { retentionMs: 0 } });
    expect(log.applyRetention()).toBe(0);
  });

  test("renames files at once and removes them a while later", async () => {
    const { log, directory, clock } = filled({ retentionMs: 995_500 });
    log.applyRetention();
    expect(logFiles(directory)).toEqual([
      "00000000000000000004.log",
      "00000000000000000006.log",
      "00000000000000000008.log",
    ]);
    expect(existsSync(`${directory}/00000000000000000000.log.deleted`)).toBe(true);
    expect(existsSync(`${directory}/00000000000000000002.snapshot`)).toBe(false);
    clock.advance(60_000);
    await log.flush();
    for (
      let turn = 0;
      turn < 100 && readdirSync(directory).some((name) => name.endsWith(".deleted"));
      turn++
    ) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(readdirSync(directory).filter((name) => name.endsWith(".deleted"))).toEqual([]);
  });

  test("does not believe a time index that speaks of records that aren't there", async () => {
    const { log, options, directory } = filled({ retentionMs: 995_500 });
    await log.close();
    const wrong = Buffer.alloc(12);
    wrong.writeBigInt64BE(1n, 0);
    for (const base of [0, 2, 4, 6])
      writeFileSync(`${directory}/${String(base).padStart(20, "0")}.timeindex`, wrong);
    const again = PartitionLog.open(options);
    expect(again.applyRetention()).toBe(2);
    again.abandon();
  });
});

describe("deleting records", () => {
  test("moves the log's start, into a batch even, and wakes who waits", () => {
    const { log } = openLog();
    log.append(batchOf(5), client);
    let woken = 0;
    log.onAppend(() => woken++);
    expect(log.deleteRecordsBefore(3)).toBe(3);
    expect(woken).toBe(1);
    expect(consume(log).map(({ offset }) => offset)).toEqual([3, 4]);
    expect(log.startsWithinSegment).toBe(true);
    expect(log.deleteRecordsBefore(1)).toBe(3);
    expect(log.deleteRecordsBefore(-1)).toBe(5);
    expect(consume(log)).toEqual([]);
  });

  test("beyond the high watermark or below zero is out of range", () => {
    const { log } = openLog();
    log.append(batchOf(5), client);
    expect(errorOf(() => log.deleteRecordsBefore(6))).toBe("OFFSET_OUT_OF_RANGE");
    expect(errorOf(() => log.deleteRecordsBefore(-2))).toBe("OFFSET_OUT_OF_RANGE");
  });

  test("is not for topics that are only compacted", () => {
    const { log } = openLog({ configOverrides: { cleanupPolicy: new Set(["compact"] as const) } });
    log.append(batchOf(5), client);
    expect(errorOf(() => log.deleteRecordsBefore(2))).toBe("POLICY_VIOLATION");
  });

  test("lets the segments below it go with the next retention check", () => {
    const { log } = openLog({ configOverrides: { segmentBytes: 1000 } });
    for (let index = 0; index < 6; index++) log.append(batchOf(1, { valueSize: 400 }), client);
    log.deleteRecordsBefore(3);
    expect(log.segmentCount).toBe(3);
    expect(log.applyRetention()).toBe(1);
    expect([log.segmentCount, log.logStartOffset]).toEqual([2, 3]);
  });
});

describe("truncation", () => {
  test("drops whole batches from an offset on, and the log goes on there", async () => {
    const { log, options } = openLog({ configOverrides: { segmentBytes: 1000, indexIntervalBytes: 0 } });
    for (let index = 0; index < 6; index++)
      log.append(batchOf(2, { valueSize: 150, timestamp: T + index }), client);
    expect(log.truncateTo(12)).toBe(false);
    expect(log.truncateTo(5)).toBe(true);
    expect([log.logEndOffset, log.highWatermark]).toEqual([5, 5]);
    expect(consume(log).map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
    expect(log.append(batchOf(1, { timestamp: T }), client).firstOffset).toBe(5);
    expect(log.offsetOfMaxTimestamp()?.offset).toBe(3);
    await log.close();
    const again = PartitionLog.open({ ...options, cleanShutdown: false });
    expect(consume(again).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 5]);
    again.abandon();
  });

  test("forgets producers, transactions and epochs of what it drops", () => {
    const { log } = openLog();
    log.append(producedBy(1n, 0), { leaderEpoch: 1, origin: "client" });
    log.append(producedBy(2n, 0, { transactional: true }), { leaderEpoch: 2, origin: "client" });
    log.append(marker(2n, "abort"), { leaderEpoch: 2, origin: "coordinator" });
    expect([...log.producers].length).toBe(2);
    log.truncateTo(1);
    expect([...log.producers].map(({ producerId }) => producerId)).toEqual([1n]);
    expect(log.leaderEpoch).toBe(1);
    expect(log.append(producedBy(1n, 0), client).duplicate).toBe(true);
    log.append(batchOf(3), client);
    expect(log.read(0, 1000, { isolation: "last_stable", minOneMessage: true }).abortedTransactions).toEqual(
      [],
    );
  });

  test("reopens a transaction whose end it drops", () => {
    const { log } = openLog();
    log.append(producedBy(2n, 0, { transactional: true }), client);
    log.append(marker(2n, "commit"), coordinator);
    log.truncateTo(1);
    expect(log.lastStableOffset).toBe(0);
  });

  test("of everything begins anew at an offset", () => {
    const { log } = openLog({ configOverrides: { segmentBytes: 500 } });
    for (let index = 0; index < 6; index++) log.append(batchOf(2, { valueSize: 100 }), client);
    log.truncateFullyAndStartAt(100);
    expect([log.logStartOffset, log.logEndOffset, log.segmentCount]).toEqual([100, 100, 1]);
    expect(log.append(batchOf(1), client).firstOffset).toBe(100);
  });
});

describe("a directory", () => {
  test("of another topic id is refused", () => {
    const { options } = openLog();
    const other = parseUuid("8sKzeraWT1CO-45EdFrosA") ?? ZERO_UUID;
    expect(errorOf(() => PartitionLog.open({ ...options, topicId: other }))).toBe("INCONSISTENT_TOPIC_ID");
  });

  test("says which topic it belongs to, if nobody else does", () => {
    const { options } = openLog();
    const log = PartitionLog.open({ ...options, topicId: ZERO_UUID });
    expect(log.topicId).toBe(someTopicId);
  });
});
