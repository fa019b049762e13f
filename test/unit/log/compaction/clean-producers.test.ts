/** What compaction leaves of idempotent producers and of transactions. */
import { afterEach, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { PartitionLog } from "../../../../src/log/partition-log.ts";
import { client, consume, coordinator, logOptions, marker } from "../support.ts";
import { batchesOf, compact, compacted, compactedLogs, fill, keyed, survivors, write } from "./support.ts";

/** When the clocks of the logs begin. */
const NOW = 1_700_000_000_000;

const { open, removeLogs } = compactedLogs();
afterEach(removeLogs);

describe("with idempotent producers", () => {
  test("the last batch of each is kept, empty if need be, and with it the sequence numbers", async () => {
    const { log, options } = open();
    const producer = { producerId: 7n, producerEpoch: 0 };
    write(log, [["a", "1"]], { ...producer, baseSequence: 0 });
    write(
      log,
      [
        ["a", "2"],
        ["b", "2"],
      ],
      { ...producer, baseSequence: 1 },
    );
    write(log, [
      ["a", "3"],
      ["b", "3"],
    ]);
    fill(log);
    await compact(log);
    expect(batchesOf(log).slice(0, 2)).toMatchObject([
      { baseOffset: 1, lastOffset: 2, count: 0, sequence: 1, baseTimestamp: -1, isIntact: true },
      { baseOffset: 3, count: 2 },
    ]);
    await log.close();
    for (const name of readdirSync(options.directory)) {
      if (name.endsWith(".snapshot")) await Bun.file(`${options.directory}/${name}`).delete();
    }
    const again = PartitionLog.open(
      logOptions(options.directory, { configOverrides: compacted, cleanShutdown: false }),
    );
    const repeated = again.append(
      keyed(
        [
          ["a", "2"],
          ["b", "2"],
        ],
        { ...producer, baseSequence: 1 },
      ),
      client,
    );
    expect(repeated).toMatchObject({ duplicate: true, firstOffset: 1, lastOffset: 2 });
    again.abandon();
  });

  test("a producer that has been forgotten leaves nothing behind", async () => {
    const { log, clock } = open();
    write(log, [["a", "1"]], { producerId: 7n, producerEpoch: 0, baseSequence: 0 });
    write(log, [["a", "2"]]);
    fill(log);
    clock.advance(100_000_000);
    log.expireProducers();
    await compact(log);
    expect(batchesOf(log)[0]?.baseOffset).toBe(1);
  });
});

describe("of transactions", () => {
  const transactional = { producerId: 1n, producerEpoch: 0, transactional: true };

  test("aborted records go at once, and their marker when delete.retention.ms is over", async () => {
    const { log, clock } = open();
    write(log, [["a", "1"]]);
    write(log, [["a", "aborted"]], { ...transactional, baseSequence: 0 });
    log.append(marker(1n, "abort"), coordinator);
    // The producer goes on, so that its last batch is another.
    write(log, [["z", "1"]], { ...transactional, baseSequence: 1 });
    log.append(marker(1n, "commit"), coordinator);
    fill(log);
    await compact(log);
    const offsets = () => batchesOf(log).map(({ baseOffset }) => baseOffset);
    expect(survivors(log).slice(0, 2)).toEqual(["0 a=1", "3 z=1"]);
    // The first run has met the aborted records, and so keeps the marker as it is.
    expect(offsets().slice(0, 4)).toEqual([0, 2, 3, 4]);
    await compact(log);
    expect(batchesOf(log)[1]).toMatchObject({ baseOffset: 2, baseTimestamp: NOW + 1000, isIntact: true });
    clock.advance(1000);
    await compact(log);
    expect(offsets().slice(0, 3)).toEqual([0, 3, 4]);
    expect(survivors(log).slice(0, 2)).toEqual(["0 a=1", "3 z=1"]);
  });

  test("readers of committed records see the same as before", async () => {
    const { log, options } = open();
    for (let index = 0; index < 12; index++) {
      write(log, [[`k${index % 4}`, `${index}`]], { ...transactional, baseSequence: index });
      write(log, [[`other${index % 3}`, `${index}`]], {
        ...transactional,
        producerId: 2n,
        baseSequence: index,
      });
      log.append(marker(1n, index % 3 === 0 ? "abort" : "commit"), coordinator);
      log.append(marker(2n, "commit"), coordinator);
    }
    fill(log);
    const latest = (records: readonly { key: Buffer | null; value: Buffer | null; offset: number }[]) =>
      [...new Map(records.map(({ key, value, offset }) => [`${key}`, `${offset} ${value}`]))].sort();
    const before = latest(consume(log, "last_stable"));
    await compact(log, { chunkBytes: 100 });
    expect(latest(consume(log, "last_stable"))).toEqual(before);
    expect(latest(consume(log, "high_watermark"))).toEqual(before);
    await log.close();
    const again = PartitionLog.open(logOptions(options.directory, { configOverrides: compacted }));
    expect(latest(consume(again, "last_stable"))).toEqual(before);
    again.abandon();
  });

  test("nothing is compacted from the first on that is not decided", async () => {
    const { log } = open();
    for (let index = 0; index < 20; index++) write(log, [["a", `${index}`.padEnd(100)]]);
    write(log, [["b", "open"]], { ...transactional, baseSequence: 0 });
    const undecided = log.logEndOffset - 1;
    for (let index = 0; index < 20; index++) write(log, [["a", `${index}`.padEnd(100)]]);
    const { firstUncleanableOffset } = log.cleanablePart(undefined);
    expect(firstUncleanableOffset).toBeLessThanOrEqual(undecided);
    const { upToOffset } = await compact(log);
    expect(upToOffset).toBe(firstUncleanableOffset);
    expect(consume(log, "last_stable").at(-1)?.offset).toBe(undecided - 1);
    log.append(marker(1n, "abort"), coordinator);
    fill(log);
    await compact(log);
    expect(survivors(log).some((line) => line.includes("open"))).toBe(false);
  });

  test("the index of aborted transactions keeps those whose marker stays", async () => {
    const { log, directory } = open({ segmentBytes: 2000 });
    write(log, [["a", "aborted"]], { ...transactional, baseSequence: 0 });
    log.append(marker(1n, "abort"), coordinator);
    write(log, [["b", "1"]], { ...transactional, baseSequence: 1 });
    log.append(marker(1n, "commit"), coordinator);
    fill(log);
    await compact(log);
    const sizes = readdirSync(directory)
      .filter((name) => name.endsWith(".txnindex"))
      .map((name) => Bun.file(`${directory}/${name}`).size);
    expect(sizes).toEqual([34]);
    await compact(log);
    expect(readdirSync(directory).filter((name) => name.endsWith(".txnindex"))).toEqual([]);
  });
});
