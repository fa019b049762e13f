/** Appending to a partition's log and reading it, as producers and consumers do. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { DirectoryHealth } from "../../../src/log/directory-health.ts";
import { PartitionLog } from "../../../src/log/partition-log.ts";
import type { KafkaError } from "../../../src/protocol/errors.ts";
import * as header from "../../../src/records/batch-header.ts";
import { batchCrcIsValid } from "../../../src/records/validate.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { errorOf } from "../../support/error-of.ts";
import {
  batchOf,
  client,
  consume,
  coordinator,
  defaultConfig,
  logOptions,
  marker,
  producedBy,
  removeDirectory,
  TestClock,
  temporaryLogs,
} from "./support.ts";

const { openLog, removeLogs } = temporaryLogs();
afterEach(removeLogs);

describe("an append", () => {
  test("gives offsets one after the other, and writes them and the leader epoch into the batch", () => {
    const { log, directory } = openLog();
    const first = log.append(batchOf(3), { leaderEpoch: 7, origin: "client" });
    expect(first).toMatchObject({
      firstOffset: 0,
      lastOffset: 2,
      logAppendTimeMs: -1,
      logStartOffset: 0,
      duplicate: false,
    });
    const sent = batchOf(2, { compression: 2 });
    const asSent = Buffer.from(sent);
    expect(log.append(sent, { leaderEpoch: 7, origin: "client" })).toMatchObject({
      firstOffset: 3,
      lastOffset: 4,
    });
    expect(log.logEndOffset).toBe(5);
    const onDisk = readFileSync(`${directory}/00000000000000000000.log`).subarray(-asSent.length);
    expect(header.baseOffset(onDisk, 0)).toBe(3);
    expect(header.partitionLeaderEpoch(onDisk, 0)).toBe(7);
    expect(onDisk.subarray(16).equals(asSent.subarray(16))).toBe(true);
    expect(batchCrcIsValid(onDisk, 0)).toBe(true);
  });

  test("writes nothing but the .log until the log is flushed", async () => {
    const { log, directory } = openLog();
    expect(readdirSync(directory)).toEqual(["partition.metadata"]);
    log.append(batchOf(1), client);
    expect(readdirSync(directory).sort()).toEqual(["00000000000000000000.log", "partition.metadata"]);
    await log.flush();
    expect(readdirSync(directory).sort()).toEqual([
      "00000000000000000000.index",
      "00000000000000000000.log",
      "00000000000000000000.timeindex",
      "leader-epoch-checkpoint",
      "partition.metadata",
    ]);
  });

  test("answers with the time of the append where the topic has LogAppendTime", () => {
    const clock = new TestClock(5000);
    const { log } = openLog({ clock, configOverrides: { messageTimestampType: "LogAppendTime" } });
    expect(log.append(batchOf(2), client).logAppendTimeMs).toBe(5000);
    expect(consume(log).map(({ timestamp }) => timestamp)).toEqual([5000, 5000]);
  });

  test("larger than a segment is refused", () => {
    const { log } = openLog({ configOverrides: { segmentBytes: 1000 } });
    expect(errorOf(() => log.append(batchOf(1, { valueSize: 1000 }), client))).toBe("RECORD_LIST_TOO_LARGE");
    expect(log.logEndOffset).toBe(0);
  });

  test("that is refused leaves the log as it was", () => {
    const { log, directory } = openLog();
    log.append(batchOf(1), client);
    const before = readFileSync(`${directory}/00000000000000000000.log`);
    const damaged = batchOf(1);
    damaged.writeUInt8(damaged.readUInt8(70) ^ 1, 70);
    expect(errorOf(() => log.append(damaged, client))).toBe("CORRUPT_MESSAGE");
    expect(readFileSync(`${directory}/00000000000000000000.log`).equals(before)).toBe(true);
    expect(log.append(batchOf(1), client).firstOffset).toBe(1);
  });

  test("of a coordinator may hold several batches", () => {
    const { log } = openLog();
    expect(log.append(Buffer.concat([batchOf(2), batchOf(3)]), coordinator)).toMatchObject({
      firstOffset: 0,
      lastOffset: 4,
    });
    expect(consume(log).length).toBe(5);
  });

  test("from a leader keeps its offsets and epochs, gaps too, but never goes back", () => {
    const { log } = openLog();
    const replicated = Buffer.concat([
      batchOf(2, { baseOffset: 5, partitionLeaderEpoch: 3 }),
      batchOf(1, { baseOffset: 10, partitionLeaderEpoch: 4 }),
    ]);
    const options = { leaderEpoch: 9, origin: "replication" } as const;
    expect(log.append(replicated, options)).toMatchObject({ firstOffset: 5, lastOffset: 10 });
    expect(log.leaderEpoch).toBe(4);
    expect(log.endOffsetForEpoch(3)).toEqual({ leaderEpoch: 3, endOffset: 10 });
    expect(consume(log).map(({ offset }) => offset)).toEqual([5, 6, 10]);
    expect(() => log.append(batchOf(1, { baseOffset: 10 }), options)).toThrow(RangeError);
  });

  test("wakes those who wait, until they no longer want it", () => {
    const { log } = openLog();
    let woken = 0;
    const stop = log.onAppend(() => woken++);
    log.append(batchOf(1), client);
    log.append(batchOf(1), client);
    expect(woken).toBe(2);
    stop();
    log.append(batchOf(1), client);
    expect(woken).toBe(2);
  });

  test("to a closed log is refused, and who waits is told", async () => {
    const { log } = openLog();
    let woken = 0;
    log.onAppend(() => woken++);
    await log.close();
    expect(woken).toBe(1);
    expect(errorOf(() => log.append(batchOf(1), client))).toBe("NOT_LEADER_OR_FOLLOWER");
  });
});

describe("an idempotent producer", () => {
  test("gets the first answer again for a batch it repeats", () => {
    const { log } = openLog();
    for (let sequence = 0; sequence < 6; sequence++) log.append(producedBy(7n, sequence), client);
    expect(log.append(producedBy(7n, 3), client)).toMatchObject({
      firstOffset: 3,
      lastOffset: 3,
      duplicate: true,
    });
    expect(log.logEndOffset).toBe(6);
    expect(errorOf(() => log.append(producedBy(7n, 0), client))).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
  });

  test("is not told of a batch that it repeats before the batch is flushed, where that is waited for", async () => {
    const { log } = openLog({ configOverrides: { flushMessages: 1 } });
    const { flushed } = log.append(producedBy(7n, 0), client);
    const repeated = log.append(producedBy(7n, 0), client);
    expect(repeated).toMatchObject({ duplicate: true, flushed: expect.any(Promise) });
    await Promise.all([flushed, repeated.flushed]);
    expect(log.append(producedBy(7n, 0), client)).toMatchObject({ duplicate: true, flushed: null });
  });

  test("is known after a restart, clean or not", async () => {
    const { log, options } = openLog();
    log.append(producedBy(7n, 0), client);
    log.append(producedBy(7n, 1), client);
    await log.close();
    const clean = PartitionLog.open(options);
    expect(clean.append(producedBy(7n, 1), client)).toMatchObject({ firstOffset: 1, duplicate: true });
    clean.append(producedBy(7n, 2), client);
    clean.abandon();
    const unclean = PartitionLog.open({ ...options, cleanShutdown: false });
    expect(unclean.append(producedBy(7n, 2), client)).toMatchObject({ firstOffset: 2, duplicate: true });
    expect(errorOf(() => unclean.append(producedBy(7n, 4), client))).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
    unclean.abandon();
  });

  test("is forgotten when it has written nothing for long", () => {
    const clock = new TestClock();
    const { log } = openLog({ clock, producerIdExpirationMs: 1000 });
    log.append(producedBy(7n, 0), client);
    clock.advance(2000);
    log.expireProducers();
    expect([...log.producers]).toEqual([]);
    expect(log.append(producedBy(7n, 5), client).duplicate).toBe(false);
  });

  test("with id, epoch and sequence 0 in every batch that is there already is taken as it is, and nothing is held against it", () => {
    const { log, options } = openLog();
    const old = { leaderEpoch: 0, origin: "replication" } as const;
    const timestamp = 1_600_000_000_000;
    for (let offset = 0; offset < 3; offset++) {
      log.append(producedBy(0n, 0, { baseOffset: offset, partitionLeaderEpoch: 0, timestamp } as never), old);
    }
    log.abandon();
    for (const cleanShutdown of [false, true]) {
      const again = PartitionLog.open({ ...options, cleanShutdown });
      expect(
        consume(again)
          .map(({ offset }) => offset)
          .slice(0, 3),
      ).toEqual([0, 1, 2]);
      const { duplicate, firstOffset } = again.append(producedBy(0n, 0), client);
      expect([duplicate, firstOffset]).toEqual([false, again.logEndOffset - 1]);
      again.truncateTo(3);
      again.abandon();
    }
  });
});

describe("a read", () => {
  test("gives every record once, whatever the size asked for", () => {
    const { log } = openLog({ configOverrides: { segmentBytes: 5000, indexIntervalBytes: 300 } });
    for (let index = 0; index < 60; index++) log.append(batchOf(1 + (index % 5), { valueSize: 50 }), client);
    expect(log.segmentCount).toBeGreaterThan(2);
    const offsets = Array.from({ length: log.logEndOffset }, (_, offset) => offset);
    for (const maxBytes of [1, 100, 1000, 100_000]) {
      expect(consume(log, "high_watermark", 0, maxBytes).map(({ offset }) => offset)).toEqual(offsets);
    }
    for (const from of offsets) expect(consume(log, "log_end", from, 700)[0]?.offset).toBe(from);
  });

  test("gives the first batch whole even if it is larger than asked for, but only if wanted", () => {
    const { log } = openLog();
    const batch = batchOf(3, { valueSize: 1000 });
    log.append(batch, client);
    const options = { isolation: "high_watermark" } as const;
    expect(log.read(0, 10, { ...options, minOneMessage: true }).records?.sizeInBytes).toBe(batch.length);
    expect(log.read(0, 10, { ...options, minOneMessage: false }).records).toBeNull();
    expect(log.read(0, 0, { ...options, minOneMessage: false }).records).toBeNull();
    expect(log.read(2, 0, { ...options, minOneMessage: true }).records?.sizeInBytes).toBe(batch.length);
  });

  test("at the end gives nothing, beyond it or before the start an error", () => {
    const { log } = openLog();
    log.append(batchOf(3), client);
    log.deleteRecordsBefore(1);
    const options = { isolation: "high_watermark", minOneMessage: true } as const;
    expect(log.read(3, 100, options)).toEqual({ records: null, abortedTransactions: null });
    expect(errorOf(() => log.read(4, 100, options))).toBe("OFFSET_OUT_OF_RANGE");
    expect(errorOf(() => log.read(0, 100, options))).toBe("OFFSET_OUT_OF_RANGE");
  });

  test("of a log without a byte gives nothing", () => {
    const { log } = openLog();
    expect(log.read(0, 100, { isolation: "last_stable", minOneMessage: true })).toEqual({
      records: null,
      abortedTransactions: [],
    });
  });

  test("says where in the file its bytes lie", () => {
    const { log } = openLog();
    const first = batchOf(3);
    log.append(first, client);
    log.append(batchOf(1), client);
    const { records } = log.read(3, 1000, { isolation: "log_end", minOneMessage: true });
    expect(records?.filePosition).toBe(first.length);
  });

  test("gives its bytes in parts as well", () => {
    const { log } = openLog();
    const batch = batchOf(3);
    log.append(batch, client);
    const { records } = log.read(0, 1000, { isolation: "log_end", minOneMessage: true });
    const bytes = Buffer.alloc(batch.length);
    records?.copyInto(bytes, 0, 0, 50);
    records?.copyInto(bytes, 50, 50);
    expect(bytes.equals(batch)).toBe(true);
  });

  test("gives no bytes once the log is closed: another topic's may be where they were", () => {
    const { log } = openLog();
    log.append(batchOf(1), client);
    const { records } = log.read(0, 1000, { isolation: "log_end", minOneMessage: true });
    log.abandon();
    const target = Buffer.alloc(records?.sizeInBytes ?? 0);
    expect(errorOf(() => records?.copyInto(target, 0))).toBe("NOT_LEADER_OR_FOLLOWER");
  });

  test("still gives its bytes when the segment is deleted before they are copied", () => {
    const clock = new TestClock();
    const { log } = openLog({ clock, configOverrides: { retentionMs: 1000 } });
    const batch = batchOf(1);
    log.append(batch, client);
    const { records } = log.read(0, 1000, { isolation: "log_end", minOneMessage: true });
    clock.advance(2000);
    expect(log.applyRetention()).toBe(1);
    const bytes = Buffer.alloc(records?.sizeInBytes ?? 0);
    records?.copyInto(bytes, 0);
    expect(batchCrcIsValid(bytes, 0)).toBe(true);
  });

  test("of batches for those who load state gives them whole and in order, from and to where it is asked", () => {
    const { log } = openLog({ configOverrides: { segmentBytes: 3000 } });
    for (let index = 0; index < 20; index++) log.append(batchOf(3, { valueSize: 100 }), client);
    const bases = (from?: number, to?: number) =>
      [...log.readBatches(from, to)].map(({ buffer, at }) => header.baseOffset(buffer, at));
    expect(bases()).toEqual(Array.from({ length: 20 }, (_, index) => index * 3));
    expect(bases(10, 30)).toEqual([9, 12, 15, 18, 21, 24, 27]);
    expect(bases(60)).toEqual([]);
  });
});

describe("transactions", () => {
  let log: PartitionLog;
  beforeEach(() => {
    log = openLog().log;
  });
  const write = (producerId: bigint, sequence: number) =>
    log.append(producedBy(producerId, sequence, { transactional: true }), client);
  const offsets = () => consume(log, "last_stable").map(({ offset }) => offset);

  test("are seen by readers of committed records when they are committed, never when aborted", () => {
    write(1n, 0);
    write(2n, 0);
    log.append(batchOf(1), client);
    expect([log.lastStableOffset, log.highWatermark]).toEqual([0, 3]);
    expect(offsets()).toEqual([]);
    log.append(marker(1n, "abort"), coordinator);
    expect(log.lastStableOffset).toBe(1);
    write(1n, 1);
    log.append(marker(2n, "commit"), coordinator);
    expect(log.lastStableOffset).toBe(4);
    log.append(marker(1n, "commit"), coordinator);
    expect(log.lastStableOffset).toBe(log.highWatermark);
    expect(offsets()).toEqual([1, 2, 4]);
    expect(consume(log, "high_watermark").map(({ offset }) => offset)).toEqual([0, 1, 2, 4]);
  });

  test("are told to readers as far as they touch what is read", () => {
    write(1n, 0);
    log.append(marker(1n, "abort"), coordinator);
    write(1n, 1);
    log.append(marker(1n, "abort"), coordinator);
    const read = (from: number) =>
      log.read(from, 10_000, { isolation: "last_stable", minOneMessage: true }).abortedTransactions;
    expect(read(0)).toEqual([
      { producerId: 1n, firstOffset: 0 },
      { producerId: 1n, firstOffset: 2 },
    ]);
    expect(read(2)).toEqual([{ producerId: 1n, firstOffset: 2 }]);
    expect(
      log.read(0, 10_000, { isolation: "high_watermark", minOneMessage: true }).abortedTransactions,
    ).toBeNull();
  });

  test("that are open stay open over a restart", () => {
    const { log: first, options } = openLog();
    first.append(producedBy(1n, 0, { transactional: true }), client);
    first.append(batchOf(1), client);
    first.abandon();
    const again = PartitionLog.open({ ...options, cleanShutdown: false });
    expect(again.lastStableOffset).toBe(0);
    again.append(marker(1n, "abort"), coordinator);
    expect(consume(again, "last_stable").map(({ offset }) => offset)).toEqual([1]);
    again.abandon();
  });

  test("of a coordinator that was replaced can't be ended", () => {
    write(1n, 0);
    log.append(marker(1n, "abort", { coordinatorEpoch: 5 }), coordinator);
    expect(errorOf(() => log.append(marker(1n, "abort", { coordinatorEpoch: 4 }), coordinator))).toBe(
      "TRANSACTION_COORDINATOR_FENCED",
    );
  });
});

describe("a disk that fails", () => {
  const directory = "/logs/a-0";
  function failing() {
    const disk = new SimulatedDisk();
    disk.makeDirectory("/logs");
    const failures: string[] = [];
    const health = new DirectoryHealth("/logs", (reason) => failures.push(reason));
    const log = PartitionLog.open(logOptions(directory, { disk, health }));
    return { disk, log, failures };
  }

  test("takes its directory offline with the first write that fails: nothing is appended any more, all is read still", () => {
    const { disk, log, failures } = failing();
    log.append(batchOf(2), client);
    disk.failure = (operation) => (operation === "write" ? "ENOSPC" : undefined);
    expect(errorOf(() => log.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    disk.failure = () => undefined;
    expect(errorOf(() => log.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    expect(failures.length).toBe(1);
    expect(failures[0]).toContain("ENOSPC");
    expect(log.logEndOffset).toBe(2);
    expect(consume(log).length).toBe(2);
  });

  test("rejects a flush, and whatever would have been acknowledged after it", async () => {
    const { disk, log } = failing();
    log.append(batchOf(2), client);
    disk.failure = (operation) => (operation === "sync" ? "EIO" : undefined);
    expect(await log.flush().catch((error: KafkaError) => error.errorName)).toBe("KAFKA_STORAGE_ERROR");
    disk.failure = () => undefined;
    expect(await log.flush().catch((error: KafkaError) => error.errorName)).toBe("KAFKA_STORAGE_ERROR");
    expect(log.recoveryPoint).toBe(0);
  });

  test("keeps the log from being closed as if nothing had happened", async () => {
    const { disk, log } = failing();
    log.append(batchOf(2), client);
    disk.failure = (operation) => (operation === "sync" ? "EIO" : undefined);
    expect(await log.close().catch((error: KafkaError) => error.errorName)).toBe("KAFKA_STORAGE_ERROR");
    expect(log.wasClosedCleanly).toBe(false);
    await log.close();
    expect([log.isClosed, log.wasClosedCleanly]).toEqual([true, false]);
  });
});

describe("flushing by policy", () => {
  test("makes an acknowledgement wait for the flush after flush.messages", async () => {
    const { log } = openLog({ configOverrides: { flushMessages: 2 } });
    expect(log.append(batchOf(1), client).flushed).toBeNull();
    const { flushed } = log.append(batchOf(1), client);
    expect(flushed).toBeInstanceOf(Promise);
    await flushed;
    expect(log.append(batchOf(1), client).flushed).toBeNull();
  });

  test("keeps the very first record of a log, file name and all", async () => {
    const disk = new SimulatedDisk();
    disk.makeDirectory("/logs");
    disk.syncDirectory("/");
    const config = { ...defaultConfig, flushMessages: 1 };
    const log = PartitionLog.open(logOptions("/logs/a-0", { disk, config: () => config }));
    await log.append(batchOf(1), client).flushed;
    disk.crash("drop");
    expect(consume(PartitionLog.open(logOptions("/logs/a-0", { disk, cleanShutdown: false }))).length).toBe(
      1,
    );
  });

  test("with flush.messages=1 loses nothing that was acknowledged, whatever the crash", async () => {
    for (let seed = 1; seed < 20; seed++) {
      const disk = new SimulatedDisk(seed);
      disk.makeDirectory("/logs");
      disk.syncDirectory("/");
      const config = { ...defaultConfig, flushMessages: 1, segmentBytes: 2000 };
      const log = PartitionLog.open(logOptions("/logs/a-0", { disk, config: () => config }));
      for (let index = 0; index < 10; index++)
        await log.append(batchOf(3, { valueSize: 100 }), client).flushed;
      log.append(batchOf(5), client);
      disk.crash("tear");
      const again = PartitionLog.open(logOptions("/logs/a-0", { disk, cleanShutdown: false }));
      expect(consume(again).length).toBeGreaterThanOrEqual(30);
    }
  });

  test("happens flush.ms after the first append that was not flushed", async () => {
    const clock = new TestClock();
    const { log, directory } = openLog({
      clock,
      configOverrides: { flushMs: 500, flushMessages: 1_000_000 },
    });
    log.append(batchOf(1), client);
    log.append(batchOf(1), client);
    expect(clock.scheduledCount).toBe(1);
    clock.advance(500);
    expect(clock.scheduledCount).toBe(0);
    log.append(batchOf(1), client);
    expect(clock.scheduledCount).toBe(1);
    await log.close();
    expect(clock.scheduledCount).toBe(0);
    removeDirectory(directory);
  });
});
