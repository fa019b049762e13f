/**
 * A disk in memory that forgets: what was written but not flushed, and what was created, renamed or removed in a
 * directory that was not synced, may be gone, half there or all there after a crash, as the system would have it.
 * Errors are injected by operation and path. Everything random comes from the seed.
 */
import { basename, dirname } from "node:path";
import type { DirectoryEntry, Disk, DiskFile, LockOutcome, OpenMode } from "../../src/disk/disk.ts";

/** What a crash leaves of what was not durable: nothing, everything, or a random part with writes torn in two. */
export type Loss = "drop" | "keep" | "tear";

export type Operation =
  | "open"
  | "read"
  | "write"
  | "truncate"
  | "sync"
  | "syncDirectory"
  | "link"
  | "rename"
  | "remove"
  | "makeDirectory"
  | "list";

type Change = { position: number; bytes: Buffer } | { size: number };
type Names = Map<string, Content | null>;

class Content {
  bytes: Buffer = Buffer.alloc(0);
  durable: Buffer = Buffer.alloc(0);
  pending: Change[] = [];
  modifiedAt = 0;

  change(change: Change): void {
    this.bytes = changed(this.bytes, change);
    this.pending.push(change);
  }

  settle(): void {
    for (const change of this.pending) this.durable = changed(this.durable, change);
    this.pending = [];
  }
}

function changed(bytes: Buffer, change: Change): Buffer {
  const size = "size" in change ? change.size : Math.max(bytes.length, change.position + change.bytes.length);
  const result = Buffer.alloc(size);
  bytes.copy(result);
  if ("bytes" in change) change.bytes.copy(result, change.position);
  return result;
}

export class SimulatedDisk implements Disk {
  /** Called before every operation; an error code it returns is thrown. */
  failure: (operation: Operation, path: string) => string | undefined = () => undefined;
  /** Changes made so far: writes, truncations, syncs and changes of names. */
  changes = 0;
  /** When `changes` reaches this, the power goes: every operation fails until `crash` is called. */
  powerOffAfter = Number.POSITIVE_INFINITY;
  freeBytes = 1_000_000_000;
  now = 0;

  #names: Names = new Map([["/", null]]);
  #durableNames: Names = new Map([["/", null]]);
  #pendingNames: { directory: string; apply: (names: Names) => void }[] = [];
  #locks = new Set<string>();
  #random: number;
  #lives = 1;

  constructor(seed = 1) {
    this.#random = seed >>> 0 || 1;
  }

