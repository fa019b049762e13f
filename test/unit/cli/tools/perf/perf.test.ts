import { afterAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { detailLine, headerLine, totalLine } from "../../../../../src/cli/tools/perf/consume-report.ts";
import { dateFormat } from "../../../../../src/cli/tools/perf/date-format.ts";
import {
  countingPayloads,
  filePayloads,
  randomPayloads,
} from "../../../../../src/cli/tools/perf/payloads.ts";
import { Throttle } from "../../../../../src/cli/tools/perf/throttle.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../../../support/broker-process.ts";
import { runCommand } from "../../../../support/command-run.ts";

afterAll(removeTemporaryFolders);

const AT = new Date(2026, 2, 5, 14, 7, 9, 42).getTime();

describe("what was consumed", () => {
  const span = { startMs: 0, endMs: 2000, records: 100, bytes: 1024 * 1024, rebalanceMs: 1000 };
  const format = (timeMs: number) => `<${timeMs}>`;

  test("is told in the figures of Kafka's tool", () => {
    expect(headerLine(false)).toBe(
      "start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec",
    );
    expect(totalLine(span, format)).toBe(
      "<0>, <2000>, 1.0000, 0.5000, 100, 50.0000, 1000, 1000, 1.0000, 100.0000",
    );
  });

  test("is told in between, too", () => {
    expect(headerLine(true)).toStartWith("time, threadId, data.consumed.in.MB");
    expect(detailLine(span, { records: 500, bytes: 3 * 1024 * 1024 }, format)).toBe(
      "<2000>, 0, 3.0000, 0.5000, 500, 50.0000, 1000, 1000, 1.0000, 100.0000",
    );
    expect(detailLine({ ...span, rebalanceMs: 2000 }, span, format)).toEndWith("2000, 0, 0.0000, 0.0000");
  });
});

describe("a time", () => {
  test.each([
    ["yyyy-MM-dd HH:mm:ss:SSS", "2026-03-05 14:07:09:042"],
    ["d.M.yy h:m a", "5.3.26 2:7 PM"],
    ["HH 'o''clock' ''", "14 o'clock '"],
  ])("is written as %s says", (pattern, text) => {
    expect(dateFormat(pattern)(AT)).toBe(text);
  });

  test("is not written in words", () => {
    expect(() => dateFormat("EEE")).toThrow("'EEE' is not known here");
  });
});

describe("what records hold", () => {
  test("is random letters of a size, different ones", () => {
    const payloads = randomPayloads(20);
    const [one, other] = [payloads(0), payloads(1)].map((bytes) => Buffer.from(bytes).toString());
    expect(one).toMatch(/^[A-Z]{20}$/);
    expect(one).not.toBe(other);
  });

  test("is numbers that grow", () => {
    expect([0, 1, 10].map((index) => String(countingPayloads(index)))).toEqual(["0", "1", "10"]);
  });

  test("is a part of a file", () => {
    const path = join(temporaryFolder(), "payloads");
    writeFileSync(path, "a|b||");
    const lines: string[] = [];
    const payloads = filePayloads(
      path,
      "\\|",
      (line) => lines.push(line),
      () => 0.99,
    );
    expect(lines).toEqual([`Reading payloads from: ${path}`, "Number of records read: 2"]);
    expect(payloads(0)).toEqual(Buffer.from("b"));
  });

  test("is not in a file that has nothing in it or isn't there", () => {
    const missing = join(temporaryFolder(), "missing");
    expect(() => filePayloads(missing, "\n", () => {})).toThrow(
      "File does not exist or empty file provided.",
    );
  });
});

test("who sends faster than asked for is held back, and nobody where there is no limit", () => {
  let nowMs = 0;
  const throttle = new Throttle(1000, () => nowMs);
  expect(throttle.waitMs(100)).toBe(100);
  nowMs = 250;
  expect(throttle.waitMs(200)).toBe(0);
  expect(new Throttle(-1, () => 0).waitMs(1e9)).toBe(0);
});

describe("a performance test is refused", () => {
  const producing = ["--topic", "t", "--num-records", "10"];
  test.each([
    [["--topic", "t"], 'Missing required argument "[num-records]"'],
    [producing, "one of the arguments --record-size --payload-file --payload-monotonic is required"],
    [[...producing, "--record-size", "0"], "--record-size should be greater than zero."],
    [[...producing, "--record-size", "1", "--warmup-records", "10"], "must be strictly fewer"],
    [[...producing, "--record-size", "1", "--throughput", "fast"], "could not convert 'fast' to Double"],
    [[...producing, "--record-size", "1", "acks"], "Invalid property: acks"],
  ])("for producing with %j", async (words, message) => {
    const { code, complaint } = await runCommand("perf", "produce", ...words);
    expect(complaint).toContain(message);
    expect(code).toBe(1);
  });

  test.each([
    [["--num-records", "1"], "Exactly one of the following arguments is required: [topic], [include]"],
    [["--topic", "t"], "Exactly one of the following arguments is required: [messages], [num-records]"],
    [["--topic", "t", "--num-records", "1", "--messages", "1"], "cannot be specified together"],
    [["--topic", "t", "--num-records", "1", "--reporting-interval", "0"], "must be greater than 0"],
  ])("for consuming with %j", async (words, message) => {
    const { code, complaint } = await runCommand("perf", "consume", ...words);
    expect(complaint).toContain(message);
    expect(code).toBe(1);
  });
});
