/**
 * Why a log directory or its metadata log can't be used. What throws it has changed nothing on disk, so that the
 * reader of the message can decide what to do.
 */
export class MetadataError extends Error {
  override readonly name = "MetadataError";

  constructor(
    /** The file or directory that the message is about. */
    readonly path: string,
    what: string,
    /** The byte at which the trouble begins; undefined when it is about the whole. */
    readonly position?: number,
  ) {
    super(position === undefined ? `${path}: ${what}` : `${path} at byte ${position}: ${what}`);
  }
}

/** An error's own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