  /** The machine loses power and comes back. Files that were open are useless from here on. */
  crash(loss: Loss): void {
    this.#lives++;
    this.#locks.clear();
    const count = this.#pendingNames.length;
    const kept = loss === "keep" ? count : loss === "drop" ? 0 : this.random(count + 1);
    for (const { apply } of this.#pendingNames.slice(0, kept)) apply(this.#durableNames);
    this.#pendingNames = [];
    // What was flushed into a directory is lost with the directory's own name; those at the top were always there.
    for (const path of this.#durableNames.keys()) {
      const directory = dirname(path);
      const isLost = dirname(directory) !== "/" && !this.#durableNames.has(directory);
      if (isLost) this.#durableNames.delete(path);
    }
    for (const content of this.#durableNames.values()) if (content) this.#lose(content, loss);
    this.#names = new Map(this.#durableNames);
    this.powerOffAfter = Number.POSITIVE_INFINITY;
    this.failure = () => undefined;
  }

  /** A whole number from 0 up to but not including `limit`. */
  random(limit: number): number {
    this.#random ^= this.#random << 13;
    this.#random ^= this.#random >>> 17;
    this.#random ^= this.#random << 5;
    this.#random >>>= 0;
    return this.#random % limit;
  }

  /** The paths of all files. */
  files(): string[] {
    return [...this.#names].flatMap(([path, content]) => (content ? [path] : [])).sort();
  }

  #lose(content: Content, loss: Loss): void {
    for (const change of content.pending) {
      if (loss === "drop" || (loss === "tear" && this.random(3) === 0)) continue;
      const torn = loss === "tear" && "bytes" in change && this.random(3) === 0;
      const kept = torn
        ? { position: change.position, bytes: change.bytes.subarray(0, this.random(change.bytes.length + 1)) }
        : change;
      content.durable = changed(content.durable, kept);
    }
    content.pending = [];
    content.bytes = content.durable;
  }

  check(operation: Operation, path: string): void {
    const changes = operation !== "open" && operation !== "read" && operation !== "list";
    if (this.changes >= this.powerOffAfter) throw diskError("EIO", operation, path);
    const code = this.failure(operation, path);
    if (code) throw diskError(code, operation, path);
    if (changes) this.changes++;
  }

  #content(path: string, operation: Operation): Content {
    const content = this.#names.get(path);
    if (!content) throw diskError(content === null ? "EISDIR" : "ENOENT", operation, path);
    return content;
  }

  #changeNames(directory: string, apply: (names: Names) => void): void {
    apply(this.#names);
    this.#pendingNames.push({ directory, apply });
  }

  #create(path: string): Content {
    if (this.#names.get(dirname(path)) !== null) throw diskError("ENOENT", "open", path);
    const content = new Content();
    this.#changeNames(dirname(path), (names) => names.set(path, content));
    return content;
  }

  open(path: string, mode: OpenMode): DiskFile {
    this.check("open", path);
    const content =
      mode === "create" && !this.#names.has(path) ? this.#create(path) : this.#content(path, "open");
    const life = this.#lives;
    return new SimulatedFile(path, content, this, () => {
      if (life !== this.#lives) throw diskError("EBADF", "open", path);
    });
  }

  readFile(path: string): Buffer {
    this.check("read", path);
    return Buffer.from(this.#content(path, "read").bytes);
  }

  writeFile(path: string, content: string | Uint8Array): void {
    const file = this.open(path, "create");
    const bytes = Buffer.from(content);
    file.truncate(0);
    file.write(bytes, 0, bytes.length, 0);
  }

  writeFileAtomically(path: string, content: string | Uint8Array, flushesName = true): void {
    this.#replaceContent(path, content);
    if (flushesName) this.syncDirectory(dirname(path));
  }

  #replaceContent(path: string, content: string | Uint8Array): void {
    this.writeFile(`${path}.tmp`, content);
    this.open(`${path}.tmp`, "readwrite").sync();
    this.rename(`${path}.tmp`, path);
  }

  async replaceFile(path: string, content: string | Uint8Array, flushesName = true): Promise<void> {
    this.#replaceContent(path, content);
    if (flushesName) this.syncDirectory(dirname(path));
  }

  exists(path: string): boolean {
    return this.#names.has(path);
  }

  sizeOf(path: string): number {
    this.check("read", path);
    return this.#content(path, "read").bytes.length;
  }

  modifiedAt(path: string): number {
    return this.#content(path, "read").modifiedAt;
  }

  setModifiedAt(path: string, timestampMs: number): void {
    this.#content(path, "write").modifiedAt = timestampMs;
  }

  list(directory: string): DirectoryEntry[] {
    this.check("list", directory);
    if (this.#names.get(directory) !== null) throw diskError("ENOENT", "list", directory);
    return [...this.#names]
      .filter(([path]) => path !== "/" && dirname(path) === directory)
      .map(([path, content]) => ({ name: basename(path), kind: content ? "file" : "directory" }));
  }

  makeDirectory(path: string): void {
    if (this.#names.get(path) === null) return;
    this.makeDirectory(dirname(path));
    this.check("makeDirectory", path);
    this.#changeNames(dirname(path), (names) => names.set(path, null));
  }

  makeSubdirectory(path: string): void {
    if (!this.exists(dirname(path))) throw diskError("ENOENT", "makeDirectory", path);
    this.makeDirectory(path);
  }

  rename(from: string, to: string): void {
    this.check("rename", from);
    if (!this.#names.has(from)) throw diskError("ENOENT", "rename", from);
    this.#changeNames(dirname(to), (names) => {
      for (const [path, content] of [...names]) {
        if (path !== from && !path.startsWith(`${from}/`)) continue;
        names.delete(path);
        names.set(to + path.slice(from.length), content);
      }
    });
  }

  link(from: string, to: string): void {
    this.check("link", to);
    const content = this.#content(from, "link");
    this.#changeNames(dirname(to), (names) => names.set(to, content));
  }

  remove(path: string): void {
    this.check("remove", path);
    this.#changeNames(dirname(path), (names) => {
      for (const other of [...names.keys()])
        if (other === path || other.startsWith(`${path}/`)) names.delete(other);
    });
  }

  async removeInBackground(path: string): Promise<void> {
    this.remove(path);
  }

  syncDirectory(path: string): void {
    this.check("syncDirectory", path);
    if (this.#names.get(path) !== null) throw diskError("ENOENT", "syncDirectory", path);
    for (const { directory, apply } of this.#pendingNames) if (directory === path) apply(this.#durableNames);
    this.#pendingNames = this.#pendingNames.filter(({ directory }) => directory !== path);
  }

  async flushDirectory(path: string): Promise<void> {
    this.syncDirectory(path);
  }

  space(): { freeBytes: number; totalBytes: number } {
    return { freeBytes: this.freeBytes, totalBytes: 2_000_000_000 };
  }

  tryLock(path: string): LockOutcome {
    if (this.#locks.has(path)) return { held: false, holderPid: 4711 };
    this.#locks.add(path);
    return { held: true, release: () => void this.#locks.delete(path) };
  }
}

class SimulatedFile implements DiskFile {
  constructor(
    readonly path: string,
    private readonly content: Content,
    private readonly disk: SimulatedDisk,
    private readonly checkAlive: () => void,
  ) {}

  read(target: Uint8Array, targetOffset: number, length: number, position: number): number {
    this.checkAlive();
    this.disk.check("read", this.path);
    return this.content.bytes.copy(target, targetOffset, position, position + length);
  }

  write(source: Uint8Array, sourceOffset: number, length: number, position: number): void {
    this.checkAlive();
    this.disk.check("write", this.path);
    const bytes = Buffer.from(source.subarray(sourceOffset, sourceOffset + length));
    this.content.change({ position, bytes });
    this.content.modifiedAt = this.disk.now;
  }

  async readInBackground(target: Uint8Array, at: number, length: number, position: number): Promise<number> {
    return this.read(target, at, length, position);
  }

  async writeInBackground(source: Uint8Array, at: number, length: number, position: number): Promise<void> {
    this.write(source, at, length, position);
  }

  size(): number {
    return this.content.bytes.length;
  }

  truncate(size: number): void {
    this.checkAlive();
    this.disk.check("truncate", this.path);
    this.content.change({ size });
  }

  sync(): void {
    this.checkAlive();
    this.disk.check("sync", this.path);
    this.content.settle();
  }

  async flush(): Promise<void> {
    this.sync();
  }

  close(): void {}
}

function diskError(code: string, operation: Operation, path: string): Error {
  return Object.assign(new Error(`${code}: ${operation} '${path}'`), { code, path });
}
