/** Which logs are compacted when, what is remembered of it, and what happens when something goes wrong. */
import { beforeEach, describe, expect, test } from "bun:test";
import type { Timer } from "../../../../src/clock.ts";
import type { LogConfig } from "../../../../src/config/topic-config.ts";
import type { CleanerSettings } from "../../../../src/log/compaction/log-cleaner.ts";
import { LogManager } from "../../../../src/log/log-manager.ts";
import { parseUuid, ZERO_UUID } from "../../../../src/protocol/uuid.ts";
import { SimulatedDisk } from "../../../disk/simulated-disk.ts";
import { eventually } from "../../../support/eventually.ts";
import {
  client,
  consume,
  defaultConfig,
  maintenance,
  settled,
  someTopicId,
  TestClock,
  TestLogger,
} from "../support.ts";
import { compacted, keyed } from "./support.ts";

const T = 1_700_000_000_000;
const directoryId = parseUuid("Ythc5YP1R7G-bxLWAZ_EKg") ?? ZERO_UUID;
const CHECKPOINT = "/logs/cleaner-offset-checkpoint";

let disk: SimulatedDisk;
let clock: TestClock;
let logger: TestLogger;
let configs: Map<string, Partial<LogConfig>>;
let settings: CleanerSettings;
beforeEach(() => {
  disk = new SimulatedDisk();
  clock = new TestClock(T);
  logger = new TestLogger();
  configs = new Map();
  settings = {
    isEnabled: true,
    backoffMs: 15_000,
    dedupeBufferBytes: 100_000,
    dedupeBufferLoadFactor: 0.9,
    ioBufferBytes: 1000,
    ioMaxBytesPerSecond: Number.MAX_VALUE,
  };
});

function open(): LogManager {
  return new LogManager({
    disk,
    clock,
    logger,
    directories: [{ path: "/logs", directoryId }],
    configOf: (topic) => ({
      ...defaultConfig,
      ...compacted,
      minCleanableDirtyRatio: 0.5,
      ...configs.get(topic),
    }),
    topicIdOf: () => someTopicId,
    settings: maintenance,
    cleaner: () => settings,
    random: () => 0,
  });
}

const checkpoint = () => disk.readFile(CHECKPOINT).toString();

/** Writes a key of its own and then the same few keys over and over. */
function write(manager: LogManager, topic: string, count: number, timestamp = T): void {
  const log = manager.getOrCreate(topic, 0, someTopicId);
  for (let index = 0; index < count; index++) {
    const key = index === 0 ? `from ${log.logEndOffset}` : `k${index % 3}`;
    log.append(keyed([[key, `${index}`.padEnd(60)]], { timestamp }), client);
  }
}

function offsetsOf(manager: LogManager, topic: string): number[] {
  const log = manager.get(topic, 0);
  return log ? consume(log).map(({ offset }) => offset) : [];
}

/** Where the segment begins that is appended to. */
function activeBase(topic: string): number {
  const bases = disk
    .files()
    .filter((path) => path.startsWith(`/logs/${topic}-0/`) && path.endsWith(".log"))
    .map((path) => Number(/(\d+)\.log$/.exec(path)?.[1]));
  return Math.max(...bases);
}

