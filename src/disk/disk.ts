/**
 * The few file operations that everything above uses. Small synchronous calls for what lies in the page cache,
 * promises for what waits for the device. The real one is real-disk.ts; tests put one in its place that loses what
 * was not flushed.
 *
 * Every operation throws (or rejects with) the system's error, whose `code` is ENOENT, ENOSPC, EIO and so on.
 */

/** `create` makes the file if it is missing and opens it for reading and writing. */
export type OpenMode = "read" | "readwrite" | "create";

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: "file" | "directory";
}

/** A lock on a file, or the process that holds it (0 if the system can't tell which that is). */
export type LockOutcome =
  | { readonly held: true; release(): void }
  | { readonly held: false; readonly holderPid: number };

export interface Disk {
  open(path: string, mode: OpenMode): DiskFile;
  /** The whole file; throws ENOENT when there is none. */
  readFile(path: string): Buffer;
  /** Creates or replaces the file. Not durable until flushed. */
  writeFile(path: string, content: string | Uint8Array): void;
  /**
   * Replaces the file so that after a crash it holds either what it held or all of `content`.
   *
   * @param flushesName whether the new file is durable under its name on return; otherwise it is when the caller has
   *   flushed the directory
   */
  writeFileAtomically(path: string, content: string | Uint8Array, flushesName?: boolean): void;
  /** The same without holding up the caller: when this resolves. */
  replaceFile(path: string, content: string | Uint8Array, flushesName?: boolean): Promise<void>;
  exists(path: string): boolean;
  sizeOf(path: string): number;
  /** When the file was last written, in milliseconds since 1970. */
  modifiedAt(path: string): number;
  /** Makes the file one that was last written then. */
  setModifiedAt(path: string, timestampMs: number): void;
  /** What lies in the directory, in no particular order. */
  list(directory: string): DirectoryEntry[];
  /** Makes the directory and its parents; one that exists is fine. */
  makeDirectory(path: string): void;
  /** Makes the directory in one that is there: ENOENT where it has been taken away. */
  makeSubdirectory(path: string): void;
  rename(from: string, to: string): void;
  /** Gives a file another name. Throws where the file system has no such thing, or no more of them for one file. */
  link(from: string, to: string): void;
  /** Removes a file or a whole directory; what is missing is fine. */
  remove(path: string): void;
  /** The same without holding up the caller. */
  removeInBackground(path: string): Promise<void>;
  /** Makes the names in the directory durable: what was created, renamed and removed there. */
  syncDirectory(path: string): void;
  /** The same without holding up the caller. */
  flushDirectory(path: string): Promise<void>;
  /** Room on the file system that holds `path`, in bytes: what this process may still write, and all there is. */
  space(path: string): { freeBytes: number; totalBytes: number };
  /** Locks the file against other processes (and against a second try by this one), making it if it is missing. */
  tryLock(path: string): LockOutcome;
}

export interface DiskFile {
  readonly path: string;
  /** The system's number for the open file, where the system has it. */
  readonly descriptor?: number;
  /** Reads into a buffer the caller keeps; returns how many bytes there were, fewer than `length` at the end only. */
  read(target: Uint8Array, targetOffset: number, length: number, position: number): number;
  /** The same without holding up the caller. The file must stay open until it is done, and the buffer untouched. */
  readInBackground(
    target: Uint8Array,
    targetOffset: number,
    length: number,
    position: number,
  ): Promise<number>;
  /** Writes all of it, or throws. */
  write(source: Uint8Array, sourceOffset: number, length: number, position: number): void;
  /** The same without holding up the caller. The file must stay open until it is done, and the buffer untouched. */
  writeInBackground(
    source: Uint8Array,
    sourceOffset: number,
    length: number,
    position: number,
  ): Promise<void>;
  size(): number;
  truncate(size: number): void;
  /** Makes what was written durable (fdatasync), holding up the caller. */
  sync(): void;
  /** The same on the thread pool. The file must stay open until it is done. */
  flush(): Promise<void>;
  close(): void;
}

/** Whether an error came from the operating system, as against a mistake in the program. */
export function isDiskError(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    /^E[A-Z0-9]+$/.test(error.code)
  );
}

/** Whether an error says that a file or directory isn't there. */
export function isMissing(error: unknown): boolean {
  return isDiskError(error) && error.code === "ENOENT";
}
