/**
 * Receiving straight into a buffer of ours, by libc's recv. Bun hands received bytes over in a fresh buffer, and the
 * rest of a large frame is then copied into the frame: with this it needs neither.
 *
 * Linux with glibc or musl. Elsewhere, and under TLS, the bytes come by way of Bun alone.
 */
import { dlopen, FFIType, ptr } from "bun:ffi";
import type { Receive } from "./frame-reader.ts";

type DirectReceive = (descriptor: number, target: Buffer, offset: number, length: number) => number;

const MSG_DONTWAIT = 0x40;

let receive: DirectReceive | null | undefined;

/** How to receive from one of Bun's sockets; null where that can't be done. `fd` is not documented. */
export function receiveFrom(socket: object): Receive | null {
  const receive = directReceive();
  if (receive === null || !("fd" in socket) || typeof socket.fd !== "number" || socket.fd < 0) return null;
  const descriptor = socket.fd;
  return (target, offset, length) => receive(descriptor, target, offset, length);
}

/** The system's recv, or null where it can't be had. Loaded at first use. */
function directReceive(): DirectReceive | null {
  if (receive === undefined) receive = process.platform === "linux" ? load() : null;
  return receive;
}

/** Errors count as nothing: Bun comes upon them, too. */
function load(): DirectReceive | null {
  for (const library of ["libc.so.6", `libc.musl-${process.arch === "x64" ? "x86_64" : "aarch64"}.so.1`]) {
    try {
      const { recv } = dlopen(library, {
        recv: { args: [FFIType.i32, FFIType.ptr, FFIType.u64_fast, FFIType.i32], returns: FFIType.i32 },
      }).symbols;
      return (descriptor, target, offset, length) =>
        recv(descriptor, ptr(target, offset), length, MSG_DONTWAIT);
    } catch {
      // Not this libc.
    }
  }
  return null;
}
