/** What a kill or a crash leaves of a log: what is whole is kept, what is torn is cut off. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { crc32 } from "node:zlib";
import { PartitionLog } from "../../../../src/log/partition-log.ts";
import {
  batchOf,
  client,
  consume,
  coordinator,
  logOptions,
  marker,
  producedBy,
  TestClock,
} from "../support.ts";
import { offsetsIn, PartitionDirectory, upTo } from "./support.ts";

let partition: PartitionDirectory;
beforeEach(() => {
  partition = new PartitionDirectory();
});
afterEach(() => partition.remove());

/** Every look at it takes half a second. */
function slowClock(): TestClock {
  const clock = new TestClock();
  const now = clock.now.bind(clock);
  clock.now = () => {
    clock.advance(500);
    return now();
  };
  return clock;
}

describe("after an unclean shutdown", () => {
  test("a log of many segments says how far it is when that takes long", async () => {
    await partition.written();
    partition.open({ cleanShutdown: false, clock: slowClock() });
    const told = partition.logger.lines.filter((line) => line.endsWith("MiB are checked"));
    expect(told.length).toBeGreaterThan(0);
    expect(told[0]).toMatch(/^info a-0: \d+ of \d+ MiB are checked$/);
  });

  test("a large segment is checked in steps, and says how far it is", async () => {
    const options = { configOverrides: { segmentBytes: 2 ** 30, maxMessageBytes: 2 ** 22 } };
    const log = PartitionLog.open(logOptions(partition.directory, options));
    const records = [{ timestamp: 1000, key: null, value: Buffer.alloc(2 ** 21) }];
    for (let index = 0; index < 10; index++) log.append(batchOf(1, { records }), client);
    log.abandon();
    const steps = PartitionLog.opening(
      logOptions(partition.directory, {
        ...options,
        cleanShutdown: false,
        clock: slowClock(),
        logger: partition.logger,
      }),
    );
    let count = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) count++;
    expect(count).toBeGreaterThan(4);
    expect(step.value.logEndOffset).toBe(10);
    expect(
      partition.logger.lines.filter((line) => line.includes(" of 20 MiB are checked")).length,
    ).toBeGreaterThan(1);
    step.value.abandon();
  });

  test("everything that is whole is there, without any file but the .log ones", async () => {
    await partition.written();
    for (const name of readdirSync(partition.directory))
      if (!/\.log$|metadata$/.test(name)) rmSync(`${partition.directory}/${name}`);
    const log = partition.open({ cleanShutdown: false });
    expect(offsetsIn(log)).toEqual(upTo(40));
    expect(log.leaderEpoch).toBe(0);
    expect(log.offsetForTimestamp(1010)?.offset).toBe(19);
  });

  test("a torn last batch is cut off, wherever it was torn", async () => {
    const bases = await partition.written();
    const last = partition.path(bases.at(-1) ?? 0);
    const whole = readFileSync(last);
    const torn = batchOf(3, { baseOffset: 40, partitionLeaderEpoch: 0 });
    for (let length = 1; length < torn.length; length += 7) {
      writeFileSync(last, Buffer.concat([whole, torn.subarray(0, length)]));
      const log = partition.open({ cleanShutdown: false });
      expect([length, log.logEndOffset]).toEqual([length, 40]);
      log.abandon();
      expect(readFileSync(last).equals(whole)).toBe(true);
    }
  });

  test("a tail of zeros is cut off", async () => {
    const bases = await partition.written();
    appendFileSync(partition.path(bases.at(-1) ?? 0), Buffer.alloc(10_000));
    expect(offsetsIn(partition.open({ cleanShutdown: false }))).toEqual(upTo(40));
    expect(partition.logger.warnings.length).toBe(1);
  });

  test("a damaged batch takes all that follows with it, later segments too", async () => {
    const bases = await partition.written();
    const second = partition.path(bases[1] ?? 0);
    const bytes = readFileSync(second);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    writeFileSync(second, bytes);
    const log = partition.open({ cleanShutdown: false });
    expect(offsetsIn(log)).toEqual(upTo(bases[1] ?? 0));
    expect(readdirSync(partition.directory).filter((name) => name.endsWith(".log")).length).toBe(2);
    expect(log.append(batchOf(1), client).firstOffset).toBe(bases[1] ?? 0);
  });

  test("damage below the recovery point is not looked for", async () => {
    const bases = await partition.written();
    const first = partition.path(0);
    const bytes = readFileSync(first);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    writeFileSync(first, bytes);
    expect(partition.open({ cleanShutdown: false, recoveryPoint: bases[1] ?? 0 }).logEndOffset).toBe(40);
  });

  test("offsets that go back are cut off", async () => {
    const bases = await partition.written();
    appendFileSync(
      partition.path(bases.at(-1) ?? 0),
      batchOf(1, { baseOffset: 39, partitionLeaderEpoch: 0 }),
    );
    expect(partition.open({ cleanShutdown: false }).logEndOffset).toBe(40);
  });

  test("indexes full of zeros, as Kafka leaves them when it is killed, are rebuilt", async () => {
    const bases = await partition.written();
    const active = bases.at(-1) ?? 0;
    const before = readFileSync(partition.path(active, ".index"));
    writeFileSync(
      partition.path(active, ".index"),
      Buffer.concat([before, Buffer.alloc(10_485_760 - before.length)]),
    );
    writeFileSync(partition.path(active, ".timeindex"), Buffer.alloc(10_485_756));
    const log = partition.open({ cleanShutdown: false });
    expect(offsetsIn(log)).toEqual(upTo(40));
    await log.close();
    expect(readFileSync(partition.path(active, ".index")).equals(before)).toBe(true);
  });

  test("aborted transactions are known again", () => {
    const log = partition.open();
    log.append(producedBy(1n, 0, { transactional: true }), client);
    log.append(marker(1n, "abort"), coordinator);
    log.append(batchOf(1), client);
    log.abandon();
    expect(existsSync(partition.path(0, ".txnindex"))).toBe(false);
    const again = partition.open({ cleanShutdown: false });
    expect(consume(again, "last_stable").map(({ offset }) => offset)).toEqual([2]);
  });

  test("messages of the formats before Kafka 0.11 are refused, not cut off", () => {
    mkdirSync(partition.directory);
    const message = Buffer.alloc(34);
    message.writeInt32BE(22, 8);
    message.writeInt8(1, 16);
    message.writeUInt32BE(crc32(message.subarray(16)), 12);
    writeFileSync(partition.path(0), message);
    expect(() => partition.open({ cleanShutdown: false })).toThrow(/format 1 from byte 0/);
    expect(readFileSync(partition.path(0)).equals(message)).toBe(true);
  });

  test("a log that ends before it is said to begin is begun anew", async () => {
    await partition.written();
    const log = partition.open({ cleanShutdown: false, logStartOffset: 100 });
    expect([log.logStartOffset, log.logEndOffset]).toEqual([100, 100]);
    expect(log.append(batchOf(1), client).firstOffset).toBe(100);
  });
});

