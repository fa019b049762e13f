/**
 * Values of configs: from text, by Kafka's rules for each type, and back to the text Kafka would show.
 */
import { type ConfigValue, InvalidConfigError } from "./config-value.ts";
import type { ConfigType, Definition } from "./definition.ts";

const ranges: Partial<Record<ConfigType, readonly [bigint, bigint]>> = {
  short: [-(2n ** 15n), 2n ** 15n - 1n],
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
};

/**
 * The value of `text` for a key, checked against what the key allows.
 *
 * @param dropDuplicates whether repeated elements of a list are dropped first; Kafka does so everywhere but in dynamic
 *   changes to a broker
 * @throws InvalidConfigError with Kafka's message
 */
export function parseConfig(definition: Definition, text: string, dropDuplicates = true): ConfigValue {
  let value = parseType(definition.name, definition.type, text);
  const { validator } = definition;
  if (dropDuplicates && validator?.dropsDuplicates) value = [...new Set(value as readonly string[])];
  validator?.check(definition.name, value);
  return value;
}

/**
 * The value of `text` by the rules of a type alone.
 *
 * @throws InvalidConfigError with Kafka's message
 */
export function parseType(name: string, type: ConfigType, text: string): ConfigValue {
  const trimmed = text.trim();
  const fail = (reason: string) =>
    new InvalidConfigError(name, `Invalid value ${text} for configuration ${name}: ${reason}`);
  switch (type) {
    case "boolean": {
      const lower = trimmed.toLowerCase();
      if (lower !== "true" && lower !== "false") throw fail("Expected value to be either true or false");
      return lower === "true";
    }
    case "short":
    case "int":
    case "long": {
      const value = parseInteger(type, trimmed);
      if (value === null) throw fail(`Not a number of type ${type.toUpperCase()}`);
      return type === "long" ? value : Number(value);
    }
    case "double": {
      const value = parseDouble(trimmed);
      if (value === null) throw fail("Not a number of type DOUBLE");
      return value;
    }
    case "list":
      return trimmed === "" ? [] : trimmed.split(/\s*,\s*/);
    default:
      return trimmed;
  }
}

function parseInteger(type: ConfigType, text: string): bigint | null {
  if (!/^[+-]?\d+$/.test(text)) return null;
  const value = BigInt(text.replace("+", ""));
  const range = ranges[type];
  return range !== undefined && value >= range[0] && value <= range[1] ? value : null;
}

/** Java's Double.parseDouble, without its hexadecimal form. */
function parseDouble(text: string): number | null {
  if (/^[+-]?(NaN|Infinity)$/.test(text)) return Number(text.replace(/^[+-]NaN$/, "NaN"));
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFdD]?$/.exec(text);
  return match?.[1] === undefined ? null : Number(match[1]);
}

/** The text Kafka shows for a value: what `ConfigDef.convertToString` returns. */
export function configText(type: ConfigType, value: ConfigValue): string {
  if (Array.isArray(value)) return value.join(",");
  return type === "double" ? javaDouble(value as number) : String(value);
}

/**
 * `text` as Kafka shows it after parsing: trimmed, lists without blanks, numbers without a plus sign. What can't be
 * parsed, found in a metadata log that somebody else wrote, is shown as it stands.
 */
export function shownText(definition: Definition, text: string): string {
  try {
    return configText(definition.type, parseConfig(definition, text));
  } catch (error) {
    if (error instanceof InvalidConfigError) return text;
    throw error;
  }
}

/** Java's Double.toString: at least one digit after the point, an exponent outside 10⁻³ to 10⁷. */
function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7))
    return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
}

const typeWords: Record<ConfigType, string> = {
  boolean: "true or false",
  string: "text",
  int: "a whole number of 32 bits",
  short: "a whole number of 16 bits",
  long: "a whole number of 64 bits",
  double: "a number",
  list: "a comma-separated list",
  class: "a class name",
  password: "text",
};

/** What a key may hold, for a person: `a whole number of 32 bits, at least 1`. */
export function allowedValues({ type, validator }: Definition): string {
  if (validator === null) return typeWords[type];
  const saysItAll = type === "string" || type === "list";
  return saysItAll ? validator.allowed : `${typeWords[type]}, ${validator.allowed}`;
}
