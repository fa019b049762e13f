/**
 * Something in a file that is not as it should be, and where.
 */
export class Damage extends Error {
  override readonly name = "Damage";

  constructor(
    what: string,
    /** The byte at which it begins; undefined when it is about the whole file. */
    readonly position?: number,
  ) {
    super(what);
  }
}
