/**
 * Log files are opened at first use and stay open, but no more than a limit of them at a time: a broker with many
 * segments must not run out of descriptors, nor hold files that nobody asks for.
 */
import { type Disk, type DiskFile, isMissing } from "../disk/disk.ts";

/** The files of one broker that are open now. */
export class OpenFiles {
  readonly #open = new Set<LazyFile>();

  constructor(
    readonly disk: Disk,
    private readonly limit: number,
  ) {}

  get count(): number {
    return this.#open.size;
  }

  opened(file: LazyFile): void {
    this.#open.add(file);
    if (this.#open.size > this.limit) this.#closeOne();
  }

  closed(file: LazyFile): void {
    this.#open.delete(file);
  }

  /** Closes a file that was not used since its last turn; the ones that were get another turn. */
  #closeOne(): void {
    let turns = 2 * this.#open.size;
    for (const file of this.#open) {
      if (turns-- === 0) return;
      if (!file.mayBeClosed()) {
        this.#open.delete(file);
        this.#open.add(file);
        continue;
      }
      file.close();
      return;
    }
  }
}

/** A file that is there when it is used, whether it is open or not. */
export class LazyFile {
  #path: string;
  #file: DiskFile | null = null;
  #writable = false;
  #used = false;
  #flushing = 0;

  constructor(
    private readonly files: OpenFiles,
    path: string,
  ) {
    this.#path = path;
  }

  get path(): string {
    return this.#path;
  }

  /** See DiskFile.read; a missing file throws ENOENT. */
  read(target: Uint8Array, targetOffset: number, length: number, position: number): number {
    return this.#readable().read(target, targetOffset, length, position);
  }

  /** See DiskFile.write; a missing file is made. */
  write(source: Uint8Array, sourceOffset: number, length: number, position: number): void {
    this.#writableFile().write(source, sourceOffset, length, position);
  }

  /** The file's size in bytes, or −1 if there is no such file. */
  sizeOrMissing(): number {
    try {
      return this.#file ? this.#file.size() : this.files.disk.sizeOf(this.#path);
    } catch (error) {
      if (isMissing(error)) return -1;
      throw error;
    }
  }

  /** Cuts the file, making it if it is missing. */
  truncate(size: number): void {
    this.#writableFile().truncate(size);
  }

  /** Makes the file if it is missing. */
  ensureExists(): void {
    this.#writableFile();
  }

  /** Makes what was written durable, on the thread pool. */
  async flush(): Promise<void> {
    const file = this.#writableFile();
    this.#flushing++;
    try {
      await file.flush();
    } finally {
      this.#flushing--;
      // Whoever closed the file meanwhile left the descriptor to this flush.
      if (this.#flushing === 0 && this.#file !== file) file.close();
    }
  }

  /** Renames the file if it exists; it goes by the new name from now on. */
  moveTo(path: string): void {
    try {
      this.files.disk.rename(this.#path, path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    this.#path = path;
  }

  /** Whether it was not used since it was last asked, and nothing hangs on its descriptor. */
  mayBeClosed(): boolean {
    const idle = !this.#used && this.#flushing === 0;
    this.#used = false;
    return idle;
  }

  close(): void {
    const file = this.#file;
    if (!file) return;
    this.#file = null;
    this.#writable = false;
    this.files.closed(this);
    if (this.#flushing === 0) file.close();
  }

  #readable(): DiskFile {
    this.#used = true;
    return this.#file ?? this.#open(false);
  }

  #writableFile(): DiskFile {
    this.#used = true;
    if (this.#file && this.#writable) return this.#file;
    this.close();
    return this.#open(true);
  }

  #open(writable: boolean): DiskFile {
    const file = this.files.disk.open(this.#path, writable ? "create" : "read");
    this.#file = file;
    this.#writable = writable;
    this.files.opened(this);
    return file;
  }
}
