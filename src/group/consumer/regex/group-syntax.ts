/**
 * Reads what may stand behind the opening parenthesis of a group: a name, or flags.
 */
import type { Cursor } from "./cursor.ts";
import { RegexSyntaxError } from "./syntax-error.ts";

/** Reads `(?P<name>` or `(?<name>`; no name may come twice. */
export function readGroupName(cursor: Cursor, names: ReadonlySet<string>): string {
  const [whole, name] = /^\(\?P?<([0-9A-Za-z_]+)>/.exec(cursor.rest) ?? [];
  if (whole === undefined || name === undefined) throw new RegexSyntaxError("invalid named capture");
  if (names.has(name)) throw new RegexSyntaxError("duplicate capture group name");
  cursor.skip(whole.length);
  return name;
}

export interface Flags {
  /** The other flags make no difference where whole names without line breaks are matched. */
  readonly foldCase: boolean;
  /** Whether they are for a group that begins here, or for the rest of the group they stand in. */
  readonly opensGroup: boolean;
}

/** Reads `(?i)`, `(?i-s:` and so on. */
export function readFlags(cursor: Cursor, foldCase: boolean): Flags {
  const [whole, on, minus, off, end] = /^\(\?([imsU]*)(-?)([imsU]*)([:)])/.exec(cursor.rest) ?? [];
  if (whole === undefined || (minus === "-" && off === "")) {
    throw new RegexSyntaxError("invalid or unsupported Perl syntax");
  }
  cursor.skip(whole.length);
  const turnedOff = off?.includes("i") === true;
  return { foldCase: !turnedOff && (foldCase || on?.includes("i") === true), opensGroup: end === ":" };
}
