/**
 * POSIX record locks by libc's fcntl, which neither Node nor Bun offers. Linux only: elsewhere the structure differs
 * or arguments travel otherwise, and the caller falls back to a process id in a file.
 */
import { dlopen, FFIType } from "bun:ffi";

export interface RecordLocks {
  /** Takes a lock on the whole file for this process; false when another has it. */
  lock(descriptor: number): boolean;
  /** The process that holds a lock on the file: 0 if it can't be named, as across containers; null if none does. */
  holder(descriptor: number): number | null;
}

const F_GETLK = 5;
const F_SETLK = 6;
const F_WRLCK = 1;
const F_UNLCK = 2;
/** struct flock on 64-bit Linux: int16 type, int16 whence, (4 bytes), int64 start, int64 length, int32 pid. */
const SIZE = 32;
const PID_AT = 24;

let locks: RecordLocks | null | undefined;

/** The system's record locks, or null where they can't be had. Loaded at first use. */
export function systemRecordLocks(): RecordLocks | null {
  if (locks === undefined) locks = process.platform === "linux" ? load() : null;
  return locks;
}

function load(): RecordLocks | null {
  for (const library of ["libc.so.6", `libc.musl-${process.arch === "x64" ? "x86_64" : "aarch64"}.so.1`]) {
    try {
      const { fcntl } = dlopen(library, {
        fcntl: { args: [FFIType.i32, FFIType.i32, FFIType.ptr], returns: FFIType.i32 },
      }).symbols;
      return {
        lock: (descriptor) => fcntl(descriptor, F_SETLK, wholeFile()) === 0,
        holder: (descriptor) => {
          const request = wholeFile();
          if (fcntl(descriptor, F_GETLK, request) !== 0) return 0;
          return request.readInt16LE(0) === F_UNLCK ? null : request.readInt32LE(PID_AT);
        },
      };
    } catch {
      // Not this libc.
    }
  }
  return null;
}

function wholeFile(): Buffer {
  const request = Buffer.alloc(SIZE);
  request.writeInt16LE(F_WRLCK, 0);
  return request;
}
