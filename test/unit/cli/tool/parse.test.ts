import { describe, expect, test } from "bun:test";
import { WrongUse } from "../../../../src/cli/command.ts";
import { firstWord, parseWords } from "../../../../src/cli/tool/parse.ts";

const options = {
  server: { type: "string", takes: "host", description: "", required: true, preset: "localhost", short: "b" },
  time: { type: "integer", takes: "ms", description: "" },
  topic: { type: "string", takes: "topic", description: "", repeated: true },
  names: { type: "list", takes: "names", description: "", default: "x,y" },
  state: { type: "string", takes: "states", description: "", optionalValue: true },
  list: { description: "", excludes: ["all"] },
  all: { description: "", needs: ["topic"] },
} as const;
const parse = (...words: string[]) => parseWords(words, options, true).given;
const refusal = (...words: string[]) => {
  try {
    parseWords(words, options, false);
  } catch (error) {
    if (error instanceof WrongUse) return error.message;
    throw error;
  }
  return "";
};

describe("a tool's words", () => {
  test("give values behind a blank or an equals sign", () => {
    expect(parse("--time", "5", "--topic=a=b", "--topic", "c")).toMatchObject({
      time: 5,
      topic: ["a=b", "c"],
    });
  });

  test("may give a value that looks like an option", () => {
    expect(parse("--time", "-1", "--topic", "--list")).toMatchObject({
      time: -1,
      topic: ["--list"],
      list: false,
    });
  });

  test("may leave out the value of an option that says something without", () => {
    expect(parse("--state").state).toBe("");
    expect(parse("--state", "--list")).toMatchObject({ state: "", list: true });
    expect(parse("--state", "stable").state).toBe("stable");
    expect(parse().state).toBeUndefined();
  });

  test("may name an option by its letter", () => {
    expect(parse("-b", "there").server).toBe("there");
  });

  test("leave defaults and, under our own name, presets", () => {
    expect(parse()).toEqual({
      ...{ server: "localhost", time: undefined, topic: [], names: ["x", "y"] },
      ...{ state: undefined, list: false, all: false },
    });
  });

  test("keep what belongs to no option, and all behind two dashes", () => {
    expect(parseWords(["one", "--list", "--", "--all"], options, true).others).toEqual(["one", "--all"]);
  });

  test.each([
    [["--list"], 'Missing required argument "[server]"'],
    [["-b", "x", "--tpoic", "y"], "tpoic is not a recognized option; did you mean --topic?"],
    [["-b", "x", "--time", "soon"], "Cannot parse argument 'soon' of option time"],
    [["-b", "x", "--time"], "Option time requires an argument"],
    [["-b", "x", "-b", "y"], "Found multiple arguments for option server, but you asked for only one"],
    [["-b", "x", "--list", "--all", "--topic", "t"], 'Option "[list]" can\'t be used with option "[all]"'],
    [["-b", "x", "--all"], 'Missing required argument "[topic]"'],
  ])("that are wrong are refused as Kafka's tools do: %p", (words, message) => {
    expect(refusal(...words)).toBe(message);
  });
});

test("the first word is the one that is no option's value", () => {
  expect(firstWord(["--server", "host", "--list", "describe", "--time", "5"], options)).toBe(3);
  expect(firstWord(["-b", "host", "--topic=x"], options)).toBeNull();
});
