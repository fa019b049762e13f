/**
 * Record bytes that still lie in a file. A response's `records` field takes one in place of bytes, and the
 * writer has it copied straight into the reply's buffer, so that a fetch touches each byte once.
 */
export interface RecordsSource {
  readonly sizeInBytes: number;
  /** Where the bytes begin in their file: the writer may put them on the same page phase, where copies are faster. */
  readonly filePosition: number;
  /** Copies exactly `sizeInBytes` bytes into `target` from `targetOffset` on; throws when the file has fewer. */
  copyInto(target: Uint8Array, targetOffset: number): void;
}
