/**
 * What the system's own calls can do for a socket and Bun can't: receive straight into a buffer of ours (Bun hands
 * received bytes over in a fresh one, from which the rest of a large frame has to be copied), and send from a file
 * without a buffer in between.
 *
 * Linux with glibc or musl. Elsewhere, and under TLS, everything goes by way of Bun alone.
 */
import { dlopen, FFIType, ptr } from "bun:ffi";
import type { Receive } from "./frame-reader.ts";
import type { SendFile } from "./reply.ts";

interface SystemCalls {
  recv(socket: number, target: number, length: number, flags: number): number;
  sendfile(socket: number, file: number, position: BigInt64Array, length: number): number;
}

/** How to receive from and send to one socket without Bun. */
export interface DirectSocket {
  readonly receive: Receive;
  readonly sendFile: SendFile;
}

const MSG_DONTWAIT = 0x40;
/** What one call of sendfile is asked for at most. */
const MOST_BYTES = 1024 * 1024;

const position = new BigInt64Array(1);
let loaded: SystemCalls | null | undefined;

/** The calls for one of Bun's sockets; null where that can't be done. Its `fd` is not documented. */
export function directSocket(socket: object): DirectSocket | null {
  loaded ??= process.platform === "linux" ? load() : null;
  if (loaded === null || !("fd" in socket) || typeof socket.fd !== "number" || socket.fd < 0) return null;
  const { recv, sendfile } = loaded;
  const descriptor = socket.fd;
  // Errors count as nothing: Bun comes upon those of the socket, and whoever reads the file upon the file's.
  return {
    receive: (target, offset, length) =>
      Math.max(0, recv(descriptor, ptr(target, offset), length, MSG_DONTWAIT)),
    sendFile(file, from, length) {
      position[0] = BigInt(from);
      return Math.max(0, sendfile(descriptor, file, position, Math.min(length, MOST_BYTES)));
    },
  };
}

function load(): SystemCalls | null {
  for (const library of ["libc.so.6", `libc.musl-${process.arch === "x64" ? "x86_64" : "aarch64"}.so.1`]) {
    try {
      const { symbols } = dlopen(library, {
        recv: { args: [FFIType.i32, FFIType.ptr, FFIType.u64_fast, FFIType.i32], returns: FFIType.i32 },
        sendfile: { args: [FFIType.i32, FFIType.i32, FFIType.ptr, FFIType.u64_fast], returns: FFIType.i32 },
      });
      return symbols as unknown as SystemCalls;
    } catch {
      // Not this libc.
    }
  }
  return null;
}