describe("the log that is compacted next", () => {
  test("is the dirtiest, then the next, until none has more new bytes than min.cleanable.dirty.ratio", async () => {
    const manager = open();
    write(manager, "a", 20);
    write(manager, "b", 20);
    expect(await manager.cleanDirtiest()).toBe(true);
    expect(await manager.cleanDirtiest()).toBe(true);
    expect(await manager.cleanDirtiest()).toBe(false);
    write(manager, "a", 4);
    write(manager, "b", 40);
    const before = offsetsOf(manager, "a").length;
    expect(await manager.cleanDirtiest()).toBe(true);
    expect(offsetsOf(manager, "a")).toHaveLength(before);
    expect(offsetsOf(manager, "b").length).toBeLessThan(10);
  });

  test("is none of a topic that isn't compacted", async () => {
    configs.set("a", { cleanupPolicy: new Set(["delete"] as const) });
    const manager = open();
    write(manager, "a", 20);
    expect(await manager.cleanDirtiest()).toBe(false);
  });

  test("is none whose records are younger than min.compaction.lag.ms", async () => {
    configs.set("a", { minCompactionLagMs: 10_000 });
    const manager = open();
    write(manager, "a", 10, T);
    write(manager, "a", 20, T + 5000);
    clock.advance(9_999);
    expect(await manager.cleanDirtiest()).toBe(false);
    clock.advance(1);
    expect(await manager.cleanDirtiest()).toBe(true);
    // The segments with later records had to stay.
    expect(offsetsOf(manager, "a")).toContain(10);
    expect(offsetsOf(manager, "a")).not.toContain(1);
  });

  test("is one that is not very dirty, if something in it waits for longer than max.compaction.lag.ms", async () => {
    configs.set("a", { maxCompactionLagMs: 10_000, minCleanableDirtyRatio: 1 });
    const manager = open();
    write(manager, "a", 20);
    expect(await manager.cleanDirtiest()).toBe(false);
    clock.advance(10_001);
    expect(await manager.cleanDirtiest()).toBe(true);
    expect(await manager.cleanDirtiest()).toBe(false);
  });

  test("is opened for it only if it has more than one segment", async () => {
    let manager = open();
    write(manager, "a", 20);
    write(manager, "b", 2);
    await manager.shutdown();
    manager = open();
    const opened: string[] = [];
    disk.failure = (operation, path) => {
      if (operation === "open" && path.endsWith(".log"))
        opened.push(path.slice("/logs/".length, "/logs/a".length));
      return undefined;
    };
    expect(await manager.cleanDirtiest()).toBe(true);
    expect(await manager.cleanDirtiest()).toBe(false);
    expect([...new Set(opened)]).toEqual(["a"]);
  });
});

describe("cleaner-offset-checkpoint", () => {
  test("tells up to where each log was cleaned, and a broker that starts goes on from there", async () => {
    let manager = open();
    write(manager, "a", 20);
    const end = activeBase("a");
    await manager.cleanDirtiest();
    expect(checkpoint()).toBe(`0\n1\na 0 ${end}\n`);
    await manager.shutdown();
    manager = open();
    expect(await manager.cleanDirtiest()).toBe(false);
    write(manager, "a", 30);
    await manager.cleanDirtiest();
    expect(logger.lines.at(-1)).toContain(`(dirty from ${end} on)`);
  });

  test("counts for nothing when it is beyond the log's end, or can't be read", async () => {
    let manager = open();
    write(manager, "a", 20);
    await manager.shutdown();
    disk.writeFile(CHECKPOINT, "0\n1\na 0 21\n");
    manager = open();
    expect(await manager.cleanDirtiest()).toBe(true);
    expect(logger.warnings.at(-1)).toContain(
      "a-0 is said to be compacted up to offset 21, but goes from 0 to 20",
    );
    await manager.shutdown();
    disk.writeFile(CHECKPOINT, "rubbish");
    manager = open();
    expect(await manager.cleanDirtiest()).toBe(true);
    expect(checkpoint()).toStartWith("0\n1\na 0 ");
  });

  test("is said but once to be wrong, where the log isn't worth it", async () => {
    const first = open();
    write(first, "a", 20);
    await first.shutdown();
    disk.writeFile(CHECKPOINT, "0\n1\na 0 21\n");
    configs.set("a", { minCleanableDirtyRatio: 1 });
    const manager = open();
    for (let look = 0; look < 3; look++) {
      expect(await manager.cleanDirtiest()).toBe(false);
      clock.advance(600_001);
    }
    expect(logger.warnings).toHaveLength(1);
  });

  test("forgets a topic that was deleted, even if one of its name is made at once", async () => {
    const manager = open();
    write(manager, "a", 20);
    await manager.cleanDirtiest();
    manager.delete("a", [0]);
    write(manager, "a", 30);
    await settled();
    expect(checkpoint()).toBe("0\n0\n");
    await manager.cleanDirtiest();
    expect(logger.lines.at(-1)).toContain("(dirty from 0 on)");
  });
});

describe("a topic that is compacted and deleted from", () => {
  test("loses old segments as well, and is compacted from its new beginning", async () => {
    configs.set("a", { cleanupPolicy: new Set(["compact", "delete"] as const), retentionMs: 10_000 });
    const manager = open();
    write(manager, "a", 20, T);
    await manager.cleanDirtiest();
    write(manager, "a", 30, T + 10_000);
    clock.advance(10_001);
    await manager.applyRetention();
    await manager.cleanDirtiest();
    expect(manager.get("a", 0)?.logStartOffset).toBeGreaterThan(10);
    expect(offsetsOf(manager, "a").every((offset) => offset >= 15)).toBe(true);
    expect(logger.warnings).toEqual([]);
  });
});

