import { beforeEach, describe, expect, test } from "bun:test";
import type { DiskFile } from "../../../src/disk/disk.ts";
import { LazyFile, OpenFiles } from "../../../src/log/open-files.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";

let disk: SimulatedDisk;
beforeEach(() => {
  disk = new SimulatedDisk();
  disk.makeDirectory("/d");
});

test("no more files than the limit stay open, and the ones in use are kept", () => {
  const files = new OpenFiles(disk, 3);
  const all = Array.from({ length: 6 }, (_, index) => new LazyFile(files, `/d/${index}`));
  let opened = 0;
  disk.failure = (operation) => {
    if (operation === "open") opened++;
    return undefined;
  };
  for (const [index, file] of all.entries()) {
    file.write(Buffer.from([index]), 0, 1, 0);
    all[0]?.read(Buffer.alloc(1), 0, 1, 0);
    expect(files.count).toBeLessThanOrEqual(3);
  }
  const before = opened;
  all[0]?.read(Buffer.alloc(1), 0, 1, 0);
  expect(opened).toBe(before);
});

test("a file that was closed is there again when it is used", () => {
  const files = new OpenFiles(disk, 10);
  const file = new LazyFile(files, "/d/f");
  file.write(Buffer.from("abc"), 0, 3, 0);
  file.close();
  expect(files.count).toBe(0);
  const target = Buffer.alloc(3);
  file.read(target, 0, 3, 0);
  expect(target.toString()).toBe("abc");
});

test("reading does not make a file, and a missing one has no size", () => {
  const file = new LazyFile(new OpenFiles(disk, 10), "/d/f");
  expect(file.sizeOrMissing()).toBe(-1);
  expect(() => file.read(Buffer.alloc(1), 0, 1, 0)).toThrow("ENOENT");
  expect(disk.files()).toEqual([]);
});

test("a file goes by its new name after it was moved, whether there was one or not", () => {
  const files = new OpenFiles(disk, 10);
  const file = new LazyFile(files, "/d/f");
  file.write(Buffer.from("x"), 0, 1, 0);
  file.moveTo("/d/g");
  file.write(Buffer.from("y"), 0, 1, 1);
  expect(disk.readFile("/d/g").toString()).toBe("xy");
  const missing = new LazyFile(files, "/d/h");
  missing.moveTo("/d/i");
  expect(missing.path).toBe("/d/i");
});

describe("a file that is closed while it is being flushed", () => {
  /** A disk whose flushes end when they are told to, and that says when descriptors are closed. */
  function slowDisk() {
    const events: string[] = [];
    let finish = () => {};
    const open = disk.open.bind(disk);
    disk.open = (path, mode) => {
      const file = open(path, mode);
      const slow: DiskFile = {
        path,
        read: file.read.bind(file),
        readInBackground: file.readInBackground.bind(file),
        write: file.write.bind(file),
        writeInBackground: file.writeInBackground.bind(file),
        size: file.size.bind(file),
        truncate: file.truncate.bind(file),
        sync: file.sync.bind(file),
        flush: () =>
          new Promise((resolve) => {
            finish = () => {
              events.push("flushed");
              resolve();
            };
          }),
        close: () => void events.push("closed"),
      };
      return slow;
    };
    return { events, finish: () => finish() };
  }

  test("keeps its descriptor until the flush is done", async () => {
    const { events, finish } = slowDisk();
    const file = new LazyFile(new OpenFiles(disk, 10), "/d/f");
    file.write(Buffer.from("x"), 0, 1, 0);
    const flushed = file.flush();
    file.close();
    expect(events).toEqual([]);
    finish();
    await flushed;
    expect(events).toEqual(["flushed", "closed"]);
  });

  test("closes the descriptor it had when it is opened anew meanwhile", async () => {
    const { events, finish } = slowDisk();
    const file = new LazyFile(new OpenFiles(disk, 10), "/d/f");
    file.write(Buffer.from("x"), 0, 1, 0);
    const flushed = file.flush();
    file.close();
    const written = file.writeInBackground(Buffer.from("y"), 0, 1, 0);
    finish();
    await Promise.all([flushed, written]);
    expect(events).toEqual(["flushed", "closed"]);
  });

  test("is not chosen when there are too many open", () => {
    slowDisk();
    const files = new OpenFiles(disk, 1);
    const first = new LazyFile(files, "/d/f");
    first.write(Buffer.from("x"), 0, 1, 0);
    first.mayBeClosed();
    void first.flush();
    first.mayBeClosed();
    expect(first.mayBeClosed()).toBe(false);
  });
});
