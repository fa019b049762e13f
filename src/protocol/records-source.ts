/**
 * Record bytes that still lie in a file. A response's `records` field takes one in place of bytes, and the
 * writer has it copied straight into the reply's buffer, so that a fetch touches each byte once. What would make the
 * reply large is left out, and copied piece by piece as the client takes it.
 */
export interface RecordsSource {
  readonly sizeInBytes: number;
  /** Where the bytes begin in their file: the writer may put them on the same page phase, where copies are faster. */
  readonly filePosition: number;
  /**
   * Copies `length` of the bytes, from the one at `from` on (all, if not said), into `target` from `targetOffset` on.
   * Throws when the file has fewer, or is no longer there.
   */
  copyInto(target: Uint8Array, targetOffset: number, from?: number, length?: number): void;
  /** The open file that the bytes lie in, for a system call at once; null where it can't be had. */
  descriptor?(): number | null;
}
