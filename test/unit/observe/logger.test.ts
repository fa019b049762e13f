/**
 * Events as lines, and from which level on they are told.
 */
import { expect, test } from "bun:test";
import { logLevelNames, parseLogLevel } from "../../../src/observe/log-level.ts";
import { createLogger, type LogFormat, type LogLevel } from "../../../src/observe/logger.ts";

const now = () => new Date("2026-11-21T14:30:52.749Z");

/** What is written of an event of each level. */
function written(level: LogLevel, format?: LogFormat): string[] {
  const lines: string[] = [];
  const logger = createLogger(level, (line) => lines.push(line), now, format);
  logger.debug("a");
  logger.info("b");
  logger.warn("c");
  logger.error("d");
  return lines;
}

test("an event is a line with its time and level", () => {
  expect(written("warn")).toEqual([
    "[2026-11-21 14:30:52,749] WARN c\n",
    "[2026-11-21 14:30:52,749] ERROR d\n",
  ]);
});

test("what lies below the level is left out", () => {
  expect((["debug", "info", "warn", "error", "off"] as const).map((level) => written(level).length)).toEqual([
    4, 3, 2, 1, 0,
  ]);
});

test("for programs an event is an object in a line, whatever it says", () => {
  const lines: string[] = [];
  createLogger("info", (line) => lines.push(line), now, "json").info('two\nlines, "quoted"');

  expect(lines).toHaveLength(1);
  expect(lines[0]?.indexOf("\n")).toBe((lines[0]?.length ?? 0) - 1);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    time: "2026-11-21T14:30:52.749Z",
    level: "INFO",
    message: 'two\nlines, "quoted"',
  });
});

test("levels have log4j's names, in any case", () => {
  expect(logLevelNames.map((name) => [name, parseLogLevel(name.toLowerCase())])).toEqual([
    ["ALL", "debug"],
    ["TRACE", "debug"],
    ["DEBUG", "debug"],
    ["INFO", "info"],
    ["WARN", "warn"],
    ["ERROR", "error"],
    ["FATAL", "off"],
    ["OFF", "off"],
  ]);
  expect(parseLogLevel("loud")).toBeUndefined();
});
