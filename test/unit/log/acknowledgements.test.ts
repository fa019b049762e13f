/** What an append that was acknowledged is worth: when disks fail, and when the topic asks for a flush. */
import { afterEach, describe, expect, test } from "bun:test";
import { DirectoryHealth } from "../../../src/log/directory-health.ts";
import { PartitionLog } from "../../../src/log/partition-log.ts";
import type { KafkaError } from "../../../src/protocol/errors.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { errorOf } from "../../support/error-of.ts";
import {
  batchOf,
  client,
  consume,
  defaultConfig,
  logOptions,
  removeDirectory,
  TestClock,
  temporaryLogs,
} from "./support.ts";

const { openLog, removeLogs } = temporaryLogs();
afterEach(removeLogs);

describe("a disk that fails", () => {
  const directory = "/logs/a-0";
  function failing() {
    const disk = new SimulatedDisk();
    disk.makeDirectory("/logs");
    const failures: string[] = [];
    const health = new DirectoryHealth("/logs", (reason) => failures.push(reason));
    const log = PartitionLog.open(logOptions(directory, { disk, health }));
    return { disk, log, failures };
  }

  test("takes its directory offline with the first write that fails: nothing is appended any more, all is read still", () => {
    const { disk, log, failures } = failing();
    log.append(batchOf(2), client);
    disk.failure = (operation) => (operation === "write" ? "ENOSPC" : undefined);
    expect(errorOf(() => log.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    disk.failure = () => undefined;
    expect(errorOf(() => log.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    expect(failures.length).toBe(1);
    expect(failures[0]).toContain("ENOSPC");
    expect(log.logEndOffset).toBe(2);
    expect(consume(log).length).toBe(2);
  });

  test("rejects a flush, and whatever would have been acknowledged after it", async () => {
    const { disk, log } = failing();
    log.append(batchOf(2), client);
    disk.failure = (operation) => (operation === "sync" ? "EIO" : undefined);
    expect(await log.flush().catch((error: KafkaError) => error.errorName)).toBe("KAFKA_STORAGE_ERROR");
    disk.failure = () => undefined;
    expect(await log.flush().catch((error: KafkaError) => error.errorName)).toBe("KAFKA_STORAGE_ERROR");
    expect(log.recoveryPoint).toBe(0);
  });

  test("keeps the log from being closed as if nothing had happened", async () => {
    const { disk, log } = failing();
    log.append(batchOf(2), client);
    disk.failure = (operation) => (operation === "sync" ? "EIO" : undefined);
    expect(await log.close().catch((error: KafkaError) => error.errorName)).toBe("KAFKA_STORAGE_ERROR");
    expect(log.wasClosedCleanly).toBe(false);
    await log.close();
    expect([log.isClosed, log.wasClosedCleanly]).toEqual([true, false]);
  });
});

describe("flushing by policy", () => {
  test("makes an acknowledgement wait for the flush after flush.messages", async () => {
    const { log } = openLog({ configOverrides: { flushMessages: 2 } });
    expect(log.append(batchOf(1), client).flushed).toBeNull();
    const { flushed } = log.append(batchOf(1), client);
    expect(flushed).toBeInstanceOf(Promise);
    await flushed;
    expect(log.append(batchOf(1), client).flushed).toBeNull();
  });

  test("keeps the very first record of a log, file name and all", async () => {
    const disk = new SimulatedDisk();
    disk.makeDirectory("/logs");
    disk.syncDirectory("/");
    const config = { ...defaultConfig, flushMessages: 1 };
    const log = PartitionLog.open(logOptions("/logs/a-0", { disk, config: () => config }));
    await log.append(batchOf(1), client).flushed;
    disk.crash("drop");
    expect(consume(PartitionLog.open(logOptions("/logs/a-0", { disk, cleanShutdown: false }))).length).toBe(
      1,
    );
  });

  test("with flush.messages=1 loses nothing that was acknowledged, whatever the crash", async () => {
    for (let seed = 1; seed < 20; seed++) {
      const disk = new SimulatedDisk(seed);
      disk.makeDirectory("/logs");
      disk.syncDirectory("/");
      const config = { ...defaultConfig, flushMessages: 1, segmentBytes: 2000 };
      const log = PartitionLog.open(logOptions("/logs/a-0", { disk, config: () => config }));
      for (let index = 0; index < 10; index++)
        await log.append(batchOf(3, { valueSize: 100 }), client).flushed;
      log.append(batchOf(5), client);
      disk.crash("tear");
      const again = PartitionLog.open(logOptions("/logs/a-0", { disk, cleanShutdown: false }));
      expect(consume(again).length).toBeGreaterThanOrEqual(30);
    }
  });

  test("happens flush.ms after the first append that was not flushed", async () => {
    const clock = new TestClock();
    const { log, directory } = openLog({
      clock,
      configOverrides: { flushMs: 500, flushMessages: 1_000_000 },
    });
    log.append(batchOf(1), client);
    log.append(batchOf(1), client);
    expect(clock.scheduledCount).toBe(1);
    clock.advance(500);
    expect(clock.scheduledCount).toBe(0);
    log.append(batchOf(1), client);
    expect(clock.scheduledCount).toBe(1);
    await log.close();
    expect(clock.scheduledCount).toBe(0);
    removeDirectory(directory);
  });
});
