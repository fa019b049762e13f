/**
 * The lock on a log directory's `.lock` file. Kafka takes a POSIX record lock there (Java's FileLock), so this does
 * too: the two keep each other out, the system names the holder, and a killed holder leaves nothing behind.
 *
 * Such a lock belongs to the process and goes when *any* descriptor of the file is closed: nothing else may open it.
 */
import * as fs from "node:fs";
import type { LockOutcome } from "./disk.ts";
import { type RecordLocks, systemRecordLocks } from "./record-lock.ts";

/** What this process holds: the system would let it lock a file twice. */
const held = new Set<string>();

/** Locks the file at `path`; says who holds it when it can't. Never waits. */
export function tryLockFile(path: string): LockOutcome {
  return lockWith(path, systemRecordLocks());
}

/** The same with given record locks, or with a process id in a file where there are none (null). */
export function lockWith(path: string, locks: RecordLocks | null): LockOutcome {
  if (held.has(path)) return { held: false, holderPid: process.pid };
  const descriptor = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o644);
  const holderPid = locks ? recordLock(locks, descriptor) : lockByProcessId(path);
  if (holderPid !== null) {
    fs.closeSync(descriptor);
    return { held: false, holderPid };
  }
  held.add(path);
  return {
    held: true,
    release() {
      if (!held.delete(path)) return;
      if (!locks) fs.rmSync(`${path}.pid`, { force: true });
      fs.closeSync(descriptor);
    },
  };
}

/** null when the lock was had, else its holder. */
function recordLock(locks: RecordLocks, descriptor: number): number | null {
  return locks.lock(descriptor) ? null : locks.holder(descriptor);
}

/**
 * Where the system's locks can't be reached: the holder's process id in a file beside the lock. It is believed as
 * long as such a process lives, so what a killed broker left behind does not block the next one.
 */
function lockByProcessId(path: string): number | null {
  const file = `${path}.pid`;
  const holder = fs.existsSync(file) ? Number.parseInt(fs.readFileSync(file, "utf8"), 10) : Number.NaN;
  if (holder > 0 && holder !== process.pid && isAlive(holder)) return holder;
  fs.writeFileSync(file, `${process.pid}\n`);
  return null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
