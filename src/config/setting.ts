/**
 * A key as somebody wrote it, and where.
 */
export interface Setting {
  readonly key: string;
  readonly value: string;
  /** `server.properties:12`, or `--override`. */
  readonly place: string;
  readonly file: string | null;
  readonly line: number | null;
}
