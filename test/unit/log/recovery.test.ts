/** Opening logs whose files are not what they were: torn, damaged, left over, made by hand. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { crc32 } from "node:zlib";
import { type OpenOptions, PartitionLog } from "../../../src/log/partition-log.ts";
import { CRC_START, setCrc } from "../../../src/records/batch-header.ts";
import { buildBatch } from "../../../src/records/builder.ts";
import { crc32c } from "../../../src/records/crc32c.ts";
import {
  batchOf,
  client,
  consume,
  coordinator,
  logOptions,
  marker,
  producedBy,
  removeDirectory,
  TestClock,
  TestLogger,
  temporaryDirectory,
} from "./support.ts";

let root: string;
let directory: string;
let logger: TestLogger;
const opened: PartitionLog[] = [];
beforeEach(() => {
  root = temporaryDirectory();
  directory = `${root}/a-0`;
  logger = new TestLogger();
});
afterEach(() => {
  for (const log of opened.splice(0)) log.abandon();
  removeDirectory(root);
});

const path = (base: number, suffix = ".log") => `${directory}/${String(base).padStart(20, "0")}${suffix}`;
const offsetsIn = (log: PartitionLog) => consume(log).map(({ offset }) => offset);
const upTo = (count: number) => Array.from({ length: count }, (_, offset) => offset);

function open(overrides: Partial<OpenOptions> = {}): PartitionLog {
  const config = { segmentBytes: 3000, indexIntervalBytes: 500 };
  const log = PartitionLog.open(logOptions(directory, { logger, configOverrides: config, ...overrides }));
  opened.push(log);
  return log;
}

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

/** A log of forty records in several segments, closed. Returns the base offsets of its segments. */
async function written(): Promise<number[]> {
  const log = open();
  for (let index = 0; index < 20; index++)
    log.append(batchOf(2, { valueSize: 150, timestamp: 1000 + index }), client);
  await log.close();
  const bases = readdirSync(directory)
    .filter((name) => name.endsWith(".log"))
    .map((name) => Number.parseInt(name, 10));
  expect(bases.length).toBeGreaterThan(2);
  return bases.sort((a, b) => a - b);
}

