/** Bytes in the middle of a `.log` that are no batch, or not the batch that was written. */
export class CorruptLogError extends Error {
  override readonly name = "CorruptLogError";

  constructor(
    readonly path: string,
    /** Where in the file. */
    readonly position: number,
  ) {
    super(`${path} is damaged at byte ${position}: there is no intact record batch`);
  }
}
