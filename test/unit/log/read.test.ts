/** Reading a partition's log, as consumers do: all of it, or what is committed. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { PartitionLog } from "../../../src/log/partition-log.ts";
import * as header from "../../../src/records/batch-header.ts";
import { batchCrcIsValid } from "../../../src/records/validate.ts";
import { errorOf } from "../../support/error-of.ts";
import {
  batchOf,
  client,
  consume,
  coordinator,
  marker,
  producedBy,
  TestClock,
  temporaryLogs,
} from "./support.ts";

const { openLog, removeLogs } = temporaryLogs();
afterEach(removeLogs);

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
