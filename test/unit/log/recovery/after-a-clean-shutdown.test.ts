/** Files that are missing or damaged though the broker was shut down cleanly. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { batchOf, client, consume, coordinator, marker, producedBy } from "../support.ts";
import { offsetsIn, PartitionDirectory, upTo } from "./support.ts";

let partition: PartitionDirectory;
beforeEach(() => {
  partition = new PartitionDirectory();
});
afterEach(() => partition.remove());

describe("after a clean shutdown", () => {
  test("a segment without indexes gets them again", async () => {
    const bases = await partition.written();
    const kept = bases.map((base) => [
      readFileSync(partition.path(base, ".index")),
      readFileSync(partition.path(base, ".timeindex")),
    ]);
    for (const base of bases) {
      rmSync(partition.path(base, ".index"));
      if (base > 0) rmSync(partition.path(base, ".timeindex"));
    }
    const log = partition.open();
    expect(offsetsIn(log)).toEqual(upTo(40));
    await log.close();
    expect(
      bases.map((base) => [
        readFileSync(partition.path(base, ".index")),
        readFileSync(partition.path(base, ".timeindex")),
      ]),
    ).toEqual(kept);
  });

  test("no byte of any index is believed that leads astray", async () => {
    const bases = await partition.written();
    for (const base of bases) {
      for (const suffix of [".index", ".timeindex"]) {
        const bytes = readFileSync(partition.path(base, suffix));
        for (let at = 0; at < bytes.length; at++) {
          for (const flip of [0x01, 0x80]) {
            const damaged = Buffer.from(bytes);
            damaged.writeUInt8(damaged.readUInt8(at) ^ flip, at);
            writeFileSync(partition.path(base, suffix), damaged);
            const log = partition.open();
            expect(log.logEndOffset).toBe(40);
            for (const offset of [0, 7, 17, 27, 38])
              expect(consume(log, "log_end", offset, 400)[0]?.offset).toBe(offset);
            log.abandon();
          }
        }
        writeFileSync(partition.path(base, suffix), bytes);
      }
    }
  });

  test("indexes of no byte, or cut within an entry, cost time but no record", async () => {
    const bases = await partition.written();
    for (const base of bases) {
      truncateSync(partition.path(base, ".index"), base === 0 ? 0 : 11);
      truncateSync(partition.path(base, ".timeindex"), base === 0 ? 0 : 13);
    }
    const log = partition.open();
    expect(offsetsIn(log)).toEqual(upTo(40));
    for (const index of upTo(20)) {
      expect(log.offsetForTimestamp(1000 + index)?.offset).toBe(Math.max(0, 2 * index - 1));
    }
    expect(log.append(batchOf(1), client).firstOffset).toBe(40);
  });

  test("an active segment that is not whole is recovered all the same", async () => {
    const bases = await partition.written();
    const last = partition.path(bases.at(-1) ?? 0);
    truncateSync(last, readFileSync(last).length - 5);
    const log = partition.open();
    expect(offsetsIn(log)).toEqual(upTo(38));
    expect(partition.logger.warnings.length).toBeGreaterThan(0);
  });

  test("a damaged transaction index is rebuilt", async () => {
    const log = partition.open();
    log.append(producedBy(1n, 0, { transactional: true }), client);
    log.append(marker(1n, "abort"), coordinator);
    await log.close();
    writeFileSync(partition.path(0, ".txnindex"), Buffer.alloc(20, 7));
    expect(consume(partition.open(), "last_stable")).toEqual([]);
  });

  test("snapshots that are missing are made up for by the log", async () => {
    const log = partition.open();
    log.append(producedBy(1n, 0), client);
    await log.close();
    for (const name of readdirSync(partition.directory))
      if (name.endsWith(".snapshot")) rmSync(`${partition.directory}/${name}`);
    expect(partition.open().append(producedBy(1n, 0), client).duplicate).toBe(true);
  });

  test("leader epochs that are missing are read from the batches", async () => {
    const log = partition.open();
    for (let epoch = 1; epoch < 30; epoch++)
      log.append(batchOf(2, { valueSize: 150 }), { leaderEpoch: Math.floor(epoch / 4), origin: "client" });
    const epochs = upTo(9).map((epoch) => log.endOffsetForEpoch(epoch));
    await log.close();
    rmSync(`${partition.directory}/leader-epoch-checkpoint`);
    const again = partition.open();
    expect(upTo(9).map((epoch) => again.endOffsetForEpoch(epoch))).toEqual(epochs);
  });
});
