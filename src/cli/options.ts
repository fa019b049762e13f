/**
 * Reads a command's words, and says of a wrong one which may have been meant.
 */
import type { ParseArgsOptionsConfig, parseArgs } from "node:util";
import { nearestName } from "../config/nearest.ts";
import { WrongUse } from "./command.ts";

type Parsed<O extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; options: O }>
>;

/**
 * The options and the other words. An option has no default: where none is given, none is looked at.
 *
 * @throws WrongUse
 */
export function parseOptions<const O extends ParseArgsOptionsConfig>(
  words: readonly string[],
  options: O,
): Parsed<O> {
  const unknown = unknownOption(words, Object.keys(options));
  if (unknown !== undefined) throw unknown;
  if (!words.some((word) => word.startsWith("-")))
    return { values: {}, positionals: [...words] } as Parsed<O>;
  try {
    // Not imported above: a broker that is started without options is ready a tenth of the time sooner.
    const { parseArgs } = process.getBuiltinModule("node:util");
    return parseArgs({ args: [...words], allowPositionals: true, options });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

function unknownOption(words: readonly string[], names: readonly string[]): WrongUse | undefined {
  const end = words.indexOf("--");
  for (const word of end < 0 ? words : words.slice(0, end)) {
    const name = /^--([^=]+)/.exec(word)?.[1];
    if (name === undefined || names.includes(name)) continue;
    const nearest = nearestName(name, names);
    return new WrongUse(
      `there is no option --${name}${nearest === null ? "" : `; did you mean --${nearest}?`}`,
    );
  }
  return undefined;
}
