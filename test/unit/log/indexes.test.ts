/** The three kinds of index, and the file of entries under them. */
import { beforeEach, describe, expect, test } from "bun:test";
import { EntryFile } from "../../../src/log/entry-file.ts";
import { OffsetIndex } from "../../../src/log/offset-index.ts";
import { LazyFile, OpenFiles } from "../../../src/log/open-files.ts";
import { TimeIndex } from "../../../src/log/time-index.ts";
import { TransactionIndex } from "../../../src/log/transaction-index.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";

let disk: SimulatedDisk;
let files: OpenFiles;
const path = "/d/00000000000000000100.index";
beforeEach(() => {
  disk = new SimulatedDisk();
  disk.makeDirectory("/d");
  files = new OpenFiles(disk, 10);
});

const file = () => new LazyFile(files, path);

describe("a file of entries", () => {
  function fill(entries: EntryFile, from: number, to: number): void {
    for (let value = from; value < to; value++) {
      const at = entries.append();
      entries.view.writeInt32BE(value, at);
    }
  }
  function read(entries: EntryFile): number[] {
    return Array.from({ length: entries.count }, (_, index) => {
      const at = entries.find(index);
      return entries.view.readInt32BE(at);
    });
  }

  test("holds what was appended, on disk or still in memory, over many pages", () => {
    const entries = new EntryFile(file(), 4);
    fill(entries, 0, 5000);
    expect(read(entries)).toEqual(Array.from({ length: 5000 }, (_, value) => value));
    expect(disk.sizeOf(path)).toBe(4 * 512 * 9);
  });

  test("has nothing on disk until it is persisted or flushed", async () => {
    const entries = new EntryFile(file(), 4);
    fill(entries, 0, 3);
    expect(disk.exists(path)).toBe(false);
    entries.persist();
    expect(disk.sizeOf(path)).toBe(12);
    fill(entries, 3, 4);
    await entries.flush();
    disk.syncDirectory("/d");
    disk.crash("drop");
    expect(read(new EntryFile(file(), 4))).toEqual([0, 1, 2, 3]);
  });

  test("makes an empty file when it is flushed without entries", async () => {
    await new EntryFile(file(), 4).flush();
    expect(disk.sizeOf(path)).toBe(0);
  });

  test("is cut within what is on disk and within what is in memory", () => {
    const entries = new EntryFile(file(), 4);
    fill(entries, 0, 10);
    entries.persist();
    fill(entries, 10, 20);
    entries.truncate(15);
    expect(read(entries)).toEqual(Array.from({ length: 15 }, (_, value) => value));
    entries.truncate(5);
    fill(entries, 100, 101);
    entries.persist();
    expect(read(new EntryFile(file(), 4))).toEqual([0, 1, 2, 3, 4, 100]);
  });

  test("passes over a last entry that is not whole", () => {
    disk.writeFile(path, Buffer.from([0, 0, 0, 7, 0, 0]));
    const entries = new EntryFile(file(), 4);
    expect(entries.isRagged).toBe(true);
    expect(read(entries)).toEqual([7]);
    fill(entries, 8, 9);
    entries.persist();
    expect(read(new EntryFile(file(), 4))).toEqual([7, 8]);
  });

  test("does not show entries of a page that was read before they were replaced", () => {
    const entries = new EntryFile(file(), 4);
    fill(entries, 0, 4);
    entries.persist();
    expect(read(entries)).toEqual([0, 1, 2, 3]);
    entries.truncate(2);
    fill(entries, 50, 52);
    entries.persist();
    expect(read(entries)).toEqual([0, 1, 50, 51]);
  });
});

