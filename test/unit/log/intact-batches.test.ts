import { afterEach, describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { IntactBytes } from "../../../src/log/intact-bytes.ts";
import type { PartitionLog } from "../../../src/log/partition-log.ts";
import { KafkaError } from "../../../src/protocol/errors.ts";
import { batchOf, client, consume, logOptions, TestLogger, temporaryLogs } from "./support.ts";

const { openIn, openLog, removeLogs } = temporaryLogs();
afterEach(removeLogs);

const BATCHES = 10;

/** A log of ten batches of two records that was closed cleanly, and reopened after `damage` was done to its file. */
async function reopened(damage: (bytes: Buffer, positions: readonly number[]) => void) {
  const { log, directory } = openLog({ configOverrides: { indexIntervalBytes: 200 } });
  for (let batch = 0; batch < BATCHES; batch++) log.append(batchOf(2, { valueSize: 50 }), client);
  await log.close();
  const path = `${directory}/00000000000000000000.log`;
  const bytes = readFileSync(path);
  const positions = Array.from({ length: BATCHES }, (_, batch) => (bytes.length / BATCHES) * batch);
  damage(bytes, positions);
  writeFileSync(path, bytes);
  const logger = new TestLogger();
  const { log: again } = openIn(logOptions(directory, { logger, recoveryPoint: 2 * BATCHES }));
  return { log: again, logger, path, positions };
}

const flip = (bytes: Buffer, at: number, mask = 1) => void bytes.writeUInt8(bytes.readUInt8(at) ^ mask, at);

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof KafkaError) return `${error.errorName}: ${error.message}`;
    throw error;
  }
  return "none";
}

const readAt = (log: PartitionLog, offset: number) =>
  log.read(offset, 1_000_000, { isolation: "log_end", minOneMessage: true });

describe("a batch that is not what was written", () => {
  test("is not served, and file and position are named, in the log once", async () => {
    const { log, logger, path, positions } = await reopened((bytes, [, , , at = 0]) => flip(bytes, at + 80));
    const expected = `CORRUPT_MESSAGE: ${path} at byte ${positions[3]}: the batch there is not what was written`;
    expect(refusal(() => readAt(log, 6))).toBe(expected);
    expect(refusal(() => readAt(log, 7))).toBe(expected);
    expect(logger.warnings.filter((line) => line.includes("it is not served"))).toHaveLength(1);
  });

  test("ends what is served from before it, and what lies behind it can be had", async () => {
    const { log, positions } = await reopened((bytes, [, , , at = 0]) => flip(bytes, at + 80));
    expect(readAt(log, 0).records?.sizeInBytes).toBe(positions[3]);
    expect(consume(log, "log_end", 8).map(({ offset }) => offset)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 8),
    );
  });

  test("keeps nobody from seeing that records are missing where its header hides them", async () => {
    // The last offset of the batch at 6 and 7: without it, the batch at 8 seems to be what comes next after 6.
    const { log, positions } = await reopened((bytes, [, , , at = 0]) => flip(bytes, at + 26));
    expect(refusal(() => readAt(log, 7))).toContain(`at byte ${positions[3]}`);
  });

  test("keeps nobody from seeing that the rest of a segment can't be found", async () => {
    const { log, positions } = await reopened((bytes, [, , , at = 0]) => flip(bytes, at + 8));
    expect(refusal(() => readAt(log, 6))).toContain(`at byte ${positions[3]}`);
  });

  test("keeps a coordinator from loading half of its state", async () => {
    const { log } = await reopened((bytes, [, , , at = 0]) => flip(bytes, at + 80));
    let batches = 0;
    const load = () => {
      for (const _ of log.readBatches()) batches++;
    };
    expect(refusal(load)).toContain("CORRUPT_MESSAGE");
    expect(batches).toBe(3);
  });

  test("keeps a search by time from passing it over", async () => {
    const { log } = await reopened((bytes, [at = 0]) => flip(bytes, at + 38));
    expect(refusal(() => log.offsetForTimestamp(1_700_000_000_000))).toContain("CORRUPT_MESSAGE");
  });
});

