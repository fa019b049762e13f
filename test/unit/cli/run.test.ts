import { describe, expect, test } from "bun:test";
import { parseArguments } from "../../../src/cli/arguments.ts";
import { runCommand } from "../../support/command-run.ts";

describe("the first word", () => {
  test("that is help lists every command", async () => {
    const { code, lines } = await runCommand("help");
    expect(code).toBe(0);
    for (const name of ["format", "dump-log", "check"]) {
      expect(lines.some((line) => line.startsWith(`  houska ${name} `))).toBe(true);
    }
  });

  test("that is help, and a command's name behind it, say how that is used", async () => {
    const asked = await runCommand("help", "check");
    expect(asked.lines[0]).toBe("usage: houska check [options] DIRECTORY...");
    expect(await runCommand("check", "--help")).toEqual(asked);
  });

  test("that is neither a command nor a file is told of, with the command that may have been meant", async () => {
    const { code, complaint } = await runCommand("dumplog", "x.log");
    expect(code).toBe(2);
    expect(complaint).toContain(
      "there is neither a command nor a properties file dumplog; did you mean dump-log?",
    );
  });
});

describe("an option that there isn't", () => {
  for (const [words, meant] of [
    [["check", "--deep-iterations", "/nowhere"], "--deep-iteration"],
    [["dump-log", "--print-datalog", "x.log"], "--print-data-log"],
    [["format", "--clusterid", "x"], "--cluster-id"],
  ] as const) {
    test(`is refused, and ${meant} is named for ${words.find((word) => word.startsWith("--"))}`, async () => {
      const { code, complaint } = await runCommand(...words);
      expect(code).toBe(2);
      expect(complaint).toContain(`did you mean ${meant}?`);
    });
  }
});

test("an option of the broker's that there isn't is refused in the same way", () => {
  expect(() => parseArguments(["--overide", "log.dirs=/nowhere"])).toThrow(
    "there is no option --overide; did you mean --override?",
  );
});

test("a command without what it works on says so", async () => {
  expect((await runCommand("check")).complaint).toContain("no log directory is named");
  expect((await runCommand("dump-log")).complaint).toContain("no file is named");
});
