/**
 * Properties as options give them: a file of them, and `key=value` words, of which the words are stronger.
 */
import { WrongUse } from "../command.ts";
import type { Output } from "../output.ts";
import { readProperties } from "./connect.ts";

/**
 * The properties of `key=value` words; a word without `=` is a key with an empty value.
 *
 * @throws WrongUse for a word that has no key
 */
function keyValues(words: readonly string[]): Map<string, string> {
  const properties = new Map<string, string>();
  for (const word of words) {
    const [, key = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(word) ?? [];
    if (key === "") throw new WrongUse(`Invalid command line properties: ${word}`);
    properties.set(key, value);
  }
  return properties;
}

/**
 * A file's properties and the words that are stronger.
 *
 * @throws WrongUse, ToolFailure when the file can't be read
 */
export function mergedProperties(file: string | undefined, words: readonly string[]): Map<string, string> {
  return new Map([...(file === undefined ? [] : readProperties(file)), ...keyValues(words)]);
}

/** An option's two names: one that Kafka means to take away, and the one that stays. */
interface RenamedOption {
  readonly old: string;
  readonly new: string;
}

/**
 * Says of every old name that was used that it will go.
 *
 * @throws WrongUse where both names were used
 */
export function warnOfOldNames(
  given: Readonly<Record<string, unknown>>,
  renamed: readonly RenamedOption[],
  output: Output,
): void {
  for (const { old, new: current } of renamed) {
    if (!isGiven(given[old])) continue;
    if (isGiven(given[current])) {
      throw new WrongUse(`Options --${current} and --${old} cannot be specified together.`);
    }
    output.complain(
      `Warning: --${old} is deprecated and will be removed in a future version. Use --${current} instead.`,
    );
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}
