/**
 * The error for bytes that are not what they claim to be.
 */
export class MalformedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MalformedError";
  }
}
