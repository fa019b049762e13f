import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDiskError, isMissing } from "../../../src/disk/disk.ts";
import { realDisk } from "../../../src/disk/real-disk.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "houska-disk-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("a file", () => {
  test("is written at a position and read back from it", () => {
    const file = realDisk.open(`${directory}/f`, "create");
    file.write(Buffer.from("xhoskay"), 1, 5, 3);
    const target = Buffer.alloc(8);
    expect(file.read(target, 1, 5, 3)).toBe(5);
    expect(target.toString("latin1")).toBe("\0hoska\0\0");
    expect(file.size()).toBe(8);
    file.close();
  });

  test("is written and read in the background as well", async () => {
    const file = realDisk.open(`${directory}/f`, "create");
    await file.writeInBackground(Buffer.from("xhoskay"), 1, 5, 3);
    const target = Buffer.alloc(8);
    expect(await file.readInBackground(target, 1, 7, 3)).toBe(5);
    expect(target.toString("latin1")).toBe("\0hoska\0\0");
    file.close();
    const readOnly = realDisk.open(`${directory}/f`, "read");
    expect(readOnly.writeInBackground(Buffer.from("x"), 0, 1, 0)).rejects.toThrow("EBADF");
    readOnly.close();
  });

  test("can be said to have been written last at another time", () => {
    realDisk.writeFile(`${directory}/f`, "abc");
    realDisk.setModifiedAt(`${directory}/f`, 1_600_000_000_000);
    expect(realDisk.modifiedAt(`${directory}/f`)).toBe(1_600_000_000_000);
  });

  test("gives fewer bytes than asked for at its end only", () => {
    realDisk.writeFile(`${directory}/f`, "abc");
    const file = realDisk.open(`${directory}/f`, "read");
    expect(file.read(Buffer.alloc(10), 0, 10, 1)).toBe(2);
    expect(file.read(Buffer.alloc(10), 0, 10, 3)).toBe(0);
    file.close();
  });

  test("is made by opening it to create, and by no other way of opening", () => {
    expect(isMissing(errorOf(() => realDisk.open(`${directory}/f`, "read")))).toBe(true);
    expect(isMissing(errorOf(() => realDisk.open(`${directory}/f`, "readwrite")))).toBe(true);
    realDisk.open(`${directory}/f`, "create").close();
    expect(realDisk.sizeOf(`${directory}/f`)).toBe(0);
  });

  test("keeps what it held when it is opened to create again", () => {
    realDisk.writeFile(`${directory}/f`, "abc");
    realDisk.open(`${directory}/f`, "create").close();
    expect(realDisk.readFile(`${directory}/f`).toString()).toBe("abc");
  });

  test("is cut, flushed and synced", async () => {
    const file = realDisk.open(`${directory}/f`, "create");
    file.write(Buffer.from("abcdef"), 0, 6, 0);
    file.truncate(2);
    file.sync();
    await file.flush();
    expect(file.size()).toBe(2);
    file.close();
  });

  test("rejects a flush after it was closed", async () => {
    const file = realDisk.open(`${directory}/f`, "create");
    file.close();
    expect(isDiskError(await file.flush().catch((error: unknown) => error))).toBe(true);
  });
});

describe("replacing a file", () => {
  test("leaves no temporary file behind", () => {
    realDisk.writeFileAtomically(`${directory}/f`, "one");
    realDisk.writeFileAtomically(`${directory}/f`, "two");
    expect(realDisk.readFile(`${directory}/f`).toString()).toBe("two");
    expect(readdirSync(directory)).toEqual(["f"]);
  });

  test("works without holding up the caller", async () => {
    await realDisk.replaceFile(`${directory}/f`, Buffer.from("three"));
    expect(realDisk.readFile(`${directory}/f`).toString()).toBe("three");
    expect(readdirSync(directory)).toEqual(["f"]);
  });

  test("in a directory that isn't there is an error", async () => {
    expect(isMissing(errorOf(() => realDisk.writeFileAtomically(`${directory}/no/f`, "")))).toBe(true);
    expect(
      isMissing(await realDisk.replaceFile(`${directory}/no/f`, "").catch((error: unknown) => error)),
    ).toBe(true);
  });
});

describe("a directory", () => {
  test("lists files and directories", () => {
    realDisk.makeDirectory(`${directory}/a/b`);
    realDisk.writeFile(`${directory}/c`, "");
    const entries = realDisk.list(directory).sort((a, b) => a.name.localeCompare(b.name));
    expect(entries).toEqual([
      { name: "a", kind: "directory" },
      { name: "c", kind: "file" },
    ]);
  });

  test("may be made twice and removed when it is gone", async () => {
    realDisk.makeDirectory(`${directory}/a`);
    realDisk.makeDirectory(`${directory}/a`);
    realDisk.writeFile(`${directory}/a/f`, "");
    realDisk.remove(`${directory}/a`);
    realDisk.remove(`${directory}/a`);
    await realDisk.removeInBackground(`${directory}/a`);
    expect(realDisk.exists(`${directory}/a`)).toBe(false);
  });

  test("can be synced", async () => {
    realDisk.syncDirectory(directory);
    await realDisk.flushDirectory(directory);
    expect(isMissing(errorOf(() => realDisk.syncDirectory(`${directory}/no`)))).toBe(true);
  });

  test("tells the space of its file system", () => {
    const { freeBytes, totalBytes } = realDisk.space(directory);
    expect(freeBytes).toBeGreaterThan(0);
    expect(totalBytes).toBeGreaterThanOrEqual(freeBytes);
  });
});

test("a programming error is no disk error", () => {
  expect(isDiskError(new RangeError("x"))).toBe(false);
  expect(isDiskError(Object.assign(new Error("x"), { code: "ERR_INVALID_ARG_TYPE" }))).toBe(false);
  expect(isDiskError("ENOENT")).toBe(false);
});
