/** A log directory that can't be opened, was taken away or isn't the one it was: the others serve, and nothing begins anew. */
import { beforeEach, describe, expect, test } from "bun:test";
import { errorOf } from "../../../support/error-of.ts";
import { batchOf, client, someTopicId } from "../support.ts";
import { directoryIds, emptyDisk, offsetsIn, otherTopicId } from "./support.ts";

let { disk, clock, logger, configs, open } = emptyDisk();
beforeEach(() => {
  ({ disk, clock, logger, configs, open } = emptyDisk());
});

describe("a directory that can't be opened", () => {
  test("at the start leaves the others serving, and begins none of its partitions anew", async () => {
    const first = open({}, ["/one", "/two"]);
    first.getOrCreate("a", 0, someTopicId, { directoryId: directoryIds[0] }).append(batchOf(2), client);
    first.getOrCreate("a", 1, someTopicId, { directoryId: directoryIds[1] }).append(batchOf(3), client);
    await first.shutdown();
    disk.failure = (operation, path) => (operation === "list" && path === "/one" ? "EIO" : undefined);
    const manager = open({}, ["/one", "/two"]);
    manager.recover();
    expect(logger.warnings[0]).toContain(
      "Log directory /one is offline: EIO: list '/one' (opening /one). The partitions in it can't be used. Put it right and restart the broker.",
    );
    expect(offsetsIn(manager, 1)).toEqual([0, 1, 2]);
    expect(errorOf(() => manager.getOrCreate("a", 0, someTopicId))).toBe("KAFKA_STORAGE_ERROR");
    disk.failure = () => undefined;
    expect(await manager.shutdown()).toBe(false);
    expect(offsetsIn(open({}, ["/one", "/two"]), 0)).toEqual([0, 1]);
  });

  test("that was taken away is offline at the first touch: no log in it is begun anew, opened before or not", async () => {
    for (const isNew of [false, true]) {
      ({ disk, clock, logger, configs, open } = emptyDisk());
      const first = open({}, ["/one", "/two"]);
      first.getOrCreate("a", 0, someTopicId, { directoryId: directoryIds[0] }).append(batchOf(2), client);
      first.getOrCreate("a", 1, someTopicId, { directoryId: directoryIds[1] }).append(batchOf(3), client);
      await first.shutdown();
      const manager = open({}, ["/one", "/two"]);
      disk.rename("/one", "/away");
      const partition = isNew ? 2 : 0;
      const wanted = { isNew, directoryId: directoryIds[0] };
      const touch = () => manager.getOrCreate("a", partition, someTopicId, wanted);
      expect(errorOf(touch)).toBe("KAFKA_STORAGE_ERROR");
      expect(manager.describe()[0]?.failure).toContain("ENOENT");
      expect(errorOf(() => manager.getOrCreate("a", 0, someTopicId))).toBe("KAFKA_STORAGE_ERROR");
      expect(disk.exists("/one")).toBe(false);
      expect(offsetsIn(manager, 1)).toEqual([0, 1, 2]);
      expect(await manager.shutdown()).toBe(false);
      disk.rename("/away", "/one");
      expect(offsetsIn(open({}, ["/one", "/two"]), 0)).toEqual([0, 1]);
    }
  });

  test("that was taken away doesn't keep retention from the others", async () => {
    configs.set("a", { retentionMs: 1000, cleanupPolicy: new Set(["delete"] as const) });
    const first = open({}, ["/one", "/two"]);
    for (const [partition, directoryId] of directoryIds.entries())
      first.getOrCreate("a", partition, someTopicId, { directoryId }).append(batchOf(2), client);
    await first.shutdown();
    const manager = open({}, ["/one", "/two"]);
    disk.rename("/one", "/away");
    clock.advance(60_000);
    expect(await manager.applyRetention()).toBe(1);
    expect(manager.describe().map(({ failure }) => failure !== null)).toEqual([true, false]);
    expect(logger.warnings).toHaveLength(1);
    expect(logger.warnings[0]).toContain("Log directory /one is offline: ENOENT");
  });

  test("known to fail before the logs are looked at is not touched", () => {
    const failure = Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS" });
    const directories = [
      { path: "/one", directoryId: null, failure },
      { path: "/two", directoryId: null },
    ];
    const manager = open({ directories, releaseLocks: () => undefined });
    expect(disk.exists("/one")).toBe(false);
    expect(manager.describe()[0]?.failure).toContain("EROFS");
    expect(logger.warnings[0]).toContain("Make its file system writable and restart the broker.");
  });

  test("that is missing under the id a partition has is not taken for another's: nothing begins anew", async () => {
    const first = open({}, ["/one", "/two"]);
    first.getOrCreate("a", 0, someTopicId, { directoryId: directoryIds[0] }).append(batchOf(2), client);
    first.getOrCreate("a", 1, someTopicId, { directoryId: directoryIds[1] }).append(batchOf(3), client);
    await first.shutdown();
    const directoryIdOf = (_: string, partition: number) => directoryIds[partition % 2];
    // What was mounted at /two isn't any more, and an empty folder has got an id of its own.
    const directories = [
      { path: "/one", directoryId: directoryIds[0] ?? null },
      { path: "/three", directoryId: otherTopicId },
    ];
    const manager = open({ directories, directoryIdOf });
    expect(manager.getOrCreate("a", 0, someTopicId).logEndOffset).toBe(2);
    for (const partition of [1, 3]) {
      expect(errorOf(() => manager.getOrCreate("a", partition, someTopicId))).toBe("KAFKA_STORAGE_ERROR");
    }
    expect(logger.warnings).toHaveLength(1);
    expect(logger.warnings[0]).toContain(
      `a-1 lies in the log directory with directory.id=${directoryIds[1]}`,
    );
    expect(manager.getOrCreate("a", 2, someTopicId).logEndOffset).toBe(0);
    await manager.shutdown();
    logger.lines.length = 0;
    // The same folders, one of them under a new id: what is found there tells that it is the one.
    const renamed = open({
      directories: [
        { path: "/one", directoryId: directoryIds[0] ?? null },
        { path: "/two", directoryId: someTopicId },
      ],
      directoryIdOf,
    });
    expect(renamed.getOrCreate("a", 1, someTopicId).logEndOffset).toBe(3);
    expect(renamed.getOrCreate("a", 3, someTopicId).logEndOffset).toBe(0);
    expect(logger.warnings).toEqual([]);
  });
});