describe("after an unclean shutdown", () => {
  test("a log of many segments says how far it is when that takes long", async () => {
    await written();
    open({ cleanShutdown: false, clock: slowClock() });
    const told = logger.lines.filter((line) => line.endsWith("MiB are checked"));
    expect(told.length).toBeGreaterThan(0);
    expect(told[0]).toMatch(/^info a-0: \d+ of \d+ MiB are checked$/);
  });

  test("a large segment is checked in steps, and says how far it is", async () => {
    const options = { configOverrides: { segmentBytes: 2 ** 30, maxMessageBytes: 2 ** 22 } };
    const log = PartitionLog.open(logOptions(directory, options));
    const records = [{ timestamp: 1000, key: null, value: Buffer.alloc(2 ** 21) }];
    for (let index = 0; index < 10; index++) log.append(batchOf(1, { records }), client);
    log.abandon();
    const steps = PartitionLog.opening(
      logOptions(directory, { ...options, cleanShutdown: false, clock: slowClock(), logger }),
    );
    let count = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) count++;
    expect(count).toBeGreaterThan(4);
    expect(step.value.logEndOffset).toBe(10);
    expect(logger.lines.filter((line) => line.includes(" of 20 MiB are checked")).length).toBeGreaterThan(1);
    step.value.abandon();
  });

  test("everything that is whole is there, without any file but the .log ones", async () => {
    await written();
    for (const name of readdirSync(directory))
      if (!/\.log$|metadata$/.test(name)) rmSync(`${directory}/${name}`);
    const log = open({ cleanShutdown: false });
    expect(offsetsIn(log)).toEqual(upTo(40));
    expect(log.leaderEpoch).toBe(0);
    expect(log.offsetForTimestamp(1010)?.offset).toBe(19);
  });

  test("a torn last batch is cut off, wherever it was torn", async () => {
    const bases = await written();
    const last = path(bases.at(-1) ?? 0);
    const whole = readFileSync(last);
    const torn = batchOf(3, { baseOffset: 40, partitionLeaderEpoch: 0 });
    for (let length = 1; length < torn.length; length += 7) {
      writeFileSync(last, Buffer.concat([whole, torn.subarray(0, length)]));
      const log = open({ cleanShutdown: false });
      expect([length, log.logEndOffset]).toEqual([length, 40]);
      log.abandon();
      expect(readFileSync(last).equals(whole)).toBe(true);
    }
  });

  test("a tail of zeros is cut off", async () => {
    const bases = await written();
    appendFileSync(path(bases.at(-1) ?? 0), Buffer.alloc(10_000));
    expect(offsetsIn(open({ cleanShutdown: false }))).toEqual(upTo(40));
    expect(logger.warnings.length).toBe(1);
  });

  test("a damaged batch takes all that follows with it, later segments too", async () => {
    const bases = await written();
    const second = path(bases[1] ?? 0);
    const bytes = readFileSync(second);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    writeFileSync(second, bytes);
    const log = open({ cleanShutdown: false });
    expect(offsetsIn(log)).toEqual(upTo(bases[1] ?? 0));
    expect(readdirSync(directory).filter((name) => name.endsWith(".log")).length).toBe(2);
    expect(log.append(batchOf(1), client).firstOffset).toBe(bases[1] ?? 0);
  });

  test("damage below the recovery point is not looked for", async () => {
    const bases = await written();
    const first = path(0);
    const bytes = readFileSync(first);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    writeFileSync(first, bytes);
    expect(open({ cleanShutdown: false, recoveryPoint: bases[1] ?? 0 }).logEndOffset).toBe(40);
  });

  test("offsets that go back are cut off", async () => {
    const bases = await written();
    appendFileSync(path(bases.at(-1) ?? 0), batchOf(1, { baseOffset: 39, partitionLeaderEpoch: 0 }));
    expect(open({ cleanShutdown: false }).logEndOffset).toBe(40);
  });

  test("indexes full of zeros, as Kafka leaves them when it is killed, are rebuilt", async () => {
    const bases = await written();
    const active = bases.at(-1) ?? 0;
    const before = readFileSync(path(active, ".index"));
    writeFileSync(path(active, ".index"), Buffer.concat([before, Buffer.alloc(10_485_760 - before.length)]));
    writeFileSync(path(active, ".timeindex"), Buffer.alloc(10_485_756));
    const log = open({ cleanShutdown: false });
    expect(offsetsIn(log)).toEqual(upTo(40));
    await log.close();
    expect(readFileSync(path(active, ".index")).equals(before)).toBe(true);
  });

  test("aborted transactions are known again", () => {
    const log = open();
    log.append(producedBy(1n, 0, { transactional: true }), client);
    log.append(marker(1n, "abort"), coordinator);
    log.append(batchOf(1), client);
    log.abandon();
    expect(existsSync(path(0, ".txnindex"))).toBe(false);
    const again = open({ cleanShutdown: false });
    expect(consume(again, "last_stable").map(({ offset }) => offset)).toEqual([2]);
  });

  test("messages of the formats before Kafka 0.11 are refused, not cut off", () => {
    mkdirSync(directory);
    const message = Buffer.alloc(34);
    message.writeInt32BE(22, 8);
    message.writeInt8(1, 16);
    message.writeUInt32BE(crc32(message.subarray(16)), 12);
    writeFileSync(path(0), message);
    expect(() => open({ cleanShutdown: false })).toThrow(/format 1 from byte 0/);
    expect(readFileSync(path(0)).equals(message)).toBe(true);
  });

  test("a log that ends before it is said to begin is begun anew", async () => {
    await written();
    const log = open({ cleanShutdown: false, logStartOffset: 100 });
    expect([log.logStartOffset, log.logEndOffset]).toEqual([100, 100]);
    expect(log.append(batchOf(1), client).firstOffset).toBe(100);
  });
});