test("a batch that this process has appended is not read again to be served", () => {
  const { log, directory } = openLog();
  log.append(batchOf(2), client);
  const path = `${directory}/00000000000000000000.log`;
  const bytes = readFileSync(path);
  flip(bytes, 80);
  writeFileSync(path, bytes);
  expect(readAt(log, 0).records?.sizeInBytes).toBe(bytes.length);
});

describe("the bytes that are known to be intact", () => {
  test("grow at their end, meet, and end where the file does", () => {
    const intact = new IntactBytes();
    expect(intact.knownTo(0)).toBe(0);
    intact.add(0, 100);
    intact.add(100, 150);
    expect(intact.knownTo(0)).toBe(150);
    intact.add(300, 400);
    expect(intact.knownTo(150)).toBe(150);
    expect(intact.knownTo(350)).toBe(400);
    intact.add(140, 320);
    expect(intact.knownTo(0)).toBe(400);
    intact.truncate(120);
    expect(intact.knownTo(0)).toBe(120);
    expect(intact.knownTo(300)).toBe(300);
  });

  test("are forgotten rather than kept in ever more pieces", () => {
    const intact = new IntactBytes();
    for (let piece = 0; piece < 1000; piece++) intact.add(piece * 10, piece * 10 + 5);
    expect(intact.knownTo(9990)).toBe(9995);
    const known = Array.from({ length: 1000 }, (_, piece) => intact.knownTo(piece * 10)).filter(
      (to) => to % 10 === 5,
    );
    expect(known.length).toBeLessThan(100);
  });
});

describe("a log that was closed cleanly", () => {
  test("goes on in a new segment where its end is damaged, and cuts nothing off", async () => {
    const before: Buffer[] = [];
    const { log, logger, path, positions } = await reopened((bytes, positions) => {
      flip(bytes, (positions[9] ?? 0) + 8);
      before.push(Buffer.from(bytes));
    });
    expect(logger.warnings.join("\n")).toContain(
      `${path} was closed cleanly at offset 20, and is not intact any more`,
    );
    expect(log.logEndOffset).toBe(20);
    expect(log.append(batchOf(2), client).firstOffset).toBe(20);
    expect(consume(log, "log_end", 20)).toHaveLength(2);
    expect(readAt(log, 0).records?.sizeInBytes).toBe(positions[9]);
    expect(refusal(() => readAt(log, 18))).toContain("CORRUPT_MESSAGE");
    await log.close();
    expect(readFileSync(path).equals(before[0] ?? Buffer.alloc(0))).toBe(true);
  });

  test("says so when it ends elsewhere than it did, though every CRC is right", async () => {
    // The base offset of the last batch, which no CRC covers.
    const { logger } = await reopened((bytes, positions) => flip(bytes, (positions[9] ?? 0) + 6));
    expect(logger.warnings.join("\n")).toContain("was closed cleanly at offset 20, and ends at offset 276");
  });

  test("keeps its segments when a damaged checkpoint says that it begins behind its end", async () => {
    const { log, directory } = openLog();
    log.append(batchOf(5), client);
    await log.close();
    const logger = new TestLogger();
    const { log: again } = openIn(logOptions(directory, { logger, logStartOffset: 9000 }));
    expect(again.logStartOffset).toBe(0);
    expect(consume(again)).toHaveLength(5);
    expect(logger.warnings.join("\n")).toContain("ends at offset 5 but is said to begin at 9000");
  });

  test("keeps its records when a single character of its topic's id has changed", async () => {
    const { log, directory } = openLog();
    log.append(batchOf(5), client);
    await log.close();
    const path = `${directory}/partition.metadata`;
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace("topic_id: 4", "topic_id: 5"));
    const logger = new TestLogger();
    const { log: again } = openIn(logOptions(directory, { logger }));
    expect(consume(again)).toHaveLength(5);
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(logger.warnings.join("\n")).toContain("holds a damaged topic id");
  });
});
