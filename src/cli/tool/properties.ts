/**
 * Properties as options give them: a file of them, and `key=value` words, of which the words are stronger.
 */
import { WrongUse } from "../command.ts";
import type { Output } from "../output.ts";
import { readProperties } from "./connect.ts";
import type { Options } from "./option.ts";

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

/**
 * Says of every old name that was used, in the order of the options, that it will go.
 *
 * @throws WrongUse where both names were used
 */
export function warnOfOldNames(
  given: Readonly<Record<string, unknown>>,
  options: Options,
  output: Output,
): void {
  for (const [name, { renamedTo }] of Object.entries(options)) {
    if (renamedTo === undefined || !isGiven(given[name])) continue;
    if (isGiven(given[renamedTo])) {
      throw new WrongUse(`Options --${renamedTo} and --${name} cannot be specified together.`);
    }
    output.complain(
      `Warning: --${name} is deprecated and will be removed in a future version. Use --${renamedTo} instead.`,
    );
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}