describe("after a clean shutdown", () => {
  test("a segment without indexes gets them again", async () => {
    const bases = await written();
    const kept = bases.map((base) => [
      readFileSync(path(base, ".index")),
      readFileSync(path(base, ".timeindex")),
    ]);
    for (const base of bases) {
      rmSync(path(base, ".index"));
      if (base > 0) rmSync(path(base, ".timeindex"));
    }
    const log = open();
    expect(offsetsIn(log)).toEqual(upTo(40));
    await log.close();
    expect(
      bases.map((base) => [readFileSync(path(base, ".index")), readFileSync(path(base, ".timeindex"))]),
    ).toEqual(kept);
  });

  test("no byte of any index is believed that leads astray", async () => {
    const bases = await written();
    for (const base of bases) {
      for (const suffix of [".index", ".timeindex"]) {
        const bytes = readFileSync(path(base, suffix));
        for (let at = 0; at < bytes.length; at++) {
          for (const flip of [0x01, 0x80]) {
            const damaged = Buffer.from(bytes);
            damaged.writeUInt8(damaged.readUInt8(at) ^ flip, at);
            writeFileSync(path(base, suffix), damaged);
            const log = open();
            expect(log.logEndOffset).toBe(40);
            for (const offset of [0, 7, 17, 27, 38])
              expect(consume(log, "log_end", offset, 400)[0]?.offset).toBe(offset);
            log.abandon();
          }
        }
        writeFileSync(path(base, suffix), bytes);
      }
    }
  });

  test("indexes of no byte, or cut within an entry, cost time but no record", async () => {
    const bases = await written();
    for (const base of bases) {
      truncateSync(path(base, ".index"), base === 0 ? 0 : 11);
      truncateSync(path(base, ".timeindex"), base === 0 ? 0 : 13);
    }
    const log = open();
    expect(offsetsIn(log)).toEqual(upTo(40));
    for (const index of upTo(20)) {
      expect(log.offsetForTimestamp(1000 + index)?.offset).toBe(Math.max(0, 2 * index - 1));
    }
    expect(log.append(batchOf(1), client).firstOffset).toBe(40);
  });

  test("an active segment that is not whole is recovered all the same", async () => {
    const bases = await written();
    const last = path(bases.at(-1) ?? 0);
    truncateSync(last, readFileSync(last).length - 5);
    const log = open();
    expect(offsetsIn(log)).toEqual(upTo(38));
    expect(logger.warnings.length).toBeGreaterThan(0);
  });

  test("a damaged transaction index is rebuilt", async () => {
    const log = open();
    log.append(producedBy(1n, 0, { transactional: true }), client);
    log.append(marker(1n, "abort"), coordinator);
    await log.close();
    writeFileSync(path(0, ".txnindex"), Buffer.alloc(20, 7));
    expect(consume(open(), "last_stable")).toEqual([]);
  });

  test("snapshots that are missing are made up for by the log", async () => {
    const log = open();
    log.append(producedBy(1n, 0), client);
    await log.close();
    for (const name of readdirSync(directory)) if (name.endsWith(".snapshot")) rmSync(`${directory}/${name}`);
    expect(open().append(producedBy(1n, 0), client).duplicate).toBe(true);
  });

  test("leader epochs that are missing are read from the batches", async () => {
    const log = open();
    for (let epoch = 1; epoch < 30; epoch++)
      log.append(batchOf(2, { valueSize: 150 }), { leaderEpoch: Math.floor(epoch / 4), origin: "client" });
    const epochs = upTo(9).map((epoch) => log.endOffsetForEpoch(epoch));
    await log.close();
    rmSync(`${directory}/leader-epoch-checkpoint`);
    const again = open();
    expect(upTo(9).map((epoch) => again.endOffsetForEpoch(epoch))).toEqual(epochs);
  });
});

describe("what a broker that was killed left in a directory", () => {
  const present = () => readdirSync(directory).filter((name) => /\.(deleted|cleaned|swap|tmp)$/.test(name));

  test("is removed if it was to be deleted, or was being compacted", async () => {
    await written();
    for (const name of [
      path(0, ".log.deleted"),
      path(0, ".index.cleaned"),
      path(0, ".log.cleaned"),
      `${directory}/leader-epoch-checkpoint.tmp`,
    ]) {
      writeFileSync(name, "rubbish");
    }
    expect(offsetsIn(open({ cleanShutdown: false }))).toEqual(upTo(40));
    expect(present()).toEqual([]);
  });

  test("is finished if segments were being replaced by one that is whole", async () => {
    const bases = await written();
    // Of the first two segments, compaction has left one batch.
    const compacted = batchOf(1, { baseOffset: (bases[2] ?? 0) - 1, partitionLeaderEpoch: 0 });
    writeFileSync(path(0, ".log.swap"), compacted);
    writeFileSync(path(0, ".index.swap"), "");
    const log = open();
    expect(offsetsIn(log)).toEqual([(bases[2] ?? 0) - 1, ...upTo(40).slice(bases[2])]);
    expect(present()).toEqual([]);
    expect(existsSync(path(bases[1] ?? 0))).toBe(false);
  });

  test("is undone if the replacement was not complete", async () => {
    await written();
    copyFileSync(path(0), path(0, ".log.swap"));
    writeFileSync(path(0, ".log.cleaned"), "");
    expect(offsetsIn(open({ cleanShutdown: false }))).toEqual(upTo(40));
    expect(present()).toEqual([]);
  });

  test("is removed if it is an index without a log", async () => {
    await written();
    writeFileSync(path(999, ".index"), "");
    writeFileSync(path(999, ".timeindex"), "");
    open();
    expect(existsSync(path(999, ".index"))).toBe(false);
    expect(logger.warnings.length).toBe(2);
  });
});