describe("the offset index", () => {
  let index: OffsetIndex;
  beforeEach(() => {
    index = new OffsetIndex(file(), 100);
    for (const [offset, position] of [
      [109, 50],
      [119, 100],
      [129, 150],
    ] as const) {
      index.append(offset, position);
    }
  });

  test("finds the last entry that is not above an offset", () => {
    expect(index.lookup(108)).toEqual({ offset: 100, position: 0 });
    expect(index.lookup(109)).toEqual({ offset: 109, position: 50 });
    expect(index.lookup(128)).toEqual({ offset: 119, position: 100 });
    expect(index.lookup(1_000_000)).toEqual({ offset: 129, position: 150 });
  });

  test("finds the first offset at or behind a position", () => {
    expect(index.firstOffsetFrom(0)).toBe(109);
    expect(index.firstOffsetFrom(100)).toBe(119);
    expect(index.firstOffsetFrom(101)).toBe(129);
    expect(index.firstOffsetFrom(151)).toBe(-1);
  });

  test("writes four bytes of relative offset and four of position", () => {
    index.entries.persist();
    expect(disk.readFile(path).toString("hex")).toBe("000000090000003200000013000000640000001d00000096");
  });

  test("drops what lies at and above an offset", () => {
    index.truncateTo(119);
    expect(index.last).toEqual({ offset: 109, position: 50 });
    index.truncateTo(100);
    expect(index.last).toEqual({ offset: 100, position: 0 });
  });

  test("is full when another entry would exceed its bytes", () => {
    expect(index.isFull(24)).toBe(true);
    expect(index.isFull(31)).toBe(true);
    expect(index.isFull(32)).toBe(false);
  });
});

describe("the time index", () => {
  let index: TimeIndex;
  beforeEach(() => {
    index = new TimeIndex(file(), 100);
    index.maybeAppend(1000, 109);
    index.maybeAppend(3000, 129);
  });

  test("takes rising timestamps only", () => {
    index.maybeAppend(3000, 139);
    index.maybeAppend(2999, 149);
    expect(index.last).toEqual({ timestamp: 3000, offset: 129 });
  });

  test("finds the last entry that is not above a timestamp", () => {
    expect(index.lookup(999)).toEqual({ timestamp: -1, offset: 100 });
    expect(index.lookup(1000)).toEqual({ timestamp: 1000, offset: 109 });
    expect(index.lookup(Number.MAX_SAFE_INTEGER)).toEqual({ timestamp: 3000, offset: 129 });
  });

  test("writes eight bytes of timestamp and four of relative offset", () => {
    index.entries.persist();
    expect(disk.readFile(path).toString("hex")).toBe("00000000000003e8000000090000000000000bb80000001d");
  });

  test("drops what is about offsets at and above one", () => {
    index.truncateTo(129);
    expect(index.last).toEqual({ timestamp: 1000, offset: 109 });
  });

  test("keeps a place for the last entry", () => {
    expect(index.isFull(36)).toBe(true);
    expect(index.isFull(48)).toBe(false);
  });

  test("ignores records without a timestamp", () => {
    const empty = new TimeIndex(new LazyFile(files, "/d/other"), 100);
    empty.maybeAppend(-1, 100);
    expect(empty.entries.count).toBe(0);
  });
});

describe("the transaction index", () => {
  let index: TransactionIndex;
  beforeEach(() => {
    index = new TransactionIndex(file());
    index.append({ producerId: 5n, firstOffset: 101, lastOffset: 110, lastStableOffset: 105 });
    index.append({ producerId: 2n ** 62n, firstOffset: 105, lastOffset: 120, lastStableOffset: 121 });
  });

  test("has no file until it has an entry", async () => {
    const empty = new TransactionIndex(new LazyFile(files, "/d/empty"));
    await empty.flush();
    expect(disk.exists("/d/empty")).toBe(false);
  });

  test("writes thirty-four bytes an entry, and reads them back", async () => {
    await index.flush();
    expect(disk.readFile(path).subarray(0, 34).toString("hex")).toBe(
      "000000000000000000050000000000000065000000000000006e0000000000000069",
    );
    const again = new TransactionIndex(file());
    expect(again.count).toBe(2);
    expect(again.entry(1).producerId).toBe(2n ** 62n);
  });

  test("tells the transactions that touch a range, and whether later ones can", () => {
    const found: { producerId: bigint }[] = [];
    expect(index.collect(111, 200, found as never)).toBe(false);
    expect(found.map(({ producerId }) => producerId)).toEqual([2n ** 62n]);
    expect(index.collect(100, 105, [])).toBe(true);
  });

  test("drops transactions that end at or above an offset", () => {
    index.truncateTo(120);
    expect(index.count).toBe(1);
    index.truncateTo(0);
    expect(index.count).toBe(0);
  });

  test("is not believed when it speaks of another segment, or is cut short", () => {
    expect(index.isSane(100)).toBe(true);
    expect(index.isSane(115)).toBe(false);
    index.persist();
    disk.open(path, "readwrite").truncate(40);
    expect(new TransactionIndex(file()).isSane(100)).toBe(false);
  });
});
