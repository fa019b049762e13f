/**
 * A disk in memory that is quick to copy: a copy shares all files with the original until it writes to them.
 */
import { basename, dirname } from "node:path";
import type { DirectoryEntry, Disk, DiskFile, LockOutcome, OpenMode } from "../../../src/disk/disk.ts";

/** A file's bytes, which are replaced and never changed: many disks may share them. */
class Content {
  constructor(public bytes: Buffer) {}
}

export class MemoryDisk implements Disk {
  /** Children of each directory, by path. */
  private readonly directories: Map<string, Map<string, DirectoryEntry["kind"]>>;
  private readonly contents: Map<string, Content>;
  /** Directories whose map of children is this disk's own. */
  private readonly own = new Set<string>();

  constructor(original?: MemoryDisk) {
    this.directories = new Map(original?.directories ?? [["/", new Map()]]);
    this.contents = new Map(
      [...(original?.contents ?? [])].map(([path, { bytes }]) => [path, new Content(bytes)]),
    );
  }

  /** The paths of all files. */
  files(): string[] {
    return [...this.contents.keys()].sort();
  }

  open(path: string, mode: OpenMode): DiskFile {
    if (!this.contents.has(path)) {
      if (mode !== "create") throw missing("open", path);
      this.put(path, Buffer.alloc(0));
    }
    return new MemoryFile(path, this.find(path));
  }

  /** The file's bytes, not to be changed. */
  content(path: string): Buffer {
    return this.find(path).bytes;
  }

  put(path: string, bytes: Buffer): void {
    const content = this.contents.get(path);
    if (content !== undefined) content.bytes = bytes;
    else this.place(path, new Content(bytes));
  }

  private find(path: string): Content {
    const content = this.contents.get(path);
    if (content === undefined) throw missing("open", path);
    return content;
  }

  private place(path: string, content: Content): void {
    this.childrenOf(dirname(path)).set(basename(path), "file");
    this.contents.set(path, content);
  }

  readFile(path: string): Buffer {
    return Buffer.from(this.content(path));
  }

  writeFile(path: string, content: string | Uint8Array): void {
    this.put(path, Buffer.from(content));
  }

  writeFileAtomically(path: string, content: string | Uint8Array): void {
    this.writeFile(path, content);
  }

  async replaceFile(path: string, content: string | Uint8Array): Promise<void> {
    this.writeFile(path, content);
  }

  exists(path: string): boolean {
    return this.contents.has(path) || this.directories.has(path);
  }

  sizeOf(path: string): number {
    return this.content(path).length;
  }

  modifiedAt(path: string): number {
    this.content(path);
    return 0;
  }

  setModifiedAt(): void {}

  list(directory: string): DirectoryEntry[] {
    const children = this.directories.get(directory);
    if (children === undefined) throw missing("scandir", directory);
    return [...children].map(([name, kind]) => ({ name, kind }));
  }

  /** A copy, since disks share contents and not names: nothing here writes to a file that has two. */
  link(from: string, to: string): void {
    this.writeFile(to, this.content(from));
  }

  makeDirectory(path: string): void {
    if (this.directories.has(path)) return;
    this.makeDirectory(dirname(path));
    this.childrenOf(dirname(path)).set(basename(path), "directory");
    this.directories.set(path, new Map());
  }

  makeSubdirectory(path: string): void {
    this.childrenOf(dirname(path)); // Throws where that isn't there.
    this.makeDirectory(path);
  }

  rename(from: string, to: string): void {
    const content = this.contents.get(from);
    if (content !== undefined) {
      this.remove(from);
      this.place(to, content);
      return;
    }
    const entries = this.list(from);
    this.makeDirectory(to);
    for (const { name } of entries) this.rename(`${from}/${name}`, `${to}/${name}`);
    this.remove(from);
  }

  remove(path: string): void {
    for (const name of this.directories.get(path)?.keys() ?? []) this.remove(`${path}/${name}`);
    if (!this.exists(path)) return;
    this.contents.delete(path);
    this.directories.delete(path);
    this.childrenOf(dirname(path)).delete(basename(path));
  }

  async removeInBackground(path: string): Promise<void> {
    this.remove(path);
  }

  syncDirectory(): void {}

  async flushDirectory(): Promise<void> {}

  space(): { freeBytes: number; totalBytes: number } {
    return { freeBytes: 1e12, totalBytes: 1e12 };
  }

  tryLock(): LockOutcome {
    return { held: true, release: () => {} };
  }

  private childrenOf(directory: string): Map<string, DirectoryEntry["kind"]> {
    const children = this.directories.get(directory);
    if (children === undefined) throw missing("open", directory);
    if (this.own.has(directory)) return children;
    const copy = new Map(children);
    this.directories.set(directory, copy);
    this.own.add(directory);
    return copy;
  }
}

class MemoryFile implements DiskFile {
  constructor(
    readonly path: string,
    private readonly content: Content,
  ) {}

  read(target: Uint8Array, targetOffset: number, length: number, position: number): number {
    return this.content.bytes.copy(target, targetOffset, position, position + length);
  }

  async readInBackground(
    target: Uint8Array,
    targetOffset: number,
    length: number,
    position: number,
  ): Promise<number> {
    return this.read(target, targetOffset, length, position);
  }

  write(source: Uint8Array, sourceOffset: number, length: number, position: number): void {
    const after = Buffer.alloc(Math.max(this.size(), position + length));
    this.content.bytes.copy(after);
    after.set(source.subarray(sourceOffset, sourceOffset + length), position);
    this.content.bytes = after;
  }

  async writeInBackground(
    source: Uint8Array,
    sourceOffset: number,
    length: number,
    position: number,
  ): Promise<void> {
    this.write(source, sourceOffset, length, position);
  }

  size(): number {
    return this.content.bytes.length;
  }

  truncate(size: number): void {
    const after = Buffer.alloc(size);
    this.content.bytes.copy(after);
    this.content.bytes = after;
  }

  sync(): void {}

  async flush(): Promise<void> {}

  close(): void {}
}

function missing(operation: string, path: string): Error {
  const message = `ENOENT: no such file or directory, ${operation} '${path}'`;
  return Object.assign(new Error(message), { code: "ENOENT" });
}