/** A batch of two records whose timestamps are nanoseconds, which no number holds exactly. */
function inNanoseconds(baseOffset: number): Buffer {
  const batch = batchOf(2, {
    baseOffset,
    partitionLeaderEpoch: 0,
    producerId: 7n,
    producerEpoch: 0,
    baseSequence: 0,
  });
  for (const at of [27, 35]) batch.writeBigInt64BE(1_795_262_600_123_456_789n, at);
  setCrc(batch, 0, crc32c(batch, CRC_START));
  return batch;
}

describe("timestamps beyond what a number holds exactly", () => {
  for (const cleanShutdown of [true, false]) {
    test(`cost no record after ${cleanShutdown ? "a clean" : "an unclean"} shutdown`, async () => {
      mkdirSync(directory);
      const batches = [batchOf(2, { partitionLeaderEpoch: 0 }), inNanoseconds(2)];
      const bytes = Buffer.concat([...batches, batchOf(2, { baseOffset: 4, partitionLeaderEpoch: 0 })]);
      writeFileSync(path(0), bytes);
      const log = open({ cleanShutdown });
      expect(offsetsIn(log)).toEqual(upTo(6));
      expect(log.offsetForTimestamp(1_795_262_600_000_000_000)?.offset).toBe(2);
      expect(log.offsetOfMaxTimestamp()?.offset).toBe(2);
      await log.close();
      expect(readFileSync(path(0)).equals(bytes)).toBe(true);
      expect(open().logEndOffset).toBe(6);
    });
  }
});

describe("a directory made by hand", () => {
  const metadata = "version: 0\ntopic_id: 4mxVWLqCQE6u0DOmwz12ow==";

  test("of an empty .log and a padded topic id is a log without records", () => {
    mkdirSync(directory);
    writeFileSync(`${directory}/partition.metadata`, metadata);
    writeFileSync(path(0), "");
    const log = open({ cleanShutdown: false });
    expect([log.logStartOffset, log.logEndOffset, log.topicId as string]).toEqual([
      0,
      0,
      "4mxVWLqCQE6u0DOmwz12ow",
    ]);
    expect(log.append(batchOf(1), client).firstOffset).toBe(0);
  });

  test("may begin behind the offset that names its file", () => {
    mkdirSync(directory);
    writeFileSync(path(0), batchOf(2, { baseOffset: 1, partitionLeaderEpoch: 0 }));
    for (const cleanShutdown of [false, true]) {
      const log = open({ cleanShutdown });
      expect([log.logStartOffset, log.logEndOffset]).toEqual([0, 3]);
      expect(offsetsIn(log)).toEqual([1, 2]);
      log.abandon();
    }
  });

  test("may begin with a segment above zero", () => {
    mkdirSync(directory);
    writeFileSync(path(150), batchOf(2, { baseOffset: 150, partitionLeaderEpoch: 0 }));
    const log = open({ cleanShutdown: false });
    expect([log.logStartOffset, log.logEndOffset]).toEqual([150, 152]);
  });

  test("may hold the same producer, epoch and sequence in every batch, two years old", () => {
    mkdirSync(directory);
    const batches = upTo(3).map((offset) =>
      buildBatch({
        baseOffset: offset,
        partitionLeaderEpoch: 0,
        producerId: 0n,
        producerEpoch: 0,
        baseSequence: 0,
        records: [{ timestamp: 1_600_000_000_000, key: null, value: Buffer.from(`m${offset}`) }],
      }),
    );
    writeFileSync(path(0), Buffer.concat(batches));
    const log = open({ cleanShutdown: false });
    expect(consume(log).map(({ value }) => value?.toString())).toEqual(["m0", "m1", "m2"]);
    expect(log.append(producedBy(0n, 0), client)).toMatchObject({ firstOffset: 3, duplicate: false });
    expect(logger.warnings).toEqual([]);
  });
});