describe("what can go wrong", () => {
  test("a damaged batch: the log is left as it is, the others are compacted, and the console says where", async () => {
    const manager = open();
    write(manager, "a", 20);
    write(manager, "b", 20);
    await manager.flush();
    const path = "/logs/a-0/00000000000000000000.log";
    const bytes = disk.readFile(path);
    const secondBatch = bytes.readInt32BE(8) + 12;
    const at = secondBatch + 70;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    disk.writeFile(path, bytes);
    const before = offsetsOf(manager, "a");
    while (await manager.cleanDirtiest()) {
      // Until there is nothing left to do.
    }
    expect(offsetsOf(manager, "a")).toEqual(before);
    expect(offsetsOf(manager, "b").length).toBeLessThan(10);
    expect(logger.warnings).toHaveLength(1);
    expect(logger.warnings[0]).toContain(`${path} is damaged at byte ${secondBatch}`);
    expect(disk.files().filter((name) => /cleaned|swap/.test(name))).toEqual([]);
  });

  test("no room: nothing is lost, the directory stays online, and it is tried again later", async () => {
    const manager = open();
    write(manager, "a", 20);
    const before = offsetsOf(manager, "a");
    let room = false;
    disk.failure = (operation, path) =>
      !room && operation === "write" && path.endsWith(".cleaned") ? "ENOSPC" : undefined;
    expect(await manager.cleanDirtiest()).toBe(true);
    expect(logger.warnings).toHaveLength(1);
    expect(logger.warnings[0]).toContain("/logs/a-0 can't be compacted: ENOSPC");
    expect(offsetsOf(manager, "a")).toEqual(before);
    expect(disk.files().filter((name) => /cleaned|swap/.test(name))).toEqual([]);
    write(manager, "a", 1);
    room = true;
    expect(await manager.cleanDirtiest()).toBe(false);
    clock.advance(300_000);
    expect(await manager.cleanDirtiest()).toBe(true);
    expect(offsetsOf(manager, "a").length).toBeLessThan(before.length);
  });

  test("a failing disk: the directory goes offline, and what it holds can still be read", async () => {
    for (const [operation, suffix] of [
      ["sync", ".cleaned"],
      ["rename", ".cleaned"],
      ["rename", ".log"],
      ["rename", ".index.swap"],
    ] as const) {
      disk = new SimulatedDisk();
      logger = new TestLogger();
      const manager = open();
      write(manager, "a", 20);
      await manager.flush();
      disk.failure = (failing, path) => (failing === operation && path.endsWith(suffix) ? "EIO" : undefined);
      await manager.cleanDirtiest();
      expect(logger.warnings[0]).toContain("Log directory /logs is offline: EIO");
      expect(offsetsOf(manager, "a").slice(-3)).toEqual([17, 18, 19]);
      expect(await manager.cleanDirtiest()).toBe(false);
      disk.failure = () => undefined;
      await manager.shutdown();
      const again = open();
      again.recover();
      expect(offsetsOf(again, "a").slice(-3)).toEqual([17, 18, 19]);
      await again.shutdown();
    }
  });
});

