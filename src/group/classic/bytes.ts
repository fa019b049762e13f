/**
 * Bytes that a group keeps. What requests and records hold are views of buffers that will be used again.
 */

/** No bytes: the assignment of a member that has none. */
export const NO_BYTES: Buffer = Buffer.alloc(0);

/** A copy with memory of its own. */
export function copyOf(bytes: Uint8Array): Buffer {
  if (bytes.length === 0) return NO_BYTES;
  const copy = Buffer.alloc(bytes.length);
  copy.set(bytes);
  return copy;
}
