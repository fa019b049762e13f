/** The small text files of a log directory and of a partition. */
import { beforeEach, describe, expect, test } from "bun:test";
import { formatCheckpoint, parseCheckpoint } from "../../../src/log/checkpoint-file.ts";
import {
  CLEAN_SHUTDOWN_FILE,
  takeCleanShutdown,
  writeCleanShutdown,
} from "../../../src/log/clean-shutdown.ts";
import { LeaderEpochCache } from "../../../src/log/leader-epoch-cache.ts";
import { OffsetCheckpoint } from "../../../src/log/offset-checkpoint.ts";
import { partitionMetadata, readPartitionMetadata } from "../../../src/log/partition-metadata.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { someTopicId } from "./support.ts";

let disk: SimulatedDisk;
beforeEach(() => {
  disk = new SimulatedDisk();
  disk.makeDirectory("/d");
  disk.syncDirectory("/");
});

describe("a checkpoint file", () => {
  test("has a version, a count and a line an entry", () => {
    expect(formatCheckpoint(["a 0 1", "b 1 2"])).toBe("0\n2\na 0 1\nb 1 2\n");
    expect(formatCheckpoint([])).toBe("0\n0\n");
  });

  test("may be empty to the last byte", () => {
    expect(parseCheckpoint("", 3)).toEqual([]);
  });

  test("is refused with another version, another count, or fields that are none", () => {
    for (const text of [
      "1\n0\n",
      "0\n2\na 0 1\n",
      "0\n1\na 0\n",
      "0\n1\na 0 x\n",
      "0\n1\na b 1\n",
      "0",
      "rubbish",
    ]) {
      expect(() => parseCheckpoint(text, 3)).toThrow(SyntaxError);
    }
  });
});

describe("an offset checkpoint", () => {
  test("comes back after a crash as it was written", async () => {
    const offsets = [
      { topic: "a", partition: 0, offset: 5 },
      { topic: "b.c", partition: 11, offset: 9_007_199_254_740_991 },
    ];
    await new OffsetCheckpoint(disk, "/d/c").write(offsets);
    disk.crash("drop");
    expect([...new OffsetCheckpoint(disk, "/d/c").read()]).toEqual([
      ["a-0", 5],
      ["b.c-11", 9_007_199_254_740_991],
    ]);
  });

  test("is not written again with the same content", async () => {
    const checkpoint = new OffsetCheckpoint(disk, "/d/c");
    await checkpoint.write([{ topic: "a", partition: 0, offset: 5 }]);
    const before = disk.changes;
    await checkpoint.write([{ topic: "a", partition: 0, offset: 5 }]);
    expect(disk.changes).toBe(before);
  });

  test("is written in the order of the calls, even after one has failed", async () => {
    const checkpoint = new OffsetCheckpoint(disk, "/d/c");
    disk.failure = (operation) => (operation === "write" ? "EIO" : undefined);
    const first = checkpoint.write([{ topic: "a", partition: 0, offset: 1 }]);
    expect(await first.catch((error: Error) => error.message)).toContain("EIO");
    disk.failure = () => undefined;
    await Promise.all([2, 3, 4].map((offset) => checkpoint.write([{ topic: "a", partition: 0, offset }])));
    expect(disk.readFile("/d/c").toString()).toBe("0\n1\na 0 4\n");
  });

  test("that is missing holds nothing", () => {
    expect(new OffsetCheckpoint(disk, "/d/c").read().size).toBe(0);
  });
});

