/** What happens when something goes wrong in a compaction, or something else to the log meanwhile. */
import { beforeEach, describe, expect, test } from "bun:test";
import { eventually } from "../../../support/eventually.ts";
import { settled } from "../support.ts";
import { diskToCompact, offsetsOf, write } from "./cleaner-support.ts";

let { disk, clock, logger, configs, open } = diskToCompact();
beforeEach(() => {
  ({ disk, clock, logger, configs, open } = diskToCompact());
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
      ({ disk, logger, open } = diskToCompact());
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
