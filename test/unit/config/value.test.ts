import { describe, expect, test } from "bun:test";
import {
  boolean,
  type Definition,
  double,
  int,
  list,
  long,
  password,
  short,
} from "../../../src/config/definition.ts";
import { anyList, between, nonEmptyList } from "../../../src/config/validators.ts";
import { allowedValues, parseConfig, shownText } from "../../../src/config/value.ts";

const parsed = (definition: Definition, text: string) => parseConfig(definition, text);

describe("a config value", () => {
  test("is read with blanks around it and a plus sign before it", () => {
    expect(parsed(int("a", 0), " +5 ")).toBe(5);
  });

  test("is a boolean in any case, and nothing but true or false", () => {
    expect(parsed(boolean("a", false), "TRUE")).toBe(true);
    expect(() => parsed(boolean("a", false), "yes")).toThrow(
      "Invalid value yes for configuration a: Expected value to be either true or false",
    );
  });

  const wholeNumbers: [string, Definition, string, string][] = [
    ["SHORT", short("a", 0), "-32768", "32768"],
    ["INT", int("a", 0), "2147483647", "2147483648"],
    ["LONG", long("a", 0), "-9223372036854775808", "9223372036854775808"],
  ];

  test.each(wholeNumbers)("of type %s keeps to the range of its type", (type, definition, last, beyond) => {
    expect(shownText(definition, last)).toBe(last);
    expect(() => parsed(definition, beyond)).toThrow(
      `Invalid value ${beyond} for configuration a: Not a number of type ${type}`,
    );
  });

  test.each(["", "1_000", "10.0", "0x10", "1e3", "five", "- 1"])(
    "that is no whole number is refused: %p",
    (text) => {
      expect(() => parsed(long("a", 0), text)).toThrow("Not a number of type LONG");
    },
  );

  test("of 64 bits comes back digit by digit", () => {
    expect(shownText(long("a", 0), "9223372036854775806")).toBe("9223372036854775806");
  });

  test.each([
    ["1", "1.0"],
    ["1e-1", "0.1"],
    [".5", "0.5"],
    ["0.5f", "0.5"],
    ["1.7976931348623157E308", "1.7976931348623157E308"],
    ["12345678", "1.2345678E7"],
    ["0.0001", "1.0E-4"],
    ["NaN", "NaN"],
    ["-Infinity", "-Infinity"],
  ])("that is a double is shown as Java shows it: %p", (text, shown) => {
    expect(shownText(double("a", "0.0"), text)).toBe(shown);
  });

  test.each(["", "0.5x", "1,5", "half"])("that is no double is refused: %p", (text) => {
    expect(() => parsed(double("a", "0.0"), text)).toThrow("Not a number of type DOUBLE");
  });

  test("that is a list is split at commas, without the blanks around them and without repeated elements", () => {
    expect(parsed(list("a", "", anyList), " b , a,b ")).toEqual(["b", "a"]);
    expect(shownText(list("a", "", anyList), " b , a,b ")).toBe("b,a");
    expect(parsed(list("a", "", anyList), "  ")).toEqual([]);
  });

  test("that is a list has no empty elements, and is itself not empty where something is needed", () => {
    expect(() => parsed(list("a", "", anyList), "b,")).toThrow("Configuration 'a' values must not be empty.");
    expect(() => parsed(list("a", "", nonEmptyList), "")).toThrow(
      "Configuration 'a' must not be empty. Valid values include: any non-empty value",
    );
  });

  test("keeps repeated elements of a list where they are an error of their own", () => {
    expect(() => parseConfig(list("a", "", anyList), "b,b", false)).toThrow(
      "Configuration 'a' values must not be duplicated.",
    );
  });

  test("is shown as it stands when it can't be read", () => {
    expect(shownText(int("a", 0), "many")).toBe("many");
  });

  test("may hold what the words for it say", () => {
    expect(allowedValues(int("a", 0, between(1, 9)))).toBe("a whole number of 32 bits, from 1 to 9");
    expect(allowedValues(password("a", null))).toBe("text");
    expect(allowedValues(list("a", "", nonEmptyList))).toBe("a comma-separated list, not empty");
  });
});
