/** A log directory whose disk fails while it is used. */
import { beforeEach, describe, expect, test } from "bun:test";
import { errorOf } from "../../../support/error-of.ts";
import { batchOf, client, consume, someTopicId } from "../support.ts";
import { directoryIds, emptyDisk, offsetsIn, otherTopicId } from "./support.ts";

let { disk, clock, logger, configs, open } = emptyDisk();
beforeEach(() => {
  ({ disk, clock, logger, configs, open } = emptyDisk());
});

describe("a directory that fails", () => {
  test("leaves the others serving, is told once, and takes no new partition", async () => {
    const failures: string[] = [];
    const manager = open({ onDirectoryFailure: ({ path }) => failures.push(path) }, ["/one", "/two"]);
    const one = manager.getOrCreate("a", 0, someTopicId, { directoryId: directoryIds[0] });
    const two = manager.getOrCreate("a", 1, someTopicId, { directoryId: directoryIds[1] });
    one.append(batchOf(2), client);
    disk.failure = (operation, path) =>
      operation === "write" && path.startsWith("/one") ? "EIO" : undefined;
    expect(errorOf(() => one.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    expect(errorOf(() => one.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    expect(two.append(batchOf(1), client).firstOffset).toBe(0);
    expect(failures).toEqual(["/one"]);
    expect(logger.warnings.length).toBe(1);
    expect(errorOf(() => manager.getOrCreate("a", 2, someTopicId, { directoryId: directoryIds[0] }))).toBe(
      "KAFKA_STORAGE_ERROR",
    );
    expect(errorOf(() => manager.getOrCreate("a", 2, someTopicId))).toBe("KAFKA_STORAGE_ERROR");
    const isNew = true;
    expect(manager.getOrCreate("a", 3, someTopicId, { isNew }).directory).toBe("/two/a-3");
    const asked = { isNew, directoryId: directoryIds[0] };
    expect(manager.getOrCreate("a", 4, someTopicId, asked).directory).toBe("/two/a-4");
    expect(manager.describe().map(({ failure }) => failure === null)).toEqual([false, true]);
    disk.failure = () => undefined;
    await manager.shutdown();
    expect([disk.exists("/one/.kafka_cleanshutdown"), disk.exists("/two/.kafka_cleanshutdown")]).toEqual([
      false,
      true,
    ]);
  });

  test("of a partition alone, whose topic id is another's, doesn't keep retention from the others", async () => {
    configs.set("a", { retentionMs: 1000, cleanupPolicy: new Set(["delete"] as const) });
    const first = open();
    for (const partition of [0, 1]) first.getOrCreate("a", partition, someTopicId).append(batchOf(2), client);
    await first.shutdown();
    disk.writeFileAtomically("/one/a-0/partition.metadata", `version: 0\ntopic_id: ${otherTopicId}`);
    const manager = open();
    clock.advance(60_000);
    expect([await manager.applyRetention(), await manager.applyRetention()]).toEqual([1, 0]);
    expect(logger.warnings).toHaveLength(1);
    expect(logger.warnings[0]).toContain("Nothing in /one/a-0 is deleted, however old it is");
  });

  test("while logs are recovered leaves the others; when it was the only one the broker can't start", async () => {
    for (const paths of [["/one", "/two"], ["/one"]]) {
      ({ disk, clock, logger, configs, open } = emptyDisk());
      const first = open({}, paths);
      first.getOrCreate("a", 0, someTopicId, { directoryId: directoryIds[0] }).append(batchOf(2), client);
      const last = { directoryId: directoryIds[paths.length - 1] };
      first.getOrCreate("a", 1, someTopicId, last).append(batchOf(3), client);
      disk.crash("keep");
      disk.failure = (operation, path) =>
        operation === "read" && path === "/one/a-0/00000000000000000000.log" ? "EIO" : undefined;
      const manager = open({}, paths);
      if (paths.length === 1) expect(() => manager.recover()).toThrow("Log directory /one is offline: EIO");
      else manager.recover();
      expect(offsetsIn(manager, 1)).toEqual([0, 1, 2]);
    }
  });

  test("still gives what it holds, opened before or not, and forgets what is deleted", async () => {
    const first = open();
    for (const partition of [0, 1]) first.getOrCreate("a", partition, someTopicId).append(batchOf(2), client);
    await first.shutdown();
    const manager = open();
    disk.failure = (operation) => (operation === "write" ? "EIO" : undefined);
    expect(errorOf(() => manager.get("a", 0)?.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    expect([offsetsIn(manager, 0), offsetsIn(manager, 1)]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    manager.delete("a", [1]);
    expect(manager.get("a", 1)).toBeUndefined();
    expect(disk.exists("/one/a-1")).toBe(true);
  });

  test("to be read only where the disk is damaged says so once of each log, and is written to still", async () => {
    const first = open();
    for (const partition of [0, 1]) first.getOrCreate("a", partition, someTopicId).append(batchOf(2), client);
    await first.shutdown();
    const manager = open();
    const [a, b] = [manager.getOrCreate("a", 0, someTopicId), manager.getOrCreate("a", 1, someTopicId)];
    disk.failure = (operation, path) => (operation === "read" && path.includes("a-0/") ? "EIO" : undefined);
    for (let count = 0; count < 3; count++) expect(errorOf(() => consume(a))).toBe("KAFKA_STORAGE_ERROR");
    expect(consume(b)).toHaveLength(2);
    expect(logger.warnings).toHaveLength(1);
    expect(logger.warnings[0]).toContain("Log directory /one can't be read: EIO");
    expect(logger.warnings[0]).toContain("(reading a-0). Is the disk failing?");
    expect(b.append(batchOf(1), client).firstOffset).toBe(2);
  });

  test("is not one that has run out of descriptors for a while", () => {
    const manager = open();
    const log = manager.getOrCreate("a", 0, someTopicId);
    disk.failure = (operation) => (operation === "open" ? "EMFILE" : undefined);
    expect(errorOf(() => log.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    disk.failure = () => undefined;
    expect(log.append(batchOf(1), client).firstOffset).toBe(0);
    disk.failure = (operation) => (operation === "read" ? "EIO" : undefined);
    const { records } = log.read(0, 1000, { isolation: "log_end", minOneMessage: true });
    expect(errorOf(() => records?.copyInto(Buffer.alloc(1000), 0))).toBe("KAFKA_STORAGE_ERROR");
    disk.failure = () => undefined;
    expect(log.append(batchOf(1), client).firstOffset).toBe(1);
  });

  test("comes back after a restart with all that was acknowledged", async () => {
    const manager = open();
    const log = manager.getOrCreate("a", 0, someTopicId);
    log.append(batchOf(2), client);
    disk.failure = (operation) => (operation === "write" ? "ENOSPC" : undefined);
    expect(errorOf(() => log.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    await manager.shutdown();
    disk.failure = () => undefined;
    const again = open();
    again.recover();
    expect(offsetsIn(again)).toEqual([0, 1]);
    expect(again.get("a", 0)?.append(batchOf(1), client).firstOffset).toBe(2);
  });
});
