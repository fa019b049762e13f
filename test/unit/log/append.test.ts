/** Appending to a partition's log, as producers, coordinators and replication do. */
import { afterEach, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { PartitionLog } from "../../../src/log/partition-log.ts";
import * as header from "../../../src/records/batch-header.ts";
import { batchCrcIsValid } from "../../../src/records/validate.ts";
import { errorOf } from "../../support/error-of.ts";
import { batchOf, client, consume, coordinator, producedBy, TestClock, temporaryLogs } from "./support.ts";

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
