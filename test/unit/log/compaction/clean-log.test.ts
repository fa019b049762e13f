/** What compaction leaves of a log, and how. */
import { afterEach, describe, expect, test } from "bun:test";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { PartitionLog } from "../../../../src/log/partition-log.ts";
import { DELETE_HORIZON_FLAG } from "../../../../src/records/batch-header.ts";
import { CompressionType } from "../../../../src/records/compression/codec.ts";
import { client, consume, logOptions, TestClock } from "../support.ts";
import { batchesOf, compact, compacted, compactedLogs, fill, keyed, survivors, write } from "./support.ts";

/** When the clocks of the logs begin. */
const NOW = 1_700_000_000_000;

const { open, removeLogs } = compactedLogs();
afterEach(removeLogs);

describe("compaction", () => {
  test("leaves the last record of each key, at its offset", async () => {
    const { log } = open();
    write(log, [
      ["a", "1"],
      ["b", "1"],
    ]);
    write(log, [["a", "2"]]);
    write(log, [
      ["c", "1"],
      ["a", "3"],
    ]);
    fill(log);
    await compact(log);
    expect(survivors(log).filter((line) => !line.includes("filler"))).toEqual(["1 b=1", "3 c=1", "4 a=3"]);
  });

  test("keeps records of the active segment, and lets them make older ones void only when it is full", async () => {
    const { log } = open({ segmentBytes: 100_000 });
    write(log, [["a", "1"]]);
    write(log, [["a", "2"]]);
    expect(log.cleanablePart(undefined).isWorthIt).toBe(false);
    await compact(log);
    expect(survivors(log)).toEqual(["0 a=1", "1 a=2"]);
  });

  test("tells the rest of a batch that its neighbours are gone: count, largest timestamp and checksum", async () => {
    const { log } = open();
    write(
      log,
      [
        ["a", "1"],
        ["b", "1"],
        ["c", "1"],
      ],
      { timestamp: 5000 },
    );
    write(log, [
      ["c", "2"],
      ["b", "2"],
    ]);
    fill(log);
    await compact(log);
    const [first] = batchesOf(log);
    expect(first).toMatchObject({
      baseOffset: 0,
      lastOffset: 2,
      count: 1,
      maxTimestamp: 5000,
      isIntact: true,
    });
    expect(batchesOf(log).every(({ isIntact }) => isIntact)).toBe(true);
  });

  test("keeps timestamps to the millisecond, and those that no number holds exactly", async () => {
    const { log } = open({ messageTimestampAfterMaxMs: Number.MAX_SAFE_INTEGER });
    const nanoseconds = keyed([
      ["a", "1"],
      ["b", "1"],
      ["c", null],
    ]);
    nanoseconds.writeBigInt64BE(1_700_000_000_000_000_001n, 27);
    nanoseconds.writeBigInt64BE(1_700_000_000_000_000_003n, 35);
    const { crc32c } = await import("../../../../src/records/crc32c.ts");
    nanoseconds.writeUInt32BE(crc32c(nanoseconds, 21), 17);
    log.append(nanoseconds, { ...client, origin: "coordinator" });
    write(log, [["a", "2"]]);
    fill(log);
    await compact(log);
    const [batch] = log.readBatches();
    if (!batch) throw new Error("the batch is gone");
    expect(batch.buffer.readBigInt64BE(batch.at + 35)).toBe(1_700_000_000_000_000_003n);
    const horizon = batch.buffer.readBigInt64BE(batch.at + 27);
    expect(horizon).toBe(BigInt(NOW + 1000));
    // Length, attributes, then the distance from the new base as a zigzag varlong.
    let shift = 0n;
    let zigzag = 0n;
    for (let at = batch.at + 63; ; at++, shift += 7n) {
      const byte = batch.buffer[at] ?? 0;
      zigzag |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    expect(horizon + ((zigzag >> 1n) ^ -(zigzag & 1n))).toBe(1_700_000_000_000_000_002n);
  });

  test("drops records without a key, which an older log may hold", async () => {
    const { log } = open({ cleanupPolicy: new Set(["delete"]) });
    write(log, [
      [null, "lost"],
      ["a", "1"],
    ]);
    fill(log);
    const { keyless } = await compact(log);
    expect(survivors(log)[0]).toBe("1 a=1");
    expect(keyless).toBe(1);
  });

  for (const [name, compression] of Object.entries(CompressionType)) {
    test(`writes batches anew in the compression they had: ${name}`, async () => {
      const { log } = open({ segmentBytes: 2000 });
      const many: Parameters<typeof write>[1] = Array.from({ length: 40 }, (_, index) => [
        `k${index}`,
        "v".repeat(20),
      ]);
      write(log, many, { compression });
      write(log, many.slice(10), { compression });
      fill(log);
      await compact(log);
      const [first] = batchesOf(log);
      expect(first).toMatchObject({ count: 10, attributes: compression, isIntact: true });
      expect(survivors(log).slice(0, 2)).toEqual([`0 k0=${"v".repeat(20)}`, `1 k1=${"v".repeat(20)}`]);
    });
  }

  test("makes neighbours that have become small into one segment", async () => {
    const { log } = open();
    for (let index = 0; index < 40; index++) write(log, [["a", `${index}`.padEnd(60)]]);
    const before = log.segmentCount;
    await compact(log);
    await compact(log, { cleanedUpTo: log.logStartOffset });
    expect(before).toBeGreaterThan(6);
    expect(log.segmentCount).toBe(2);
  });

  test("goes on where the keys it had room for end", async () => {
    const { log } = open();
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 30; index++) write(log, [[`k${index}`, `${round}`]]);
    }
    fill(log);
    let cleanedUpTo: number | undefined;
    const steps: number[] = [];
    do {
      ({ upToOffset: cleanedUpTo } = await compact(log, {
        keys: 20,
        ...(cleanedUpTo !== undefined && { cleanedUpTo }),
      }));
      steps.push(cleanedUpTo);
    } while (cleanedUpTo < log.cleanablePart(cleanedUpTo).firstUncleanableOffset);
    expect(steps.slice(0, 2)).toEqual([20, 40]);
    expect(survivors(log).filter((line) => line.endsWith("=0"))).toEqual([]);
    expect(survivors(log).filter((line) => line.endsWith("=1"))).toHaveLength(30);
  });

  test("reads batches larger than its buffer", async () => {
    const { log } = open({ segmentBytes: 10_000 });
    write(log, [["a", "1".repeat(5000)]]);
    write(log, [["b", "1".repeat(4000)]]);
    write(log, [["a", "2".repeat(5000)]]);
    fill(log);
    await compact(log, { chunkBytes: 100 });
    expect(batchesOf(log)[0]?.baseOffset).toBe(1);
    expect(survivors(log)[1]).toBe(`2 a=${"2".repeat(5000)}`);
  });

  test("finds what is left by offset and by timestamp", async () => {
    const { log } = open();
    for (let index = 0; index < 60; index++) {
      write(log, [[`k${index % 9}`, `${index}`]], { timestamp: NOW + index * 1000 });
    }
    await compact(log);
    const left = consume(log);
    expect(left.length).toBeLessThan(40);
    for (const { offset, timestamp } of left) {
      expect(consume(log, "high_watermark", offset)[0]?.offset).toBe(offset);
      expect(log.offsetForTimestamp(timestamp)?.offset).toBe(offset);
    }
    expect(consume(log, "high_watermark", 1).map(({ offset }) => offset)).toEqual(
      left.map(({ offset }) => offset),
    );
  });

  test("leaves a log that opens again as it was, after a clean stop and after a crash", async () => {
    const { log, options } = open();
    for (let index = 0; index < 60; index++) write(log, [[`k${index % 9}`, `${index}`]]);
    await compact(log);
    const left = survivors(log);
    await log.close();
    for (const cleanShutdown of [true, false]) {
      const again = PartitionLog.open(
        logOptions(options.directory, { configOverrides: compacted, cleanShutdown }),
      );
      expect(survivors(again)).toEqual(left);
      expect(again.logEndOffset).toBe(60);
      again.abandon();
    }
  });

  test("removes the files of the old segments after file.delete.delay.ms", async () => {
    const { log, clock, directory } = open({ fileDeleteDelayMs: 5000 });
    for (let index = 0; index < 40; index++) write(log, [["a", `${index}`.padEnd(60)]]);
    await compact(log);
    const deleted = () => readdirSync(directory).filter((name) => name.endsWith(".deleted")).length;
    expect(deleted()).toBeGreaterThan(0);
    clock.advance(5000);
    // It happens in the background.
    while (deleted() > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(readdirSync(directory).filter((name) => /cleaned|swap/.test(name))).toEqual([]);
  });

  test("keeps the batch at the log's end, empty if need be, so that offsets are not given twice", async () => {
    const { log, options, directory } = open();
    write(log, [["a", "1"]]);
    write(log, [["b", null]]);
    await log.close();
    // A segment has begun that nothing was written to, as Apache Kafka may leave one.
    writeFileSync(`${directory}/00000000000000000002.log`, "");
    const reopen = (now: number) =>
      PartitionLog.open({
        ...logOptions(directory, { configOverrides: compacted }),
        clock: new TestClock(now),
      });
    const withHorizon = reopen(NOW);
    await compact(withHorizon);
    await withHorizon.close();
    const later = reopen(NOW + 1000);
    await compact(later);
    expect(survivors(later)).toEqual(["0 a=1"]);
    later.abandon();
    rmSync(`${directory}/00000000000000000002.log`);
    const again = PartitionLog.open(
      logOptions(options.directory, { configOverrides: compacted, cleanShutdown: false }),
    );
    expect(again.logEndOffset).toBe(2);
    again.abandon();
  });
});

