/** Which log directories a broker starts with when some of them can't be used. */
import { beforeEach, expect, test } from "bun:test";
import { openDirectories } from "../../../src/broker/open-directories.ts";
import { loadServerConfig } from "../../../src/config/load.ts";
import { DirectoryInUseError } from "../../../src/log/directory-locks.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";

let disk: SimulatedDisk;
beforeEach(() => {
  disk = new SimulatedDisk();
});

function open(...overrides: string[]) {
  const { config } = loadServerConfig({ overrides: ["log.dirs=/one,/two,/three", ...overrides] });
  let state = 1;
  const random = (target: Uint8Array) => {
    for (let index = 0; index < target.length; index++) {
      state = (state * 48271) % 2147483647;
      target[index] = state;
    }
  };
  return openDirectories({ disk, config, random, now: 0 });
}

const failIn = (directory: string, operation = "") => {
  disk.failure = (failing, path) =>
    `${path}/`.startsWith(`${directory}/`) && failing.includes(operation) ? "EIO" : undefined;
};
const isLocked = (path: string) => !disk.tryLock(`${path}/.lock`).held;

test("all of them where all can be used", () => {
  const { directories, failures } = open();
  expect([...directories.directoryIds.keys()]).toEqual(["/one", "/two", "/three"]);
  expect(failures.size).toBe(0);
  expect(["/one", "/two", "/three"].map(isLocked)).toEqual([true, true, true]);
});

for (const operation of ["makeDirectory", "write", "sync"]) {
  test(`the others where one can't be made, formatted or flushed (${operation})`, () => {
    failIn("/two", operation);
    const { directories, failures } = open();
    expect([...directories.directoryIds.keys()]).toEqual(["/one", "/three"]);
    expect([...failures.keys()]).toEqual(["/two"]);
    expect(failures.get("/two")?.message).toContain("EIO");
  });
}

test("the others where what says whose one is can't be read", () => {
  const first = open();
  first.releaseLocks();
  failIn("/three", "read");
  const { directories, failures } = open();
  expect(directories.clusterId).toBe(first.directories.clusterId);
  expect([...failures.keys()]).toEqual(["/three"]);
});

test("none where the directory with the metadata can't be used, and none stays locked", () => {
  failIn("/one");
  expect(() => open()).toThrow("EIO");
  failIn("/two");
  expect(() => open("metadata.log.dir=/two")).toThrow("EIO");
  disk.failure = () => undefined;
  disk.makeDirectory("/one");
  expect(isLocked("/one")).toBe(false);
});

test("none where no log directory can be used", () => {
  disk.failure = (_, path) => (path.startsWith("/metadata") ? undefined : "EROFS");
  disk.makeDirectory("/metadata");
  expect(() => open("metadata.log.dir=/metadata")).toThrow("EROFS");
});

test("none where another broker has one of them", () => {
  disk.makeDirectory("/two");
  disk.tryLock("/two/.lock");
  expect(() => open()).toThrow(DirectoryInUseError);
  expect(isLocked("/one")).toBe(false);
});
