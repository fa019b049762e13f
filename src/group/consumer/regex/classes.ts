/**
 * Named classes of characters: Perl's (\d), POSIX's ([:alpha:]) and Unicode's (\p{Greek}).
 */
import { type CharSet, emptySet, folded, negated, ranges, those } from "./char-set.ts";

/** Ranges, as `ranges` takes them: sets are made of them when an expression has them. */
const perl: Record<string, string> = {
  d: "09",
  s: "\t\n\f\r  ",
  w: "09AZ__az",
};

const posix: Record<string, string> = {
  alnum: "09AZaz",
  alpha: "AZaz",
  ascii: "\0\x7f",
  blank: "\t\t  ",
  cntrl: "\0\x1f\x7f\x7f",
  digit: "09",
  graph: "!~",
  lower: "az",
  print: " ~",
  punct: "!/:@[`{~",
  space: "\t\r  ",
  upper: "AZ",
  word: "09AZ__az",
  xdigit: "09AFaf",
};

/** The class that `\` and this letter stand for; the capital stands for the rest. */
export function perlClass(letter: string, foldCase: boolean): CharSet | undefined {
  const name = letter.toLowerCase();
  const pairs = Object.hasOwn(perl, name) ? perl[name] : undefined;
  if (pairs === undefined) return undefined;
  return signed(ranges(pairs), letter !== name, foldCase);
}

/** The class that `[:name:]` stands for; `^` before the name makes it the rest. */
export function posixClass(name: string, foldCase: boolean): CharSet | undefined {
  const negative = name.startsWith("^");
  const plain = negative ? name.slice(1) : name;
  const pairs = Object.hasOwn(posix, plain) ? posix[plain] : undefined;
  return pairs === undefined ? undefined : signed(ranges(pairs), negative, foldCase);
}

/** A general category, a script, or "Any"; undefined for a name that is none of them. */
export function unicodeClass(name: string, negative: boolean, foldCase: boolean): CharSet | undefined {
  if (name === "Any") return signed(negated(emptySet()), negative, false);
  if (!/^[A-Z][A-Za-z_]*$/.test(name)) return undefined;
  const property = name.length <= 2 ? `gc=${name}` : `sc=${name}`;
  try {
    const expression = new RegExp(`\\p{${property}}`, "u");
    const set = those((character) => expression.test(character));
    return signed(set, negative, foldCase);
  } catch {
    return undefined;
  }
}

function signed(set: CharSet, negative: boolean, foldCase: boolean): CharSet {
  const whole = foldCase ? folded(set) : set;
  return negative ? negated(whole) : whole;
}
