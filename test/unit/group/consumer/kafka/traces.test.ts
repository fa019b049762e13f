/**
 * Groups as they fared in Apache Kafka 4.4.0's own coordinator, over random requests, lost replies, timeouts, changes of
 * topics and restarts: here they fare the same, reply by reply and record by record.
 */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { follow, type Trace } from "./trace.ts";

const fixture = new URL("../../../../fixtures/group/consumer-traces.jsonl.gz", import.meta.url);
const traces = new TextDecoder()
  .decode(Bun.gunzipSync(readFileSync(fixture)))
  .trim()
  .split("\n")
  .map((line): Trace => JSON.parse(line));

test("there are traces enough, of every kind of step", () => {
  const kinds = new Set(traces.flatMap(({ steps }) => steps.map(({ op }) => op)));
  expect(kinds.size).toBe(12);
  expect(traces.length).toBeGreaterThan(100);
});

for (const [index, trace] of traces.entries()) {
  test(`group ${index}, ${trace.steps.length} steps`, () => follow(trace));
}
