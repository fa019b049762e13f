/**
 * Sets of characters, as far as topic names may have them: ASCII. What lies beyond is never matched.
 */
const ASCII = 128;

/** 1 for each character that is in the set, by its code. */
export type CharSet = Uint8Array;

/** Characters beyond ASCII that are the same as a letter of ASCII where case doesn't matter. */
const KELVIN_SIGN = 0x212a;
const LONG_S = 0x17f;

export const MAX_CODE_POINT = 0x10ffff;

export function emptySet(): CharSet {
  return new Uint8Array(ASCII);
}

/** The characters from `low` to `high`, any code points. */
export function range(low: number, high: number, foldCase: boolean): CharSet {
  const set = emptySet();
  for (let code = low; code <= Math.min(high, ASCII - 1); code++) set[code] = 1;
  if (!foldCase) return set;
  const has = (code: number): boolean => low <= code && code <= high;
  if (has(KELVIN_SIGN)) set["k".charCodeAt(0)] = 1;
  if (has(LONG_S)) set["s".charCodeAt(0)] = 1;
  return folded(set);
}

/** The characters of these ranges: "09AZaz". */
export function ranges(pairs: string): CharSet {
  const set = emptySet();
  for (let at = 0; at < pairs.length; at += 2) {
    addAll(set, range(pairs.charCodeAt(at), pairs.charCodeAt(at + 1), false));
  }
  return set;
}

/** The characters for which that holds. */
export function those(test: (character: string) => boolean): CharSet {
  return emptySet().map((_, code) => (test(String.fromCharCode(code)) ? 1 : 0));
}

export function addAll(set: CharSet, others: CharSet): void {
  for (let code = 0; code < ASCII; code++) if (others[code] === 1) set[code] = 1;
}

export function negated(set: CharSet): CharSet {
  return set.map((present) => 1 - present);
}

/** With each letter its other case. */
export function folded(set: CharSet): CharSet {
  const CASE_BIT = 0x20;
  const result = set.slice();
  for (let upper = "A".charCodeAt(0); upper <= "Z".charCodeAt(0); upper++) {
    const present = (set[upper] ?? 0) | (set[upper | CASE_BIT] ?? 0);
    result[upper] = present;
    result[upper | CASE_BIT] = present;
  }
  return result;
}
