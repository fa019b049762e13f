/** Directories that others have made: by hand, or with timestamps that no number holds exactly. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { CRC_START, setCrc } from "../../../../src/records/batch-header.ts";
import { buildBatch } from "../../../../src/records/builder.ts";
import { crc32c } from "../../../../src/records/crc32c.ts";
import { batchOf, client, consume, producedBy } from "../support.ts";
import { offsetsIn, PartitionDirectory, upTo } from "./support.ts";

let partition: PartitionDirectory;
beforeEach(() => {
  partition = new PartitionDirectory();
});
afterEach(() => partition.remove());

/** A batch of two records whose timestamps are nanoseconds, which no number holds exactly. */
function inNanoseconds(baseOffset: number): Buffer {
  const batch = batchOf(2, {
    baseOffset,
    partitionLeaderEpoch: 0,
    producerId: 7n,
    producerEpoch: 0,
    baseSequence: 0,
  });
  for (const at of [27, 35]) batch.writeBigInt64BE(1_795_262_600_123_456_789n, at);
  setCrc(batch, 0, crc32c(batch, CRC_START));
  return batch;
}

describe("timestamps beyond what a number holds exactly", () => {
  for (const cleanShutdown of [true, false]) {
    test(`cost no record after ${cleanShutdown ? "a clean" : "an unclean"} shutdown`, async () => {
      mkdirSync(partition.directory);
      const batches = [batchOf(2, { partitionLeaderEpoch: 0 }), inNanoseconds(2)];
      const bytes = Buffer.concat([...batches, batchOf(2, { baseOffset: 4, partitionLeaderEpoch: 0 })]);
      writeFileSync(partition.path(0), bytes);
      const log = partition.open({ cleanShutdown });
      expect(offsetsIn(log)).toEqual(upTo(6));
      expect(log.offsetForTimestamp(1_795_262_600_000_000_000)?.offset).toBe(2);
      expect(log.offsetOfMaxTimestamp()?.offset).toBe(2);
      await log.close();
      expect(readFileSync(partition.path(0)).equals(bytes)).toBe(true);
      expect(partition.open().logEndOffset).toBe(6);
    });
  }
});

describe("a directory made by hand", () => {
  const metadata = "version: 0\ntopic_id: 4mxVWLqCQE6u0DOmwz12ow==";

  test("of an empty .log and a padded topic id is a log without records", () => {
    mkdirSync(partition.directory);
    writeFileSync(`${partition.directory}/partition.metadata`, metadata);
    writeFileSync(partition.path(0), "");
    const log = partition.open({ cleanShutdown: false });
    expect([log.logStartOffset, log.logEndOffset, log.topicId as string]).toEqual([
      0,
      0,
      "4mxVWLqCQE6u0DOmwz12ow",
    ]);
    expect(log.append(batchOf(1), client).firstOffset).toBe(0);
  });

  test("may begin behind the offset that names its file", () => {
    mkdirSync(partition.directory);
    writeFileSync(partition.path(0), batchOf(2, { baseOffset: 1, partitionLeaderEpoch: 0 }));
    for (const cleanShutdown of [false, true]) {
      const log = partition.open({ cleanShutdown });
      expect([log.logStartOffset, log.logEndOffset]).toEqual([0, 3]);
      expect(offsetsIn(log)).toEqual([1, 2]);
      log.abandon();
    }
  });

  test("may begin with a segment above zero", () => {
    mkdirSync(partition.directory);
    writeFileSync(partition.path(150), batchOf(2, { baseOffset: 150, partitionLeaderEpoch: 0 }));
    const log = partition.open({ cleanShutdown: false });
    expect([log.logStartOffset, log.logEndOffset]).toEqual([150, 152]);
  });

  test("may hold the same producer, epoch and sequence in every batch, two years old", () => {
    mkdirSync(partition.directory);
    const batches = upTo(3).map((offset) =>
      buildBatch({
        baseOffset: offset,
        partitionLeaderEpoch: 0,
        producerId: 0n,
        producerEpoch: 0,
        baseSequence: 0,
        records: [{ timestamp: 1_600_000_000_000, key: null, value: Buffer.from(`m${offset}`) }],
      }),
    );
    writeFileSync(partition.path(0), Buffer.concat(batches));
    const log = partition.open({ cleanShutdown: false });
    expect(consume(log).map(({ value }) => value?.toString())).toEqual(["m0", "m1", "m2"]);
    expect(log.append(producedBy(0n, 0), client)).toMatchObject({ firstOffset: 3, duplicate: false });
    expect(partition.logger.warnings).toEqual([]);
  });
});
