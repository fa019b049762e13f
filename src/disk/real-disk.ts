/**
 * The machine's file system, through node:fs.
 */
import * as fs from "node:fs";
import { dirname } from "node:path";
import type { Disk, DiskFile, OpenMode } from "./disk.ts";
import { tryLockFile } from "./file-lock.ts";

const flags: Record<OpenMode, number> = {
  read: fs.constants.O_RDONLY,
  readwrite: fs.constants.O_RDWR,
  create: fs.constants.O_RDWR | fs.constants.O_CREAT,
};

type Transfer = (
  descriptor: number,
  bytes: Uint8Array,
  at: number,
  length: number,
  position: number,
  done: (error: Error | null, count: number) => void,
) => void;

class RealFile implements DiskFile {
  constructor(
    readonly path: string,
    readonly descriptor: number,
  ) {}

  read(target: Uint8Array, targetOffset: number, length: number, position: number): number {
    let done = 0;
    while (done < length) {
      const count = fs.readSync(this.descriptor, target, targetOffset + done, length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  async readInBackground(
    target: Uint8Array,
    targetOffset: number,
    length: number,
    position: number,
  ): Promise<number> {
    let done = 0;
    while (done < length) {
      const count = await this.#once(fs.read, target, targetOffset + done, length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  write(source: Uint8Array, sourceOffset: number, length: number, position: number): void {
    let done = 0;
    while (done < length) {
      done += fs.writeSync(this.descriptor, source, sourceOffset + done, length - done, position + done);
    }
  }

  async writeInBackground(
    source: Uint8Array,
    sourceOffset: number,
    length: number,
    position: number,
  ): Promise<void> {
    let done = 0;
    while (done < length) {
      done += await this.#once(fs.write, source, sourceOffset + done, length - done, position + done);
    }
  }

  #once(run: Transfer, bytes: Uint8Array, at: number, length: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      run(this.descriptor, bytes, at, length, position, (error, count) =>
        error ? reject(error) : resolve(count),
      );
    });
  }

  size(): number {
    return fs.fstatSync(this.descriptor).size;
  }

  truncate(size: number): void {
    fs.ftruncateSync(this.descriptor, size);
  }

  sync(): void {
    fs.fdatasyncSync(this.descriptor);
  }

  flush(): Promise<void> {
    return flush(fs.fdatasync, this.descriptor);
  }

  close(): void {
    fs.closeSync(this.descriptor);
  }
}

function open(path: string, mode: OpenMode): DiskFile {
  return new RealFile(path, fs.openSync(path, flags[mode], 0o644));
}

function writeFileAtomically(path: string, content: string | Uint8Array, flushesName = true): void {
  const temporary = `${path}.tmp`;
  const descriptor = fs.openSync(temporary, "w", 0o644);
  try {
    fs.writeFileSync(descriptor, content);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
  fs.renameSync(temporary, path);
  if (flushesName) syncDirectory(dirname(path));
}

async function replaceFile(path: string, content: string | Uint8Array, flushesName = true): Promise<void> {
  const temporary = `${path}.tmp`;
  const descriptor = fs.openSync(temporary, "w", 0o644);
  try {
    fs.writeFileSync(descriptor, content);
    await flush(fs.fsync, descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
  fs.renameSync(temporary, path);
  if (flushesName) await flushDirectory(dirname(path));
}

/** What waits for the device runs on the thread pool. What doesn't costs less without going there. */
function flush(run: typeof fs.fsync, descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    run(descriptor, (error) => (error ? reject(error) : resolve()));
  });
}

function syncDirectory(path: string): void {
  const descriptor = fs.openSync(path, fs.constants.O_RDONLY);
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

async function flushDirectory(path: string): Promise<void> {
  const descriptor = fs.openSync(path, fs.constants.O_RDONLY);
  try {
    await flush(fs.fsync, descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** The disk of the machine. Paths are used as they are given. */
export const realDisk: Disk = {
  open,
  readFile: (path) => fs.readFileSync(path),
  writeFile: (path, content) => fs.writeFileSync(path, content, { mode: 0o644 }),
  writeFileAtomically,
  replaceFile,
  exists: (path) => fs.existsSync(path),
  sizeOf: (path) => fs.statSync(path).size,
  modifiedAt: (path) => Math.floor(fs.statSync(path).mtimeMs),
  setModifiedAt: (path, timestampMs) => fs.utimesSync(path, timestampMs / 1000, timestampMs / 1000),
  list: (directory) =>
    fs
      .readdirSync(directory, { withFileTypes: true })
      .map((entry) => ({ name: entry.name, kind: entry.isDirectory() ? "directory" : "file" })),
  makeDirectory: (path) => void fs.mkdirSync(path, { recursive: true }),
  makeSubdirectory: (path) => fs.mkdirSync(path),
  rename: (from, to) => fs.renameSync(from, to),
  link: (from, to) => fs.linkSync(from, to),
  remove: (path) => fs.rmSync(path, { recursive: true, force: true }),
  removeInBackground: (path) => fs.promises.rm(path, { recursive: true, force: true }),
  syncDirectory,
  flushDirectory,
  space: (path) => {
    const { bavail, blocks, bsize } = fs.statfsSync(path);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  },
  tryLock: tryLockFile,
};
