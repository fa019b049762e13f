/**
 * The lock on a log directory's `.lock` file. Kafka takes a POSIX record lock there (Java's FileLock), so this does
 * too: the two keep each other out, the system names the holder, and a killed holder leaves nothing behind.
 *
 * Such a lock belongs to the process and goes when *any* descriptor of the file is closed: nothing else may open it.
 */
import * as fs from "node:fs";
import { isMissing, type LockOutcome } from "./disk.ts";
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
  return locks.lock(descriptor) ? null : (locks.holder(descriptor) ?? 0);
}

/**
 * The process that holds the lock on the file at `path`: 0 if it can't be named, null if there is none. Takes no lock,
 * and makes no file.
 */
export function lockHolder(path: string): number | null {
  if (held.has(path)) return process.pid;
  const locks = systemRecordLocks();
  if (locks === null) return holderByProcessId(path);
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, fs.constants.O_RDONLY);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    return locks.holder(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * Where the system's locks can't be reached: the holder's process id in a file beside the lock. It is believed as
 * long as such a process lives, so what a killed broker left behind does not block the next one.
 */
function lockByProcessId(path: string): number | null {
  const holder = holderByProcessId(path);
  if (holder !== null) return holder;
  fs.writeFileSync(`${path}.pid`, `${process.pid}\n`);
  return null;
}

function holderByProcessId(path: string): number | null {
  const file = `${path}.pid`;
  const holder = fs.existsSync(file) ? Number.parseInt(fs.readFileSync(file, "utf8"), 10) : Number.NaN;
  return holder > 0 && holder !== process.pid && isAlive(holder) ? holder : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
