/**
 * Reads a tool's words by its options. The ways of joptsimple, which Kafka's tools use: `--name value` and
 * `--name=value`, and a value may look like an option (`--time -1`).
 */
import { parseArgs } from "node:util";
import { nearestName } from "../../config/nearest.ts";
import { WrongUse } from "../command.ts";
import { type Given, type Option, type Options, takesValue } from "./option.ts";

export interface ParsedWords<O extends Options> {
  readonly given: Given<O>;
  /** The words that belong to no option. */
  readonly others: readonly string[];
}

type Raw = Readonly<Record<string, readonly (string | boolean)[] | undefined>>;

/**
 * @param friendly whether the tool was called by our own name of it, where presets hold
 * @throws WrongUse
 */
export function parseWords<const O extends Options>(
  words: readonly string[],
  options: O,
  friendly: boolean,
): ParsedWords<O> {
  const { normal, others } = normalize(words, options);
  const raw = parsed(normal, options);
  const given: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options))
    given[name] = value(name, option, raw[name], friendly);
  checkTogether(options, raw);
  return { given: given as Given<O>, others };
}

/** Where the first word stands that belongs to no option, null if there is none. Options unknown here are flags. */
export function firstWord(words: readonly string[], options: Options): number | null {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) return at;
    if (word.includes("=")) continue;
    const option = Object.entries(options).find(
      ([name, { short }]) => word === `--${name}` || word === `-${short}`,
    );
    if (option !== undefined && takesValue(option[1])) at++;
  }
  return null;
}

/** All options as `--name` or `--name=value`, so that nothing is left to guess. */
function normalize(words: readonly string[], options: Options): { normal: string[]; others: string[] } {
  const normal: string[] = [];
  const others: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") {
      others.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      others.push(word);
      continue;
    }
    const [, written = "", inline] = /^([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const name = nameOf(written, options);
    const option = options[name];
    if (option === undefined || !takesValue(option) || inline !== undefined) {
      normal.push(inline === undefined ? `--${name}` : `--${name}=${inline}`);
      continue;
    }
    const next = words[at + 1];
    if (next === undefined || (option.optionalValue && next.startsWith("-"))) {
      if (!option.optionalValue) throw new WrongUse(`Option ${name} requires an argument`);
      normal.push(`--${name}=`);
      continue;
    }
    normal.push(`--${name}=${next}`);
    at++;
  }
  return { normal, others };
}

function nameOf(written: string, options: Options): string {
  const long = /^--(.+)/s.exec(written)?.[1];
  if (long !== undefined && Object.hasOwn(options, long)) return long;
  if (long === undefined) {
    const short = Object.entries(options).find(([, option]) => `-${option.short}` === written);
    if (short !== undefined) return short[0];
  }
  const name = written.replace(/^-+/, "");
  const nearest = nearestName(name, Object.keys(options));
  throw new WrongUse(
    `${name} is not a recognized option${nearest === null ? "" : `; did you mean --${nearest}?`}`,
  );
}

function parsed(words: string[], options: Options): Raw {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      { type: takesValue(option) ? ("string" as const) : ("boolean" as const), multiple: true },
    ]),
  );
  try {
    const { values } = parseArgs({ args: words, options: config });
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value ?? []].flat()]));
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

function value(name: string, option: Option, raw: Raw[string], friendly: boolean): unknown {
  if (!takesValue(option)) return raw !== undefined;
  const texts = (raw ?? []).map(String);
  const values = texts.map((text) => typed(name, option.type, text));
  if (option.repeated) return values;
  if (values.length > 1) {
    throw new WrongUse(`Found multiple arguments for option ${name}, but you asked for only one`);
  }
  if (values.length === 1) return values[0];
  const standIn = option.default ?? (friendly ? option.preset : undefined);
  if (standIn !== undefined) return typed(name, option.type, standIn);
  if (option.required) throw new WrongUse(`Missing required argument "[${name}]"`);
  return undefined;
}

function typed(name: string, type: "string" | "integer" | "list", text: string): unknown {
  if (type === "string") return text;
  if (type === "list") return text.split(",").filter((part) => part !== "");
  if (!/^[+-]?\d+$/.test(text)) throw new WrongUse(`Cannot parse argument '${text}' of option ${name}`);
  return Number(text);
}

function checkTogether(options: Options, raw: Raw): void {
  const given = Object.entries(options).filter(([name]) => raw[name] !== undefined);
  for (const [name, { excludes = [], needs = [] }] of given) {
    const excluded = excludes.find((other) => raw[other] !== undefined);
    if (excluded !== undefined)
      throw new WrongUse(`Option "[${name}]" can't be used with option "[${excluded}]"`);
    const missing = needs.find((other) => raw[other] === undefined);
    if (missing !== undefined) throw new WrongUse(`Missing required argument "[${missing}]"`);
  }
}