describe("while a log is compacted", () => {
  /** Runs `meanwhile` when the first cleaned batch is written, and until then lets the run go on. */
  function interrupt(meanwhile: () => void): void {
    let done = false;
    disk.failure = (operation, path) => {
      if (done || operation !== "write" || !path.endsWith(".cleaned")) return undefined;
      done = true;
      meanwhile();
      return undefined;
    };
  }

  test("it is appended to and read, with the same answers as ever", async () => {
    const manager = open();
    write(manager, "a", 20);
    const before = offsetsOf(manager, "a");
    let during: number[] = [];
    interrupt(() => {
      write(manager, "a", 2);
      during = offsetsOf(manager, "a");
    });
    await manager.cleanDirtiest();
    expect(during).toEqual([...before, 20, 21]);
    expect(offsetsOf(manager, "a").slice(-2)).toEqual([20, 21]);
    expect(offsetsOf(manager, "a").length).toBeLessThan(before.length);
  });

  test("retention waits until it is done", async () => {
    configs.set("a", { cleanupPolicy: new Set(["compact", "delete"] as const), retentionMs: 10_000 });
    const manager = open();
    write(manager, "a", 20);
    clock.advance(10_001);
    let during = -1;
    interrupt(() => {
      manager.applyRetention().then((deleted) => {
        during = deleted;
      });
    });
    await manager.cleanDirtiest();
    expect(during).toBe(0);
    expect(offsetsOf(manager, "a")).toEqual([]);
    expect(manager.get("a", 0)?.logStartOffset).toBe(20);
  });

  test("a fetch that began before can finish after", async () => {
    const manager = open();
    write(manager, "a", 20);
    const log = manager.get("a", 0);
    const slice = log?.read(0, 400, { isolation: "high_watermark", minOneMessage: true });
    const expected = Buffer.alloc(slice?.records?.sizeInBytes ?? 0);
    slice?.records?.copyInto(expected, 0);
    await manager.cleanDirtiest();
    const after = Buffer.alloc(expected.length);
    slice?.records?.copyInto(after, 0);
    expect(after.equals(expected)).toBe(true);
    expect(offsetsOf(manager, "a")[1]).toBeGreaterThan(1);
  });

  test("deleting its topic ends that, and leaves nothing behind", async () => {
    const manager = open();
    write(manager, "a", 20);
    interrupt(() => manager.delete("a", [0]));
    await manager.cleanDirtiest();
    expect(manager.get("a", 0)).toBeUndefined();
    expect(logger.warnings).toEqual([]);
    clock.advance(60_000);
    await settled();
    expect(disk.files().filter((path) => path.includes("/a-0"))).toEqual([]);
  });

  test("truncating it ends that, and nothing of the cut part comes back", async () => {
    const manager = open();
    write(manager, "a", 20);
    interrupt(() => manager.get("a", 0)?.truncateTo(2));
    await manager.cleanDirtiest();
    expect(offsetsOf(manager, "a")).toEqual([0, 1]);
    expect(disk.files().filter((path) => /cleaned|swap/.test(path))).toEqual([]);
  });

  test("a stop of the broker waits until nothing is touched any more, and is clean", async () => {
    const manager = open();
    write(manager, "a", 20);
    const before = offsetsOf(manager, "a");
    manager.start();
    let stopped: Promise<unknown> | undefined;
    interrupt(() => {
      stopped = manager.shutdown();
    });
    clock.advance(15_000);
    await eventually(() => expect(stopped).toBeDefined());
    await stopped;
    expect(disk.exists("/logs/.kafka_cleanshutdown")).toBe(true);
    expect(disk.files().filter((path) => /cleaned|swap/.test(path))).toEqual([]);
    expect(offsetsOf(open(), "a")).toEqual(before);
  });
});

test("compaction runs every log.cleaner.backoff.ms, and not at all without log.cleaner.enable", async () => {
  const manager = open();
  manager.start();
  write(manager, "a", 20);
  await settled();
  expect(offsetsOf(manager, "a")).toHaveLength(20);
  const compacted = () => {
    clock.advance(15_000);
    expect(offsetsOf(manager, "a").length).toBeLessThan(10);
  };
  await eventually(compacted);
  write(manager, "a", 40);
  await eventually(compacted);
  await manager.shutdown();
  settings = { ...settings, isEnabled: false };
  const without = open();
  without.start();
  write(without, "a", 40);
  clock.advance(15_000);
  await settled();
  expect(offsetsOf(without, "a").length).toBeGreaterThan(40);
});

test("compaction reads and writes no more than log.cleaner.io.max.bytes.per.second", async () => {
  settings = { ...settings, ioMaxBytesPerSecond: 100 };
  clock = new HurriedClock(T);
  const manager = open();
  write(manager, "a", 20);
  await manager.cleanDirtiest();
  const seconds = (clock.now() - T) / 1000;
  // Twenty batches of 129 bytes, all but a segment's worth of them read twice and a few written.
  expect(seconds).toBeGreaterThan(40);
  expect(seconds).toBeLessThan(60);
});

/** Lets time pass as soon as somebody waits for a short while. */
class HurriedClock extends TestClock {
  override schedule(delayMs: number, run: () => void): Timer {
    if (delayMs <= 100) setImmediate(() => this.advance(delayMs));
    return super.schedule(delayMs, run);
  }
}
