/**
 * Reads a class of characters in brackets: [a-z], [^[:space:]\d].
 */
import { addAll, type CharSet, emptySet, negated, range } from "./char-set.ts";
import { perlClass, posixClass } from "./classes.ts";
import type { Cursor } from "./cursor.ts";
import { readEscape, readUnicodeClass } from "./escapes.ts";
import { RegexSyntaxError } from "./syntax-error.ts";

/** Reads from the opening bracket to behind the closing one. */
export function readBracketClass(cursor: Cursor, foldCase: boolean): CharSet {
  cursor.skip(1);
  const negative = cursor.take("^");
  const set = emptySet();
  // A closing bracket that comes first is a character like others.
  for (let first = true; first || !cursor.lookingAt("]"); first = false) {
    addAll(set, readNamedClass(cursor, foldCase) ?? readRange(cursor, foldCase));
  }
  cursor.skip(1);
  return negative ? negated(set) : set;
}

function readNamedClass(cursor: Cursor, foldCase: boolean): CharSet | undefined {
  return (
    readPosixClass(cursor, foldCase) ?? readUnicodeClass(cursor, foldCase) ?? readPerlClass(cursor, foldCase)
  );
}

function readPosixClass(cursor: Cursor, foldCase: boolean): CharSet | undefined {
  if (!cursor.lookingAt("[:")) return undefined;
  const end = cursor.rest.indexOf(":]");
  // Without an end it is a bracket and a colon.
  if (end < 0) return undefined;
  const set = posixClass(cursor.rest.slice(2, end), foldCase);
  if (set === undefined) throw new RegexSyntaxError("invalid character class range");
  cursor.skip(end + 2);
  return set;
}

/** Reads `\d` and its like; undefined where none begins here. */
export function readPerlClass(cursor: Cursor, foldCase: boolean): CharSet | undefined {
  if (!cursor.lookingAt("\\")) return undefined;
  const set = perlClass(cursor.rest.charAt(1), foldCase);
  if (set !== undefined) cursor.skip(2);
  return set;
}

function readRange(cursor: Cursor, foldCase: boolean): CharSet {
  const low = readCharacter(cursor);
  let high = low;
  // A minus before the closing bracket is a character like others.
  if (cursor.lookingAt("-") && !cursor.lookingAt("-]")) {
    cursor.skip(1);
    high = readCharacter(cursor);
    if (high < low) throw new RegexSyntaxError("invalid character class range");
  }
  return range(low, high, foldCase);
}

function readCharacter(cursor: Cursor): number {
  if (!cursor.more) throw new RegexSyntaxError("missing closing ]");
  if (cursor.lookingAt("\\")) return readEscape(cursor);
  return cursor.next().codePointAt(0) ?? 0;
}
