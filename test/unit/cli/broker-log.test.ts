/**
 * Which level and form the broker's log has, by arguments and environment.
 */
import { beforeEach, expect, test } from "bun:test";
import { parseArguments } from "../../../src/cli/arguments.ts";
import { brokerLog } from "../../../src/cli/broker-log.ts";

let printed: string[] = [];
beforeEach(() => {
  printed = [];
});
const print = (text: string) => void printed.push(text);

/** What is printed of an event of each level, by the names of the levels. */
function levelsTold(words: readonly string[], environment: Record<string, string> = {}): string[] {
  const { logger } = brokerLog(parseArguments(words), environment, print);
  logger.debug("x");
  logger.info("x");
  logger.warn("x");
  logger.error("x");
  return printed.filter((line) => line.endsWith(" x\n")).map((line) => line.split(" ")[2] ?? "");
}

test("without a word it is told from INFO on", () => {
  expect(levelsTold([])).toEqual(["INFO", "WARN", "ERROR"]);
});

test("the environment has a level, and an argument a stronger one", () => {
  expect(levelsTold([], { KAFKA_LOG4J_ROOT_LOGLEVEL: "warn" })).toEqual(["WARN", "ERROR"]);
  printed = [];
  expect(levelsTold(["--log-level", "debug"], { KAFKA_LOG4J_ROOT_LOGLEVEL: "OFF" })).toEqual([
    "DEBUG",
    "INFO",
    "WARN",
    "ERROR",
  ]);
});

test("a level of the environment that there isn't is told of, and INFO taken", () => {
  expect(levelsTold([], { KAFKA_LOG4J_ROOT_LOGLEVEL: "LOUD" })).toEqual(["INFO", "WARN", "ERROR"]);
  expect(printed[0]).toContain("KAFKA_LOG4J_ROOT_LOGLEVEL=LOUD is no level; INFO is taken");
});

test("arguments that name no level or form are refused", () => {
  expect(() => parseArguments(["--log-level", "loud"])).toThrow(
    "--log-level is one of ALL, TRACE, DEBUG, INFO, WARN, ERROR, FATAL, OFF, and not loud",
  );
  expect(() => parseArguments(["--log-format", "xml"])).toThrow("--log-format is text or json, and not xml");
});

test("what is announced is told at every level, as lines or as events", () => {
  const lines = ["Houska", "  data  /data"];
  brokerLog(parseArguments(["--log-level", "off"]), {}, print).announce.lines(lines);
  expect(printed.join("")).toBe("Houska\n  data  /data\n");

  printed = [];
  brokerLog(parseArguments(["--log-level", "off", "--log-format", "json"]), {}, print).announce.lines(lines);
  const events = printed.join("").trim().split("\n");
  expect(events.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
    "Houska",
    "data  /data",
  ]);
});
