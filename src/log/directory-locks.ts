/**
 * Keeps two brokers from one log directory: each of them holds a lock on its `.lock`.
 */
import type { Disk } from "../disk/disk.ts";

export const LOCK_FILE = ".lock";

/** Another process works on a log directory. */
export class DirectoryInUseError extends Error {
  override readonly name = "DirectoryInUseError";

  /** `holderPid` is 0 when the system can't tell which process that is. */
  constructor(
    readonly directory: string,
    readonly holderPid: number,
  ) {
    const holder = holderPid > 0 ? `process ${holderPid}` : "another process";
    super(`Log directory ${directory} is in use by ${holder}`);
  }
}

/**
 * Locks log directories, making those that are missing. Returns what lets go of them.
 *
 * @throws DirectoryInUseError when another process has one of them; then none is locked
 */
export function lockDirectories(disk: Disk, directories: readonly string[]): () => void {
  const releases: (() => void)[] = [];
  const release = () => {
    for (const releaseOne of releases.splice(0)) releaseOne();
  };
  for (const directory of directories) {
    disk.makeDirectory(directory);
    const lock = disk.tryLock(`${directory}/${LOCK_FILE}`);
    if (!lock.held) {
      release();
      throw new DirectoryInUseError(directory, lock.holderPid);
    }
    releases.push(lock.release);
  }
  return release;
}
