/** The test double itself: it must forget what a machine would forget, or the crash tests prove nothing. */
import { describe, expect, test } from "bun:test";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";

function diskWith(content: string, flushed: boolean): SimulatedDisk {
  const disk = new SimulatedDisk();
  disk.makeDirectory("/d");
  const file = disk.open("/d/f", "create");
  disk.syncDirectory("/");
  disk.syncDirectory("/d");
  file.write(Buffer.from(content), 0, content.length, 0);
  if (flushed) file.sync();
  return disk;
}

describe("a crash", () => {
  test("takes what was not flushed", () => {
    const disk = diskWith("abc", false);
    disk.crash("drop");
    expect(disk.readFile("/d/f").toString()).toBe("");
  });

  test("leaves what was flushed", () => {
    const disk = diskWith("abc", true);
    disk.crash("drop");
    expect(disk.readFile("/d/f").toString()).toBe("abc");
  });

  test("may leave everything, as when only the process dies", () => {
    const disk = diskWith("abc", false);
    disk.crash("keep");
    expect(disk.readFile("/d/f").toString()).toBe("abc");
  });

  test("takes files whose directory was not synced", () => {
    const disk = diskWith("abc", true);
    disk.writeFile("/d/g", "x");
    disk.crash("drop");
    expect(disk.files()).toEqual(["/d/f"]);
  });

  test("takes what was flushed into a directory whose own name was not, and leaves none of it for the next of that name", () => {
    const disk = diskWith("abc", true);
    disk.makeDirectory("/d/sub");
    disk.writeFile("/d/sub/g", "x");
    disk.syncDirectory("/d/sub");
    disk.crash("drop");
    disk.makeDirectory("/d/sub");
    expect(disk.files()).toEqual(["/d/f"]);
  });

  test("undoes a rename that was not synced", () => {
    const disk = diskWith("abc", true);
    disk.rename("/d/f", "/d/g");
    expect(disk.files()).toEqual(["/d/g"]);
    disk.crash("drop");
    expect(disk.files()).toEqual(["/d/f"]);
  });

  test("leaves an atomically replaced file as it was before or after", () => {
    const disk = diskWith("abc", true);
    disk.writeFileAtomically("/d/f", "def");
    disk.crash("drop");
    expect(disk.readFile("/d/f").toString()).toBe("def");
  });

  test("makes open files useless", () => {
    const disk = diskWith("abc", true);
    const file = disk.open("/d/f", "readwrite");
    disk.crash("keep");
    expect(() => file.write(Buffer.from("x"), 0, 1, 0)).toThrow("EBADF");
  });

  test("tears writes in ways that follow from the seed", () => {
    const torn = (seed: number) => {
      const disk = new SimulatedDisk(seed);
      disk.makeDirectory("/d");
      const file = disk.open("/d/f", "create");
      disk.syncDirectory("/");
      disk.syncDirectory("/d");
      for (let position = 0; position < 50; position += 10) file.write(Buffer.alloc(10, 1), 0, 10, position);
      disk.crash("tear");
      return disk.readFile("/d/f").toString("hex");
    };
    expect(torn(7)).toBe(torn(7));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => torn(seed + 1))).size).toBeGreaterThan(5);
  });
});

test("errors can be injected by operation and path", () => {
  const disk = diskWith("abc", true);
  disk.failure = (operation, path) => (operation === "write" && path === "/d/f" ? "ENOSPC" : undefined);
  expect(() => disk.open("/d/f", "readwrite").write(Buffer.from("x"), 0, 1, 0)).toThrow("ENOSPC");
  expect(disk.readFile("/d/f").toString()).toBe("abc");
});

test("the power can go after any number of changes", () => {
  const disk = diskWith("abc", true);
  disk.powerOffAfter = disk.changes + 1;
  const file = disk.open("/d/f", "readwrite");
  file.write(Buffer.from("d"), 0, 1, 3);
  expect(() => file.write(Buffer.from("e"), 0, 1, 4)).toThrow("EIO");
  expect(() => disk.readFile("/d/f")).toThrow("EIO");
  disk.crash("keep");
  expect(disk.readFile("/d/f").toString()).toBe("abcd");
});