describe("the leader epochs", () => {
  let cache: LeaderEpochCache;
  beforeEach(() => {
    cache = new LeaderEpochCache(disk, "/d/e");
    cache.assign(0, 0);
    cache.assign(2, 100);
    cache.assign(5, 200);
  });

  test("keep where each epoch began first", () => {
    cache.assign(5, 300);
    expect(cache.entries.at(-1)).toEqual({ epoch: 5, startOffset: 200 });
    expect(cache.latest).toBe(5);
  });

  test("drop what a new entry contradicts", () => {
    cache.assign(6, 150);
    expect(cache.entries).toEqual([
      { epoch: 0, startOffset: 0 },
      { epoch: 2, startOffset: 100 },
      { epoch: 6, startOffset: 150 },
    ]);
    cache.assign(1, 400);
    expect(cache.entries).toEqual([
      { epoch: 0, startOffset: 0 },
      { epoch: 1, startOffset: 400 },
    ]);
  });

  test("ignore batches without an epoch", () => {
    cache.assign(-1, 500);
    expect(cache.latest).toBe(5);
  });

  test("answer how far a replica agrees", () => {
    expect(cache.endOffsetFor(5, 1000)).toEqual({ leaderEpoch: 5, endOffset: 1000 });
    expect(cache.endOffsetFor(4, 1000)).toEqual({ leaderEpoch: 2, endOffset: 200 });
    expect(cache.endOffsetFor(0, 1000)).toEqual({ leaderEpoch: 0, endOffset: 100 });
    expect(cache.endOffsetFor(6, 1000)).toEqual({ leaderEpoch: -1, endOffset: -1 });
    expect(cache.endOffsetFor(-1, 1000)).toEqual({ leaderEpoch: -1, endOffset: -1 });
  });

  test("answer for an epoch before the first with where the first began", () => {
    cache.truncateFromStart(150);
    expect(cache.entries[0]).toEqual({ epoch: 2, startOffset: 150 });
    expect(cache.endOffsetFor(1, 1000)).toEqual({ leaderEpoch: 1, endOffset: 150 });
  });

  test("forget what began beyond the end", () => {
    cache.truncateFromEnd(200);
    expect(cache.latest).toBe(2);
    cache.truncateFromEnd(0);
    expect(cache.entries).toEqual([]);
  });

  test("come back from their file, which is written only when it changes", async () => {
    await cache.flush();
    expect(disk.readFile("/d/e").toString()).toBe("0\n3\n0 0\n2 100\n5 200\n");
    const before = disk.changes;
    await cache.flush();
    expect(disk.changes).toBe(before);
    disk.syncDirectory("/d");
    disk.crash("drop");
    const again = new LeaderEpochCache(disk, "/d/e");
    expect(again.load()).toBe(true);
    expect(again.entries).toEqual(cache.entries);
  });

  test("are unknown when the file is missing or rubbish", () => {
    expect(new LeaderEpochCache(disk, "/d/none").load()).toBe(false);
    disk.writeFile("/d/e", "0\n7\n");
    const damaged = new LeaderEpochCache(disk, "/d/e");
    expect(damaged.load()).toBe(false);
    expect(damaged.entries).toEqual([]);
  });
});

describe("partition.metadata", () => {
  test("is forty-three bytes without a line break at its end", () => {
    expect(partitionMetadata(someTopicId)).toBe("version: 0\ntopic_id: 4mxVWLqCQE6u0DOmwz12ow");
  });

  test("is read with padding and in standard base64 too", () => {
    for (const [text, id] of [
      ["version: 0\ntopic_id: 4mxVWLqCQE6u0DOmwz12ow", "4mxVWLqCQE6u0DOmwz12ow"],
      ["version: 0\ntopic_id: AAAAAAAAQACAAAAAAAAAMA==\n", "AAAAAAAAQACAAAAAAAAAMA"],
      ["version: 0\ntopic_id: ++++AAAAQACAAAAAAAAA/w==", "----AAAAQACAAAAAAAAA_w"],
    ] as const) {
      disk.writeFile("/d/m", text);
      expect(readPartitionMetadata(disk, "/d/m")).toBe(id as never);
    }
  });

  test("that is missing, empty or rubbish says nothing", () => {
    expect(readPartitionMetadata(disk, "/d/m")).toBeUndefined();
    for (const text of ["", "version: 0\n", "version: 0\ntopic_id: x"]) {
      disk.writeFile("/d/m", text);
      expect(readPartitionMetadata(disk, "/d/m")).toBeUndefined();
    }
  });
});

describe("the sign of a clean shutdown", () => {
  test("is taken away by looking at it", async () => {
    await writeCleanShutdown(disk, "/d", 23);
    expect(disk.readFile(`/d/${CLEAN_SHUTDOWN_FILE}`).toString()).toBe('{"version":0,"brokerEpoch":23}');
    expect(takeCleanShutdown(disk, "/d")).toBe(true);
    expect(takeCleanShutdown(disk, "/d")).toBe(false);
  });
});
