/** What compaction leaves of a log, and how. */
import { afterEach, describe, expect, test } from "bun:test";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import type { PartitionLog } from "../../../../src/log/partition-log.ts";
import { PartitionLog as Log } from "../../../../src/log/partition-log.ts";
import { DELETE_HORIZON_FLAG } from "../../../../src/records/batch-header.ts";
import { CompressionType } from "../../../../src/records/compression/codec.ts";
import { client, consume, coordinator, logOptions, marker, TestClock, temporaryLogs } from "../support.ts";
import { batchesOf, compact, compacted, keyed, survivors } from "./support.ts";

const NOW = 1_700_000_000_000;
const { openLog, removeLogs } = temporaryLogs();
afterEach(removeLogs);

function open(configOverrides = {}) {
  const clock = new TestClock(NOW);
  const opened = openLog({ clock, configOverrides: { ...compacted, ...configOverrides } });
  return { ...opened, clock };
}

type Pairs = Parameters<typeof keyed>[0];

function write(log: PartitionLog, records: Pairs, options: Parameters<typeof keyed>[1] = {}): void {
  log.append(keyed(records, options), client);
}

/** Fills the segment that is appended to, so that what was written before can be compacted. */
function fill(log: PartitionLog): void {
  const before = log.segmentCount;
  while (log.segmentCount === before) write(log, [["filler", "x".repeat(200)]]);
}

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
      const many: Pairs = Array.from({ length: 40 }, (_, index) => [`k${index}`, "v".repeat(20)]);
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
      const again = Log.open(logOptions(options.directory, { configOverrides: compacted, cleanShutdown }));
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
      Log.open({ ...logOptions(directory, { configOverrides: compacted }), clock: new TestClock(now) });
    const withHorizon = reopen(NOW);
    await compact(withHorizon);
    await withHorizon.close();
    const later = reopen(NOW + 1000);
    await compact(later);
    expect(survivors(later)).toEqual(["0 a=1"]);
    later.abandon();
    rmSync(`${directory}/00000000000000000002.log`);
    const again = Log.open(
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

describe("with idempotent producers", () => {
  test("the last batch of each is kept, empty if need be, and with it the sequence numbers", async () => {
    const { log, options } = open();
    const producer = { producerId: 7n, producerEpoch: 0 };
    write(log, [["a", "1"]], { ...producer, baseSequence: 0 });
    write(
      log,
      [
        ["a", "2"],
        ["b", "2"],
      ],
      { ...producer, baseSequence: 1 },
    );
    write(log, [
      ["a", "3"],
      ["b", "3"],
    ]);
    fill(log);
    await compact(log);
    expect(batchesOf(log).slice(0, 2)).toMatchObject([
      { baseOffset: 1, lastOffset: 2, count: 0, sequence: 1, baseTimestamp: -1, isIntact: true },
      { baseOffset: 3, count: 2 },
    ]);
    await log.close();
    for (const name of readdirSync(options.directory)) {
      if (name.endsWith(".snapshot")) await Bun.file(`${options.directory}/${name}`).delete();
    }
    const again = Log.open(
      logOptions(options.directory, { configOverrides: compacted, cleanShutdown: false }),
    );
    const repeated = again.append(
      keyed(
        [
          ["a", "2"],
          ["b", "2"],
        ],
        { ...producer, baseSequence: 1 },
      ),
      client,
    );
    expect(repeated).toMatchObject({ duplicate: true, firstOffset: 1, lastOffset: 2 });
    again.abandon();
  });

  test("a producer that has been forgotten leaves nothing behind", async () => {
    const { log, clock } = open();
    write(log, [["a", "1"]], { producerId: 7n, producerEpoch: 0, baseSequence: 0 });
    write(log, [["a", "2"]]);
    fill(log);
    clock.advance(100_000_000);
    log.expireProducers();
    await compact(log);
    expect(batchesOf(log)[0]?.baseOffset).toBe(1);
  });
});

describe("of transactions", () => {
  const transactional = { producerId: 1n, producerEpoch: 0, transactional: true };

  test("aborted records go at once, and their marker when delete.retention.ms is over", async () => {
    const { log, clock } = open();
    write(log, [["a", "1"]]);
    write(log, [["a", "aborted"]], { ...transactional, baseSequence: 0 });
    log.append(marker(1n, "abort"), coordinator);
    // The producer goes on, so that its last batch is another.
    write(log, [["z", "1"]], { ...transactional, baseSequence: 1 });
    log.append(marker(1n, "commit"), coordinator);
    fill(log);
    await compact(log);
    const offsets = () => batchesOf(log).map(({ baseOffset }) => baseOffset);
    expect(survivors(log).slice(0, 2)).toEqual(["0 a=1", "3 z=1"]);
    // The first run has met the aborted records, and so keeps the marker as it is.
    expect(offsets().slice(0, 4)).toEqual([0, 2, 3, 4]);
    await compact(log);
    expect(batchesOf(log)[1]).toMatchObject({ baseOffset: 2, baseTimestamp: NOW + 1000, isIntact: true });
    clock.advance(1000);
    await compact(log);
    expect(offsets().slice(0, 3)).toEqual([0, 3, 4]);
    expect(survivors(log).slice(0, 2)).toEqual(["0 a=1", "3 z=1"]);
  });

  test("readers of committed records see the same as before", async () => {
    const { log, options } = open();
    for (let index = 0; index < 12; index++) {
      write(log, [[`k${index % 4}`, `${index}`]], { ...transactional, baseSequence: index });
      write(log, [[`other${index % 3}`, `${index}`]], {
        ...transactional,
        producerId: 2n,
        baseSequence: index,
      });
      log.append(marker(1n, index % 3 === 0 ? "abort" : "commit"), coordinator);
      log.append(marker(2n, "commit"), coordinator);
    }
    fill(log);
    const latest = (records: readonly { key: Buffer | null; value: Buffer | null; offset: number }[]) =>
      [...new Map(records.map(({ key, value, offset }) => [`${key}`, `${offset} ${value}`]))].sort();
    const before = latest(consume(log, "last_stable"));
    await compact(log, { chunkBytes: 100 });
    expect(latest(consume(log, "last_stable"))).toEqual(before);
    expect(latest(consume(log, "high_watermark"))).toEqual(before);
    await log.close();
    const again = Log.open(logOptions(options.directory, { configOverrides: compacted }));
    expect(latest(consume(again, "last_stable"))).toEqual(before);
    again.abandon();
  });

  test("nothing is compacted from the first on that is not decided", async () => {
    const { log } = open();
    for (let index = 0; index < 20; index++) write(log, [["a", `${index}`.padEnd(100)]]);
    write(log, [["b", "open"]], { ...transactional, baseSequence: 0 });
    const undecided = log.logEndOffset - 1;
    for (let index = 0; index < 20; index++) write(log, [["a", `${index}`.padEnd(100)]]);
    const { firstUncleanableOffset } = log.cleanablePart(undefined);
    expect(firstUncleanableOffset).toBeLessThanOrEqual(undecided);
    const { upToOffset } = await compact(log);
    expect(upToOffset).toBe(firstUncleanableOffset);
    expect(consume(log, "last_stable").at(-1)?.offset).toBe(undecided - 1);
    log.append(marker(1n, "abort"), coordinator);
    fill(log);
    await compact(log);
    expect(survivors(log).some((line) => line.includes("open"))).toBe(false);
  });

  test("the index of aborted transactions keeps those whose marker stays", async () => {
    const { log, directory } = open({ segmentBytes: 2000 });
    write(log, [["a", "aborted"]], { ...transactional, baseSequence: 0 });
    log.append(marker(1n, "abort"), coordinator);
    write(log, [["b", "1"]], { ...transactional, baseSequence: 1 });
    log.append(marker(1n, "commit"), coordinator);
    fill(log);
    await compact(log);
    const sizes = readdirSync(directory)
      .filter((name) => name.endsWith(".txnindex"))
      .map((name) => Bun.file(`${directory}/${name}`).size);
    expect(sizes).toEqual([34]);
    await compact(log);
    expect(readdirSync(directory).filter((name) => name.endsWith(".txnindex"))).toEqual([]);
  });
});
