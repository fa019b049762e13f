/** The directories that logs lie in: making, locking, describing them. */
import { beforeEach, describe, expect, test } from "bun:test";
import { DirectoryInUseError } from "../../../../src/log/directory-locks.ts";
import { batchOf, client, someTopicId } from "../support.ts";
import { directoryIds, emptyDisk } from "./support.ts";

let { disk, logger, open } = emptyDisk();
beforeEach(() => {
  ({ disk, logger, open } = emptyDisk());
});

describe("a log directory", () => {
  test("is made, locked, and refused to a second broker by name of the first", async () => {
    const first = open();
    expect(() => open()).toThrow(DirectoryInUseError);
    expect(() => open()).toThrow("Log directory /one is in use by process 4711");
    await first.shutdown();
    await open().shutdown();
  });

  test("is locked as a whole or not at all", async () => {
    disk.makeDirectory("/two");
    disk.tryLock("/two/.lock");
    expect(() => open({}, ["/one", "/two"])).toThrow("/two");
    expect(disk.tryLock("/one/.lock").held).toBe(true);
  });

  test("may hold what is not Kafka's, and the metadata log, without their being touched", () => {
    disk.makeDirectory("/one/lost+found");
    disk.makeDirectory("/one/__cluster_metadata-0");
    disk.makeDirectory("/one/a-0.0123456789abcdef0123456789abcdef-stray");
    const manager = open();
    expect([...manager.partitions()]).toEqual([]);
    expect(logger.warnings.length).toBe(1);
    expect(disk.list("/one").length).toBe(3);
  });
});

test("the description tells sizes, opened or not, and the room that is left", async () => {
  const first = open();
  const batch = batchOf(2);
  const { length } = batch;
  first.getOrCreate("a", 0, someTopicId).append(batch, client);
  const expected = [
    {
      path: "/one",
      directoryId: directoryIds[0] ?? null,
      failure: null,
      totalBytes: 2_000_000_000,
      usableBytes: 1_000_000_000,
      partitions: [{ topic: "a", partition: 0, sizeInBytes: length }],
    },
  ];
  expect(first.describe()).toEqual(expected);
  await first.shutdown();
  expect(open().describe()).toEqual(expected);
});
