/** The life of a partition as the log manager sees it: from beginning its directory to removing it. */
import { beforeEach, describe, expect, spyOn, test } from "bun:test";
import { batchOf, client, settled, someTopicId } from "../support.ts";
import { directoryIds, emptyDisk, otherTopicId } from "./support.ts";

let { disk, clock, open, read } = emptyDisk();
beforeEach(() => {
  ({ disk, clock, open, read } = emptyDisk());
});

describe("a partition", () => {
  test("is begun with a directory that says whose it is, in the log directory with the fewest, or the one asked for", () => {
    const manager = open({}, ["/one", "/two"]);
    manager.getOrCreate("a", 0, someTopicId);
    manager.getOrCreate("a", 1, someTopicId);
    manager.getOrCreate("a", 2, someTopicId, { directoryId: directoryIds[1] });
    expect(disk.files().filter((path) => path.endsWith("partition.metadata"))).toEqual([
      "/one/a-0/partition.metadata",
      "/two/a-1/partition.metadata",
      "/two/a-2/partition.metadata",
    ]);
    expect(read("/two/a-1/partition.metadata")).toBe(`version: 0\ntopic_id: ${someTopicId}`);
  });

  test("shares the file that says whose it is with the others of its topic, where the disk lets files have several names", () => {
    const manager = open();
    const linked = spyOn(disk, "link");
    manager.getOrCreate("a", 0, someTopicId);
    manager.getOrCreate("a", 1, someTopicId);
    manager.getOrCreate("b", 0, otherTopicId);
    expect(linked.mock.calls).toEqual([["/one/a-0/partition.metadata", "/one/a-1/partition.metadata"]]);
    disk.failure = (operation) => (operation === "link" ? "EMLINK" : undefined);
    manager.getOrCreate("b", 1, otherTopicId);
    expect(["a-1", "b-0", "b-1"].map((name) => read(`/one/${name}/partition.metadata`).slice(-22))).toEqual([
      someTopicId,
      otherTopicId,
      otherTopicId,
    ]);
  });

  test("is the same log whenever it is asked for", () => {
    const manager = open();
    const log = manager.getOrCreate("a", 0, someTopicId);
    expect(manager.getOrCreate("a", 0, someTopicId)).toBe(log);
    expect(manager.get("a", 0)).toBe(log);
    expect(manager.get("a", 1)).toBeUndefined();
  });

  test("says on the device whose it is soon after it has begun, and shares the flush of the log directory with others", async () => {
    const manager = open();
    const flushed = spyOn(disk, "flushDirectory");
    manager.getOrCreate("a", 0, someTopicId).append(batchOf(1), client);
    manager.getOrCreate("a", 1, someTopicId);
    await settled();
    expect(flushed).not.toHaveBeenCalled();
    clock.advance(100);
    await settled();
    expect(flushed.mock.calls.map(([path]) => path).sort()).toEqual(["/one", "/one/a-0", "/one/a-1"]);
    disk.crash("drop");
    expect(read("/one/a-0/partition.metadata")).toContain(someTopicId);
    expect(read("/one/a-1/partition.metadata")).toContain(someTopicId);
  });

  test("that is deleted before it says so on the device does not come back with its old name", () => {
    const manager = open();
    manager.getOrCreate("a", 0, someTopicId);
    for (const path of ["/", "/one"]) disk.syncDirectory(path);
    manager.delete("a", [0]);
    disk.crash("drop");
    expect(disk.list("/one").map(({ name }) => name)).not.toContain("a-0");
  });

  test("whose directory belongs to another topic id is begun anew, and the other is put aside", () => {
    const first = open();
    first.getOrCreate("a", 0, otherTopicId).append(batchOf(1), client);
    const log = first.getOrCreate("a", 0, someTopicId);
    expect(log.logEndOffset).toBe(0);
    const [stray] = disk.list("/one").filter(({ name }) => name.endsWith("-stray"));
    expect(stray?.name).toMatch(/^a-0\.[0-9a-f]{32}-stray$/);
    expect(
      disk.files().some((path) => path.startsWith(`/one/${stray?.name}/`) && path.endsWith(".log")),
    ).toBe(true);
  });

  test("whose directory has lost partition.metadata keeps its records, unless it was just created", async () => {
    const first = open();
    first.getOrCreate("a", 0, someTopicId).append(batchOf(3), client);
    await first.shutdown();
    disk.remove("/one/a-0/partition.metadata");
    const second = open();
    expect(second.getOrCreate("a", 0, someTopicId).logEndOffset).toBe(3);
    expect(read("/one/a-0/partition.metadata")).toContain(someTopicId);
    await second.shutdown();
    disk.remove("/one/a-0/partition.metadata");
    expect(open().getOrCreate("a", 0, someTopicId, { isNew: true }).logEndOffset).toBe(0);
  });

  test("that lies in two log directories stops the broker", () => {
    disk.makeDirectory("/one/a-0");
    disk.makeDirectory("/two/a-0");
    expect(() => open({}, ["/one", "/two"])).toThrow("/one/a-0 and /two/a-0");
  });

  test("of a topic nobody knows is reported and left alone", () => {
    disk.makeDirectory("/one/gone-0");
    const manager = open();
    expect(manager.reportStrays()).toMatchObject([{ topic: "gone", partition: 0 }]);
    expect(disk.exists("/one/gone-0")).toBe(true);
  });
});

describe("deleting a partition", () => {
  test("renames its directory at once, wakes who waits, and removes it a while later", async () => {
    const manager = open();
    const log = manager.getOrCreate("a", 0, someTopicId);
    log.append(batchOf(1), client);
    let woken = 0;
    log.onAppend(() => woken++);
    manager.delete("a", [0]);
    expect(woken).toBe(1);
    expect(manager.get("a", 0)).toBeUndefined();
    const [deleted] = disk.list("/one").filter(({ name }) => name.endsWith("-delete"));
    expect(deleted?.name).toMatch(/^a-0\.[0-9a-f]{32}-delete$/);
    clock.advance(60_000);
    await settled();
    expect(disk.list("/one").some(({ name }) => name.endsWith("-delete"))).toBe(false);
  });

  test("lets one of the same name begin at once", () => {
    const manager = open();
    manager.getOrCreate("a", 0, someTopicId).append(batchOf(5), client);
    manager.delete("a", [0]);
    expect(manager.getOrCreate("a", 0, otherTopicId).append(batchOf(1), client).firstOffset).toBe(0);
  });

  test("of one that nobody had opened works too", async () => {
    const first = open();
    first.getOrCreate("a", 0, someTopicId).append(batchOf(1), client);
    await first.shutdown();
    const second = open();
    second.delete("a", [0]);
    expect([...second.partitions()]).toEqual([]);
  });

  test("is finished at the next start if the broker stopped before", async () => {
    const first = open();
    first.getOrCreate("a", 0, someTopicId);
    first.delete("a", [0]);
    await first.shutdown();
    open();
    clock.advance(1);
    await settled();
    expect(disk.list("/one").some(({ name }) => name.endsWith("-delete"))).toBe(false);
  });
});
