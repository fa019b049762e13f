/**
 * Characters that are written with a backslash.
 */
import { type CharSet, MAX_CODE_POINT } from "./char-set.ts";
import { unicodeClass } from "./classes.ts";
import type { Cursor } from "./cursor.ts";
import { RegexSyntaxError } from "./syntax-error.ts";

const controls: Record<string, number> = { a: 7, t: 9, n: 10, v: 11, f: 12, r: 13 };

/**
 * Reads an escape that stands for one character: from the backslash on.
 *
 * @returns its code point
 */
export function readEscape(cursor: Cursor): number {
  cursor.skip(1);
  if (!cursor.more) throw new RegexSyntaxError("trailing backslash at end of expression");
  const character = cursor.next();
  const code = character.codePointAt(0) ?? 0;
  if (!/^[0-9A-Za-z]$/.test(character)) return code;
  const control = Object.hasOwn(controls, character) ? controls[character] : undefined;
  if (control !== undefined) return control;
  if (character === "x") return readHex(cursor);
  // A digit other than 0 alone would be a reference to a group, which there is none of.
  const isOctal = character === "0" || (/[1-7]/.test(character) && /^[0-7]/.test(cursor.rest));
  if (!isOctal) throw new RegexSyntaxError("invalid escape sequence");
  return readOctal(cursor, character);
}

function readOctal(cursor: Cursor, first: string): number {
  const digits = /^[0-7]{0,2}/.exec(cursor.rest)?.[0] ?? "";
  cursor.skip(digits.length);
  return Number.parseInt(first + digits, 8);
}

function readHex(cursor: Cursor): number {
  const [whole, short, long] = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/.exec(cursor.rest) ?? [];
  const code = Number.parseInt(short ?? long ?? "", 16);
  if (whole === undefined || code > MAX_CODE_POINT) throw new RegexSyntaxError("invalid escape sequence");
  cursor.skip(whole.length);
  return code;
}

/** Reads `\pL`, `\p{Greek}`, `\P{^Greek}` and so on; undefined where none begins here. */
export function readUnicodeClass(cursor: Cursor, foldCase: boolean): CharSet | undefined {
  if (!cursor.lookingAt("\\p") && !cursor.lookingAt("\\P")) return undefined;
  let negative = cursor.lookingAt("\\P");
  cursor.skip(2);
  let name = cursor.next();
  if (name === "{") {
    const end = cursor.rest.indexOf("}");
    name = end < 0 ? "" : cursor.rest.slice(0, end);
    cursor.skip(end + 1);
  }
  if (name.startsWith("^")) {
    negative = !negative;
    name = name.slice(1);
  }
  const set = unicodeClass(name, negative, foldCase);
  if (set === undefined) throw new RegexSyntaxError("invalid character class range");
  return set;
}