describe("a tombstone", () => {
  test("makes older records void, and stays for delete.retention.ms after it was compacted first", async () => {
    const { log, clock } = open();
    write(log, [
      ["a", "1"],
      ["b", "1"],
    ]);
    write(log, [["a", null]], { timestamp: NOW });
    fill(log);
    const own = () => survivors(log).filter((line) => !line.includes("filler"));
    await compact(log);
    expect(own()).toEqual(["1 b=1", "2 a=∅"]);
    const withHorizon = batchesOf(log).find(({ baseOffset }) => baseOffset === 2);
    expect(withHorizon).toMatchObject({
      attributes: DELETE_HORIZON_FLAG,
      baseTimestamp: NOW + 1000,
      maxTimestamp: NOW,
      isIntact: true,
    });
    expect(consume(log).find(({ offset }) => offset === 2)?.timestamp).toBe(NOW);
    clock.advance(999);
    await compact(log);
    expect(own()).toEqual(["1 b=1", "2 a=∅"]);
    clock.advance(1);
    await compact(log);
    expect(own()).toEqual(["1 b=1"]);
  });

  test("is not outlived by an older record when the keys are gathered in several runs", async () => {
    const { log, clock } = open({ deleteRetentionMs: 0 });
    write(log, [["a", "1"]]);
    fill(log);
    const { upToOffset } = await compact(log);
    write(log, [["a", null]]);
    fill(log);
    await compact(log, { cleanedUpTo: upToOffset });
    clock.advance(1);
    await compact(log, { cleanedUpTo: upToOffset });
    expect(survivors(log).filter((line) => !line.includes("filler"))).toEqual([]);
  });
});
