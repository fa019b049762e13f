/**
 * Named classes of characters: Perl's (\d), POSIX's ([:alpha:]) and Unicode's (\p{Greek}).
 */
import { type CharSet, emptySet, folded, negated, ranges, those } from "./char-set.ts";

const perl: Record<string, CharSet> = {
  d: ranges("09"),
  s: ranges("\t\n\f\r  "),
  w: ranges("09AZ__az"),
};

const posix: Record<string, CharSet> = {
  alnum: ranges("09AZaz"),
  alpha: ranges("AZaz"),
  ascii: negated(emptySet()),
  blank: ranges("\t\t  "),
  cntrl: ranges("\0\x1f\x7f\x7f"),
  digit: ranges("09"),
  graph: ranges("!~"),
  lower: ranges("az"),
  print: ranges(" ~"),
  punct: ranges("!/:@[`{~"),
  space: ranges("\t\r  "),
  upper: ranges("AZ"),
  word: ranges("09AZ__az"),
  xdigit: ranges("09AFaf"),
};

/** The class that `\` and this letter stand for; the capital stands for the rest. */
export function perlClass(letter: string, foldCase: boolean): CharSet | undefined {
  const name = letter.toLowerCase();
  const set = Object.hasOwn(perl, name) ? perl[name] : undefined;
  if (set === undefined) return undefined;
  return signed(set, letter !== name, foldCase);
}

/** The class that `[:name:]` stands for; `^` before the name makes it the rest. */
export function posixClass(name: string, foldCase: boolean): CharSet | undefined {
  const negative = name.startsWith("^");
  const plain = negative ? name.slice(1) : name;
  const set = Object.hasOwn(posix, plain) ? posix[plain] : undefined;
  return set === undefined ? undefined : signed(set, negative, foldCase);
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
