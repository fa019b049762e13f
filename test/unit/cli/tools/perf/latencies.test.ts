import { expect, test } from "bun:test";
import { Latencies } from "../../../../../src/cli/tools/perf/latencies.ts";

test("the last line has Kafka's figures", () => {
  let nowMs = 0;
  const latencies = new Latencies(
    4,
    10_000,
    false,
    () => {},
    () => nowMs,
  );
  for (const latencyMs of [4, 1, 3, 2]) latencies.record(latencyMs, 1024 * 1024);
  nowMs = 2000;
  expect(latencies.totalLine()).toBe(
    "4 records sent, 2.000000 records/sec (2.00 MB/sec), 2.50 ms avg latency, 4.00 ms max latency, " +
      "3 ms 50th, 4 ms 95th, 4 ms 99th, 4 ms 99.9th.",
  );
});

test("every so often a line tells of the time since the last one", () => {
  let nowMs = 0;
  const lines: string[] = [];
  const latencies = new Latencies(
    10,
    1000,
    false,
    (line) => lines.push(line),
    () => nowMs,
  );
  latencies.record(5, 524288);
  nowMs = 1000;
  latencies.record(6, 524288);
  nowMs = 1500;
  latencies.record(100, 1);
  expect(lines).toEqual([
    "2 records sent, 2.0 records/sec (1.00 MB/sec), 5.5 ms avg latency, 6.0 ms max latency.",
  ]);
});

test("the steady state says when it begins, and its figures are told apart", () => {
  let nowMs = 0;
  const lines: string[] = [];
  const steady = new Latencies(
    2,
    1000,
    true,
    (line) => lines.push(line),
    () => nowMs,
  );
  nowMs = 1000;
  steady.record(1, 1);
  expect(lines[0]).toBe("In steady state.");
  expect(steady.totalLine()).toStartWith("1 steady state records sent, ");
});

test("who is quiet prints no lines in between", () => {
  let nowMs = 0;
  const lines: string[] = [];
  const latencies = new Latencies(
    2,
    1000,
    false,
    (line) => lines.push(line),
    () => nowMs,
  );
  latencies.quieten();
  nowMs = 1000;
  latencies.record(1, 1);
  expect(lines).toEqual([]);
});
