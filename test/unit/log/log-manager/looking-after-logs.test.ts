/** What the log manager does at intervals: retention, checkpoints, forgetting producers. */
import { beforeEach, describe, expect, test } from "bun:test";
import { batchOf, client, maintenance, producedBy, settled, someTopicId } from "../support.ts";
import { emptyDisk, offsetsIn } from "./support.ts";

let { disk, clock, configs, open, read } = emptyDisk();
beforeEach(() => {
  ({ disk, clock, configs, open, read } = emptyDisk());
});

describe("looking after the logs", () => {
  test("old segments go after the ordinary interval, not at the start", async () => {
    configs.set("a", { retentionMs: 1000 });
    const first = open();
    first
      .getOrCreate("a", 0, someTopicId)
      .append(batchOf(3, { timestamp: clock.now() - 2 * 365 * 86_400_000 }), client);
    await first.shutdown();
    const manager = open();
    manager.start();
    clock.advance(299_999);
    await settled();
    expect(offsetsIn(manager)).toEqual([0, 1, 2]);
    clock.advance(1);
    await settled();
    expect(offsetsIn(manager)).toEqual([]);
    expect(manager.get("a", 0)?.logStartOffset).toBe(3);
    await manager.shutdown();
  });

  test("logs that nobody uses are closed again when they were looked at", async () => {
    configs.set("a", { retentionMs: 1_000_000 });
    const first = open();
    for (const partition of [0, 1]) first.getOrCreate("a", partition, someTopicId).append(batchOf(1), client);
    await first.shutdown();
    const manager = open();
    manager.get("a", 1);
    const isOpen = () => [...manager.partitions()].map((hosted) => "log" in hosted && hosted.log !== null);
    expect(await manager.applyRetention()).toBe(0);
    expect(isOpen()).toEqual([false, true]);
    clock.advance(2_000_000);
    expect(await manager.applyRetention()).toBe(2);
    expect(isOpen()).toEqual([true, true]);
    await manager.shutdown();
    expect(disk.exists("/one/.kafka_cleanshutdown")).toBe(true);
  });

  test("partitions without records stay closed", async () => {
    const first = open();
    first.getOrCreate("a", 0, someTopicId);
    await first.shutdown();
    const manager = open();
    manager.start();
    const opened: string[] = [];
    disk.failure = (operation, path) => {
      if (operation === "read" && path.startsWith("/one/a-0")) opened.push(path);
      return undefined;
    };
    clock.advance(300_000);
    await settled();
    expect(opened).toEqual([]);
    await manager.shutdown();
  });

  test("checkpoints are written at their interval", async () => {
    const manager = open();
    manager.start();
    const log = manager.getOrCreate("a", 0, someTopicId);
    log.append(batchOf(3), client);
    await log.flush();
    clock.advance(60_000);
    await settled();
    expect(read("/one/recovery-point-offset-checkpoint")).toBe("0\n1\na 0 3\n");
    await manager.shutdown();
  });

  test("checkpoints of each kind are written at an interval of their own, the first after the initial delay at most", async () => {
    const manager = open({
      settings: {
        ...maintenance,
        initialDelayMs: 2000,
        logStartCheckpointIntervalMs: 30_000,
        highWatermarkCheckpointIntervalMs: 5000,
      },
    });
    manager.start();
    const log = manager.getOrCreate("a", 0, someTopicId);
    const files = ["recovery-point", "log-start", "replication"].map(
      (kind) => `/one/${kind}-offset-checkpoint`,
    );
    const seen = () => files.map((path) => read(path).split("\n")[2]);
    const step = async (ms: number) => {
      log.append(batchOf(1), client);
      log.deleteRecordsBefore(-1);
      await log.flush();
      clock.advance(ms);
      await settled();
    };
    await step(2000);
    expect(seen()).toEqual(["a 0 1", "a 0 1", "a 0 1"]);
    await step(5000);
    expect(seen()).toEqual(["a 0 1", "a 0 1", "a 0 2"]);
    await step(25_000);
    expect(seen()).toEqual(["a 0 1", "a 0 3", "a 0 3"]);
    await step(30_000);
    expect(seen()).toEqual(["a 0 4", "a 0 4", "a 0 4"]);
    await manager.shutdown();
  });

  test("producers that are gone are forgotten", async () => {
    const manager = open();
    manager.start();
    const log = manager.getOrCreate("a", 0, someTopicId);
    log.append(producedBy(1n, 0), client);
    clock.advance(86_400_000);
    await settled();
    clock.advance(600_000);
    await settled();
    expect([...log.producers]).toEqual([]);
    await manager.shutdown();
  });

  test("ends with the shutdown", async () => {
    const manager = open();
    manager.start();
    manager.getOrCreate("a", 0, someTopicId);
    await manager.shutdown();
    expect(clock.scheduledCount).toBe(0);
  });
});
