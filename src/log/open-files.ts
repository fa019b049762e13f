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

/** A descriptor, and the work on the thread pool that still needs it. */
class Descriptor {
  #busy = 0;
  #isLeft = false;

  constructor(
    readonly file: DiskFile,
    readonly isWritable: boolean,
  ) {}

  get isBusy(): boolean {
    return this.#busy > 0;
  }

  async inBackground<T>(work: (file: DiskFile) => Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await work(this.file);
    } finally {
      this.#busy--;
      this.#closeIfDone();
    }
  }

  /** Closes the file as soon as nothing needs it any more. */
  leave(): void {
    this.#isLeft = true;
    this.#closeIfDone();
  }

  #closeIfDone(): void {
    if (this.#isLeft && this.#busy === 0) this.file.close();
  }
}

/** A file that is there when it is used, whether it is open or not. */
export class LazyFile {
  #open: Descriptor | null = null;
  #used = false;

  /**
   * `directory` and `name`, or the whole path alone. A broker has thousands of files whose names are the same, and
   * keeps each name once.
   */
  constructor(
    private readonly files: OpenFiles,
    private directory: string,
    private name?: string,
  ) {}

  get path(): string {
    return this.name === undefined ? this.directory : `${this.directory}/${this.name}`;
  }

  /** See DiskFile.read; a missing file throws ENOENT. */
  read(target: Uint8Array, targetOffset: number, length: number, position: number): number {
    return this.#readable().file.read(target, targetOffset, length, position);
  }

  /** See DiskFile.descriptor: it is the file's until the caller returns to the event loop. */
  get descriptor(): number | null {
    return this.#readable().file.descriptor ?? null;
  }

  /** See DiskFile.readInBackground; a missing file throws ENOENT. */
  readInBackground(
    target: Uint8Array,
    targetOffset: number,
    length: number,
    position: number,
  ): Promise<number> {
    return this.#readable().inBackground((file) =>
      file.readInBackground(target, targetOffset, length, position),
    );
  }

  /** See DiskFile.write; a missing file is made. */
  write(source: Uint8Array, sourceOffset: number, length: number, position: number): void {
    this.#writable().file.write(source, sourceOffset, length, position);
  }

  /** See DiskFile.writeInBackground; a missing file is made. */
  writeInBackground(
    source: Uint8Array,
    sourceOffset: number,
    length: number,
    position: number,
  ): Promise<void> {
    return this.#writable().inBackground((file) =>
      file.writeInBackground(source, sourceOffset, length, position),
    );
  }

  /** The file's size in bytes, or −1 if there is no such file. */
  sizeOrMissing(): number {
    try {
      return this.#open ? this.#open.file.size() : this.files.disk.sizeOf(this.path);
    } catch (error) {
      if (isMissing(error)) return -1;
      throw error;
    }
  }

  /** Cuts the file, making it if it is missing. */
  truncate(size: number): void {
    this.#writable().file.truncate(size);
  }

  /** Makes the file if it is missing. */
  ensureExists(): void {
    this.#writable();
  }

  /** Makes what was written durable, on the thread pool. */
  async flush(): Promise<void> {
    await this.#writable().inBackground((file) => file.flush());
  }

  /** Renames the file if it exists; it goes by the new path from now on. */
  moveTo(path: string): void {
    try {
      this.files.disk.rename(this.path, path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    this.directory = path;
    this.name = undefined;
  }

  /** Whether it was not used since it was last asked, and nothing hangs on its descriptor. */
  mayBeClosed(): boolean {
    const idle = !this.#used && this.#open?.isBusy !== true;
    this.#used = false;
    return idle;
  }

  close(): void {
    const open = this.#open;
    if (!open) return;
    this.#open = null;
    this.files.closed(this);
    open.leave();
  }

  #readable(): Descriptor {
    this.#used = true;
    return this.#open ?? this.#opened(false);
  }

  #writable(): Descriptor {
    this.#used = true;
    if (this.#open?.isWritable) return this.#open;
    this.close();
    return this.#opened(true);
  }

  #opened(isWritable: boolean): Descriptor {
    const file = this.files.disk.open(this.path, isWritable ? "create" : "read");
    this.#open = new Descriptor(file, isWritable);
    this.files.opened(this);
    return this.#open;
  }
}
