/**
 * The compiled broker's log, as its environment and its arguments ask for it.
 */
import { afterAll, expect, test } from "bun:test";
import { removeTemporaryFolders, startBroker } from "../support/broker-process.ts";

afterAll(removeTemporaryFolders);

const AN_UNKNOWN_KEY = { "no.such.key": "1" };

/** All that a broker says from its start to its stop. */
async function said(environment: Readonly<Record<string, string>>): Promise<string[]> {
  const broker = await startBroker({ environment, properties: AN_UNKNOWN_KEY });
  await broker.stop();
  return broker.output().trim().split("\n");
}

test("Events of lower levels than asked for aren't told; how to connect is", async () => {
  const lines = await said({ KAFKA_LOG4J_ROOT_LOGLEVEL: "ERROR" });

  expect(lines.filter((line) => / (INFO|WARN) /.test(line))).toEqual([]);
  expect(lines.some((line) => line.includes("connect    bootstrap.servers="))).toBe(true);
});

test("As JSON every line is an object with time, level and message, the lines of the start included", async () => {
  const lines = await said({ HOUSKA_LOG_FORMAT: "json" });
  const events = lines.map((line) => JSON.parse(line) as { time: string; level: string; message: string });

  expect(events.filter(({ time, message }) => Number.isNaN(Date.parse(time)) || message === "")).toEqual([]);
  expect(events.find(({ level }) => level === "WARN")?.message).toContain("unknown key no.such.key");
  expect(events.some(({ message }) => message.includes("bootstrap.servers="))).toBe(true);
  expect(events.at(-1)).toMatchObject({ level: "INFO", message: "Stopped; everything is on disk." });
});
