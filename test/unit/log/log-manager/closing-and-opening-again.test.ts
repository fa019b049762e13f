/** What is left behind at a shutdown or a kill, and what is made of it at the next start. */
import { beforeEach, describe, expect, test } from "bun:test";
import { mortalClock } from "../../../support/mortal-clock.ts";
import { batchOf, client, producedBy, settled, someTopicId } from "../support.ts";
import { emptyDisk, offsetsIn } from "./support.ts";

let { disk, clock, logger, open, read } = emptyDisk();
beforeEach(() => {
  ({ disk, clock, logger, open, read } = emptyDisk());
});

describe("closing and opening again", () => {
  async function written(manager = open()): Promise<void> {
    for (let partition = 0; partition < 3; partition++) {
      const log = manager.getOrCreate("a", partition, someTopicId);
      log.append(batchOf(4), client);
      log.append(producedBy(1n, 0), client);
    }
    await manager.shutdown(17);
  }

  test("leaves the sign of a clean shutdown, checkpoints, and nothing that is not durable", async () => {
    await written();
    const files = disk.files();
    disk.crash("drop");
    expect(disk.files()).toEqual(files);
    expect(read("/one/.kafka_cleanshutdown")).toBe('{"version":0,"brokerEpoch":17}');
    expect(read("/one/recovery-point-offset-checkpoint")).toBe("0\n3\na 0 5\na 1 5\na 2 5\n");
    expect(read("/one/replication-offset-checkpoint")).toBe("0\n3\na 0 5\na 1 5\na 2 5\n");
    expect(read("/one/log-start-offset-checkpoint")).toBe("0\n0\n");
    const manager = open();
    expect(offsetsIn(manager, 1)).toEqual([0, 1, 2, 3, 4]);
    expect(disk.exists("/one/.kafka_cleanshutdown")).toBe(false);
  });

  test("reads nothing of a partition until it is asked for", async () => {
    await written();
    const touched: string[] = [];
    disk.failure = (_operation, path) => {
      touched.push(path);
      return undefined;
    };
    const manager = open();
    manager.recover();
    expect(touched.filter((path) => path.startsWith("/one/a-"))).toEqual([]);
    manager.get("a", 2);
    expect(touched.some((path) => path.startsWith("/one/a-2"))).toBe(true);
    expect(touched.some((path) => path.startsWith("/one/a-1"))).toBe(false);
  });

  test("keeps what the checkpoints say of partitions nobody opened", async () => {
    await written();
    const manager = open();
    manager.get("a", 0)?.append(batchOf(1), client);
    await manager.shutdown();
    expect(read("/one/recovery-point-offset-checkpoint")).toBe("0\n3\na 0 6\na 1 5\na 2 5\n");
    const again = open();
    again.recover();
    expect([0, 1, 2].map((partition) => offsetsIn(again, partition).length)).toEqual([6, 5, 5]);
  });

  test("writes nothing at all when nobody did anything", async () => {
    await written();
    const before = new Map(disk.files().map((path) => [path, read(path)]));
    const manager = open();
    for (let partition = 0; partition < 3; partition++) manager.get("a", partition);
    await manager.shutdown(17);
    expect(new Map(disk.files().map((path) => [path, read(path)]))).toEqual(before);
  });

  test("after a kill recovers every log, and says how far it is when that takes long", async () => {
    const manager = open();
    for (let partition = 0; partition < 3; partition++)
      manager.getOrCreate("a", partition, someTopicId).append(batchOf(4), client);
    await settled();
    disk.crash("keep");
    let now = clock.now();
    const slow = open({ clock: { ...mortalClock(clock, () => true), now: () => (now += 400) } });
    slow.recover();
    expect(logger.lines.filter((line) => line.includes("of 3 logs are checked")).length).toBeGreaterThan(0);
    expect([0, 1, 2].map((partition) => offsetsIn(slow, partition).length)).toEqual([4, 4, 4]);
  });

  test("does not call a shutdown clean when a log was never recovered", async () => {
    open().getOrCreate("a", 0, someTopicId).append(batchOf(4), client);
    await settled();
    disk.crash("keep");
    await open().shutdown();
    expect(disk.exists("/one/.kafka_cleanshutdown")).toBe(false);
  });

  test("remembers the log's start over a crash once it was checkpointed", async () => {
    const manager = open();
    const log = manager.getOrCreate("a", 0, someTopicId);
    log.append(batchOf(4), client);
    await log.flush();
    log.deleteRecordsBefore(3);
    await manager.checkpoint();
    disk.crash("drop");
    expect(offsetsIn(open())).toEqual([3]);
  });

  test("gets along with checkpoints that are rubbish", async () => {
    await written();
    for (const name of ["recovery-point", "log-start", "replication"]) {
      disk.writeFile(
        `/one/${name}${name === "replication" ? "" : "-offset"}-offset-checkpoint`.replace(
          "-offset-offset",
          "-offset",
        ),
        "rubbish",
      );
    }
    disk.remove("/one/.kafka_cleanshutdown");
    const manager = open();
    manager.recover();
    expect(offsetsIn(manager)).toEqual([0, 1, 2, 3, 4]);
    expect(logger.warnings.length).toBe(3);
  });
});