describe("what a broker that was killed left in a directory", () => {
  const present = () =>
    readdirSync(partition.directory).filter((name) => /\.(deleted|cleaned|swap|tmp)$/.test(name));

  test("is removed if it was to be deleted, or was being compacted", async () => {
    await partition.written();
    for (const name of [
      partition.path(0, ".log.deleted"),
      partition.path(0, ".index.cleaned"),
      partition.path(0, ".log.cleaned"),
      `${partition.directory}/leader-epoch-checkpoint.tmp`,
    ]) {
      writeFileSync(name, "rubbish");
    }
    expect(offsetsIn(partition.open({ cleanShutdown: false }))).toEqual(upTo(40));
    expect(present()).toEqual([]);
  });

  test("is finished if segments were being replaced by one that is whole", async () => {
    const bases = await partition.written();
    // Of the first two segments, compaction has left one batch.
    const compacted = batchOf(1, { baseOffset: (bases[2] ?? 0) - 1, partitionLeaderEpoch: 0 });
    writeFileSync(partition.path(0, ".log.swap"), compacted);
    writeFileSync(partition.path(0, ".index.swap"), "");
    const log = partition.open();
    expect(offsetsIn(log)).toEqual([(bases[2] ?? 0) - 1, ...upTo(40).slice(bases[2])]);
    expect(present()).toEqual([]);
    expect(existsSync(partition.path(bases[1] ?? 0))).toBe(false);
  });

  test("is undone if the replacement was not complete", async () => {
    await partition.written();
    copyFileSync(partition.path(0), partition.path(0, ".log.swap"));
    writeFileSync(partition.path(0, ".log.cleaned"), "");
    expect(offsetsIn(partition.open({ cleanShutdown: false }))).toEqual(upTo(40));
    expect(present()).toEqual([]);
  });

  test("is removed if it is an index without a log", async () => {
    await partition.written();
    writeFileSync(partition.path(999, ".index"), "");
    writeFileSync(partition.path(999, ".timeindex"), "");
    partition.open();
    expect(existsSync(partition.path(999, ".index"))).toBe(false);
    expect(partition.logger.warnings.length).toBe(2);
  });
});
