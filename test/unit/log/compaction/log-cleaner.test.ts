/** Which logs are compacted when, how fast, and what is remembered of it. */
import { beforeEach, describe, expect, test } from "bun:test";
import type { Timer } from "../../../../src/clock.ts";
import { eventually } from "../../../support/eventually.ts";
import { settled, TestClock } from "../support.ts";
import { activeBase, CHECKPOINT, diskToCompact, offsetsOf, write } from "./cleaner-support.ts";

let { disk, clock, logger, configs, open, checkpoint } = diskToCompact();
beforeEach(() => {
  ({ disk, clock, logger, configs, open, checkpoint } = diskToCompact());
});

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
    write(manager, "a", 10, clock.now());
    write(manager, "a", 20, clock.now() + 5000);
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
    const end = activeBase(disk, "a");
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
    write(manager, "a", 20, clock.now());
    await manager.cleanDirtiest();
    write(manager, "a", 30, clock.now() + 10_000);
    clock.advance(10_001);
    await manager.applyRetention();
    await manager.cleanDirtiest();
    expect(manager.get("a", 0)?.logStartOffset).toBeGreaterThan(10);
    expect(offsetsOf(manager, "a").every((offset) => offset >= 15)).toBe(true);
    expect(logger.warnings).toEqual([]);
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
  const without = open({ isEnabled: false });
  without.start();
  write(without, "a", 40);
  clock.advance(15_000);
  await settled();
  expect(offsetsOf(without, "a").length).toBeGreaterThan(40);
});

/** Lets time pass as soon as somebody waits for a short while. */
class HurriedClock extends TestClock {
  override schedule(delayMs: number, run: () => void): Timer {
    if (delayMs <= 100) setImmediate(() => this.advance(delayMs));
    return super.schedule(delayMs, run);
  }
}

test("compaction reads and writes no more than log.cleaner.io.max.bytes.per.second", async () => {
  const hurried = new HurriedClock();
  const startMs = hurried.now();
  const manager = diskToCompact(hurried).open({ ioMaxBytesPerSecond: 100 });
  write(manager, "a", 20);
  await manager.cleanDirtiest();
  const seconds = (hurried.now() - startMs) / 1000;
  // Twenty batches of 129 bytes, all but a segment's worth of them read twice and a few written.
  expect(seconds).toBeGreaterThan(40);
  expect(seconds).toBeLessThan(60);
});
