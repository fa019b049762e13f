/**
 * The power goes at every single change of the disk while logs are compacted, in each way a disk can forget. Afterwards
 * every key has the value that was flushed last, or a later one, and nothing is there that was never written.
 */
import { describe, expect, test } from "bun:test";
import { LogManager } from "../../../../src/log/log-manager.ts";
import type { PartitionLog } from "../../../../src/log/partition-log.ts";
import { parseUuid, ZERO_UUID } from "../../../../src/protocol/uuid.ts";
import { type Loss, SimulatedDisk } from "../../../disk/simulated-disk.ts";
import {
  client,
  consume,
  coordinator,
  defaultConfig,
  maintenance,
  marker,
  someTopicId,
  TestClock,
  TestLogger,
} from "../support.ts";
import { compacted, keyed } from "./support.ts";

const directoryId = parseUuid("Ythc5YP1R7G-bxLWAZ_EKg") ?? ZERO_UUID;
const T = 1_700_000_000_000;
/** Segments of three batches, so that several become one. */
const config = { ...defaultConfig, ...compacted, segmentBytes: 420, fileDeleteDelayMs: 1000 };

function open(disk: SimulatedDisk, clock: TestClock): LogManager {
  const manager = new LogManager({
    disk,
    clock,
    logger: new TestLogger(),
    directories: [{ path: "/logs", directoryId }],
    configOf: () => config,
    topicIdOf: () => someTopicId,
    settings: maintenance,
    cleaner: () => ({
      isEnabled: true,
      backoffMs: 15_000,
      dedupeBufferBytes: 100_000,
      dedupeBufferLoadFactor: 0.9,
      ioBufferBytes: 600,
      ioMaxBytesPerSecond: Number.MAX_VALUE,
    }),
    random: () => 0,
  });
  manager.recover();
  return manager;
}

interface Written {
  readonly offset: number;
  readonly key: string;
  /** Null for a tombstone. */
  readonly value: string | null;
  readonly isAborted: boolean;
  /** The offset after it and, where it has one, its marker. */
  readonly end: number;
}

interface Progress {
  /** In order. The last of them may not have returned. */
  readonly written: Written[];
  flushedUpTo: number;
}

/** Values, tombstones, transactions both ways, and compaction again and again, the last time beyond delete horizons. */
async function workload(disk: SimulatedDisk, progress: Progress): Promise<void> {
  const clock = new TestClock(T);
  let manager = open(disk, clock);
  let log = manager.getOrCreate("a", 0, someTopicId);
  let sequence = 0;
  const put = (key: string, value: string | null, transaction?: "commit" | "abort") => {
    const offset = log.logEndOffset;
    const end = offset + (transaction ? 2 : 1);
    progress.written.push({ offset, key, value, isAborted: transaction === "abort", end });
    const producer = { producerId: 1n, producerEpoch: 0, transactional: true, baseSequence: sequence };
    log.append(keyed([[key, value?.padEnd(60) ?? null]], transaction ? producer : {}), client);
    if (!transaction) return;
    sequence++;
    log.append(marker(1n, transaction), coordinator);
  };
  const flush = async () => {
    const end = log.logEndOffset;
    await log.flush();
    progress.flushedUpTo = end;
  };
  for (let round = 0; round < 2; round++) {
    for (let step = 0; step < 4; step++) put(`k${step % 3}`, `${round}.${step}`);
    put("gone", round === 1 ? null : `${round}`);
    put("k0", `${round}.t`, round === 1 ? "abort" : "commit");
    await flush();
    for (let step = 0; step < 3; step++) put(`k${step}`, `${round}.more`);
    while (await manager.cleanDirtiest()) clock.advance(1500);
  }
  await flush();
  await manager.shutdown();
  progress.flushedUpTo = log.logEndOffset;
  manager = open(disk, clock);
  log = manager.getOrCreate("a", 0, someTopicId);
  for (let step = 0; step < 5; step++) put(`k${step % 2}`, `last.${step}`);
  await flush();
  while (await manager.cleanDirtiest()) clock.advance(1500);
  await manager.shutdown();
}

async function runUntil(changes: number, seed: number) {
  const disk = new SimulatedDisk(seed);
  disk.makeDirectory("/logs");
  disk.syncDirectory("/");
  disk.powerOffAfter = disk.changes + changes;
  const progress: Progress = { written: [], flushedUpTo: 0 };
  await workload(disk, progress).catch(() => undefined);
  const finished = disk.changes < disk.powerOffAfter;
  // What still runs in the background fails too before the power comes back.
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  return { disk, progress, finished };
}

function check(log: PartitionLog, { written, flushedUpTo }: Progress, loss: Loss): void {
  const byOffset = new Map(written.map((record) => [record.offset, record]));
  const found = consume(log, "last_stable");
  for (const { offset, key, value } of consume(log)) {
    const record = byOffset.get(offset);
    expect(`${key}=${value?.toString().trim()}`).toBe(`${record?.key}=${record?.value ?? undefined}`);
  }
  const surely = loss === "keep" ? log.logEndOffset : flushedUpTo;
  expect(log.logEndOffset).toBeGreaterThanOrEqual(surely);
  for (const key of ["k0", "k1", "k2", "gone"]) {
    const last = written.findLast(
      (record) => record.key === key && !record.isAborted && record.end <= surely,
    );
    const left = found.findLast((record) => record.key?.toString() === key);
    if (!last) continue;
    if (last.value === null) expect(left === undefined || left.offset >= last.offset).toBe(true);
    else expect(left?.offset ?? -1).toBeGreaterThanOrEqual(last.offset);
  }
}

for (const loss of ["keep", "drop", "tear"] as const) {
  describe(`when the power goes and the disk ${{ keep: "has it all", drop: "forgets what was not flushed", tear: "has a part of it" }[loss]}`, () => {
    test("at any of its changes, each key keeps what was flushed last, and compaction goes on", async () => {
      let changes = 0;
      let cleaned = 0;
      for (; ; changes++) {
        const { disk, progress, finished } = await runUntil(changes, changes + 1);
        disk.crash(loss);
        if (disk.files().some((path) => /\.(cleaned|swap)$/.test(path))) cleaned++;
        const manager = open(disk, new TestClock(T + 100_000));
        const log = manager.getOrCreate("a", 0, someTopicId);
        check(log, progress, loss);
        while (await manager.cleanDirtiest()) {
          // As far as it goes.
        }
        check(log, progress, loss);
        expect(disk.files().filter((path) => /\.(cleaned|swap)$/.test(path))).toEqual([]);
        await manager.shutdown();
        if (finished) break;
      }
      expect(changes).toBeGreaterThan(200);
      expect(cleaned).toBeGreaterThan(20);
    }, 60_000);
  });
}
