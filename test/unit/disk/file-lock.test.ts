import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockHolder, lockWith, tryLockFile } from "../../../src/disk/file-lock.ts";
import { systemRecordLocks } from "../../../src/disk/record-lock.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "houska-lock-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const withRecordLocks = test.skipIf(systemRecordLocks() === null);
const module = join(import.meta.dir, "../../../src/disk/file-lock.ts");

/** Another process that locks the file, says how that went, and waits to be ended. */
async function otherProcess(path: string) {
  const script = `import { tryLockFile } from ${JSON.stringify(module)};
    const outcome = tryLockFile(${JSON.stringify(path)});
    console.log(outcome.held ? "held" : outcome.holderPid);
    process.stdin.resume();`;
  const child = Bun.spawn([process.execPath, "-e", script], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  return { child, said: new TextDecoder().decode(value).trim() };
}

withRecordLocks("a second process is refused and told who holds the lock", async () => {
  const lock = tryLockFile(`${directory}/.lock`);
  const other = await otherProcess(`${directory}/.lock`);
  expect(other.said).toBe(String(process.pid));
  other.child.kill();
  await other.child.exited;
  if (lock.held) lock.release();
});

withRecordLocks("a lock is free as soon as its holder was killed, and the file stays empty", async () => {
  const other = await otherProcess(`${directory}/.lock`);
  expect(other.said).toBe("held");
  expect(tryLockFile(`${directory}/.lock`)).toEqual({ held: false, holderPid: other.child.pid });
  other.child.kill("SIGKILL");
  await other.child.exited;
  const lock = tryLockFile(`${directory}/.lock`);
  expect(lock.held).toBe(true);
  expect(statSync(`${directory}/.lock`).size).toBe(0);
  if (lock.held) lock.release();
});

withRecordLocks("who holds a lock can be asked without taking it or making the file", async () => {
  expect(lockHolder(`${directory}/.lock`)).toBeNull();
  expect(existsSync(`${directory}/.lock`)).toBe(false);
  const other = await otherProcess(`${directory}/.lock`);
  expect(lockHolder(`${directory}/.lock`)).toBe(other.child.pid);
  other.child.kill("SIGKILL");
  await other.child.exited;
  expect(lockHolder(`${directory}/.lock`)).toBeNull();
  const lock = tryLockFile(`${directory}/.lock`);
  expect(lockHolder(`${directory}/.lock`)).toBe(process.pid);
  if (lock.held) lock.release();
});

test("a process is refused its own lock, until it lets go of it", () => {
  const lock = tryLockFile(`${directory}/.lock`);
  expect(tryLockFile(`${directory}/.lock`)).toEqual({ held: false, holderPid: process.pid });
  if (lock.held) lock.release();
  const again = tryLockFile(`${directory}/.lock`);
  expect(again.held).toBe(true);
  if (again.held) again.release();
});

test("where there are no record locks, a process id in a file keeps others out while that process lives", async () => {
  const sleeper = Bun.spawn([process.execPath, "-e", "process.stdin.resume()"], { stdin: "pipe" });
  writeFileSync(`${directory}/.lock.pid`, `${sleeper.pid}\n`);
  expect(lockWith(`${directory}/.lock`, null)).toEqual({ held: false, holderPid: sleeper.pid });
  sleeper.kill("SIGKILL");
  await sleeper.exited;
  const lock = lockWith(`${directory}/.lock`, null);
  expect(lock.held).toBe(true);
  if (lock.held) lock.release();
  expect(existsSync(`${directory}/.lock.pid`)).toBe(false);
});

test("rubbish in the process id's file keeps nobody out", () => {
  writeFileSync(`${directory}/.lock.pid`, "rubbish");
  const lock = lockWith(`${directory}/.lock`, null);
  expect(lock.held).toBe(true);
  if (lock.held) lock.release();
});
