/** When records are flushed, what waits for that, what consumers see meanwhile, and what a failure means. */
import { beforeEach, describe, expect, test } from "bun:test";
import type { LogConfig } from "../../../src/config/topic-config.ts";
import type { DiskFile } from "../../../src/disk/disk.ts";
import { DirectoryHealth } from "../../../src/log/directory-health.ts";
import { PartitionLog } from "../../../src/log/partition-log.ts";
import { KafkaError } from "../../../src/protocol/errors.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { batchOf, client, consume, logOptions, producedBy, settled, TestClock } from "./support.ts";

/** A disk whose flushes of `.log` files last until they are let go. */
class SlowDisk extends SimulatedDisk {
  /** Flushes of `.log` files that began. */
  began = 0;
  running = 0;
  #waiting: ((error?: Error) => void)[] = [];

  override open(...args: Parameters<SimulatedDisk["open"]>): DiskFile {
    const file = super.open(...args);
    if (!file.path.endsWith(".log")) return file;
    const flush = file.flush.bind(file);
    return Object.assign(file, {
      flush: async () => {
        this.began++;
        this.running++;
        const error = await new Promise<Error | undefined>((resolve) => this.#waiting.push(resolve));
        this.running--;
        if (error) throw error;
        await flush();
      },
    });
  }

  /** Ends the flush that runs, with an error or without. */
  async letGo(error?: Error): Promise<void> {
    for (const done of this.#waiting.splice(0)) done(error);
    await settled();
  }
}

let disk: SlowDisk;
let clock: TestClock;
let failures: string[];
beforeEach(() => {
  disk = new SlowDisk();
  disk.makeDirectory("/logs");
  clock = new TestClock();
  failures = [];
});

async function open(configOverrides: Partial<LogConfig>): Promise<PartitionLog> {
  const health = new DirectoryHealth("/logs", (reason) => failures.push(reason));
  const log = PartitionLog.open(logOptions("/logs/a-0", { disk, clock, health, configOverrides }));
  await log.flushMetadata();
  return log;
}

/** Whether a promise has been kept or broken by now; "none" where there is none. */
function watch(flushed: Promise<void> | null): { state: string } {
  const seen = { state: flushed === null ? "none" : "waiting" };
  flushed?.then(
    () => {
      seen.state = "flushed";
    },
    (error) => {
      seen.state = error instanceof KafkaError ? error.errorName : String(error);
    },
  );
  return seen;
}

const append = (log: PartitionLog) => watch(log.append(batchOf(1), client).flushed);

describe("with flush.messages=1", () => {
  test("an append is acknowledged when its flush is done, and others that came meanwhile share the next", async () => {
    const log = await open({ flushMessages: 1 });
    const first = append(log);
    await settled();
    const others = [append(log), append(log), append(log)];
    await settled();
    expect([disk.began, disk.running, first.state]).toEqual([1, 1, "waiting"]);
    await disk.letGo();
    expect(first.state).toBe("flushed");
    expect(others.map(({ state }) => state)).toEqual(["waiting", "waiting", "waiting"]);
    expect([disk.began, disk.running]).toEqual([2, 1]);
    await disk.letGo();
    expect(others.map(({ state }) => state)).toEqual(["flushed", "flushed", "flushed"]);
    expect([disk.began, disk.running]).toEqual([2, 0]);
  });

  test("consumers see what is flushed, and are told when it is more", async () => {
    const log = await open({ flushMessages: 1 });
    let told = 0;
    log.onAppend(() => told++);
    append(log);
    await settled();
    append(log);
    expect([consume(log).length, log.highWatermark, log.logEndOffset, told]).toEqual([0, 0, 2, 0]);
    expect(log.latestOffset("high_watermark").offset).toBe(0);
    await disk.letGo();
    expect([consume(log).length, log.highWatermark, told]).toEqual([1, 1, 1]);
    await disk.letGo();
    expect([consume(log).length, log.highWatermark, told]).toEqual([2, 2, 2]);
  });

  test("a repeated batch waits as the first one does, and not at all when that is on the disk", async () => {
    const log = await open({ flushMessages: 1 });
    const first = watch(log.append(producedBy(1n, 0), client).flushed);
    await settled();
    const repeated = log.append(producedBy(1n, 0), client);
    const seen = watch(repeated.flushed);
    expect(repeated).toMatchObject({ duplicate: true, firstOffset: 0 });
    await settled();
    expect([first.state, seen.state]).toEqual(["waiting", "waiting"]);
    await disk.letGo();
    await disk.letGo();
    expect([first.state, seen.state]).toEqual(["flushed", "flushed"]);
    expect(log.append(producedBy(1n, 0), client).flushed).toBeNull();
  });

  test("a batch that begins a new segment waits for that segment", async () => {
    const log = await open({ flushMessages: 1, segmentBytes: 150 });
    append(log);
    await settled();
    await disk.letGo();
    disk.crash("drop");
    const before = PartitionLog.open(logOptions("/logs/a-0", { disk, cleanShutdown: false }));
    expect(before.logEndOffset).toBe(1);
    before.abandon();
    const again = await open({ flushMessages: 1, segmentBytes: 150 });
    const rolled = append(again);
    expect(again.segmentCount).toBe(2);
    for (let turn = 0; turn < 5; turn++) {
      await settled();
      await disk.letGo();
    }
    expect(rolled.state).toBe("flushed");
    disk.crash("drop");
    expect(PartitionLog.open(logOptions("/logs/a-0", { disk, cleanShutdown: false })).logEndOffset).toBe(2);
  });

  test("a flush that fails takes the directory offline: nobody who waits or comes later is acknowledged", async () => {
    const log = await open({ flushMessages: 1 });
    append(log);
    await settled();
    await disk.letGo();
    const first = watch(log.append(producedBy(1n, 0), client).flushed);
    await settled();
    const second = append(log);
    await disk.letGo(Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" }));
    await disk.letGo();
    expect([first.state, second.state]).toEqual(["KAFKA_STORAGE_ERROR", "KAFKA_STORAGE_ERROR"]);
    expect(failures).toEqual(["EIO: i/o error, fdatasync (flushing a-0)"]);
    expect(() => log.append(batchOf(1), client)).toThrow("is offline");
    expect(() => log.append(producedBy(1n, 0), client)).toThrow("is offline");
    // What was flushed before is still there to read, and nothing else.
    expect(consume(log).map(({ offset }) => offset)).toEqual([0]);
  });

  test("running out of descriptors is no failure of the disk: what waited is refused, and the next flush covers it", async () => {
    const log = await open({ flushMessages: 1 });
    const first = append(log);
    await settled();
    await disk.letGo(Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" }));
    expect(first.state).toBe("KAFKA_STORAGE_ERROR");
    const second = append(log);
    await settled();
    await disk.letGo();
    expect([second.state, failures.length, log.highWatermark]).toEqual(["flushed", 0, 2]);
  });
});

test("with flush.messages=3 the third record that is not flushed waits for a flush, and the first two don't", async () => {
  const log = await open({ flushMessages: 3 });
  const appends = [append(log), append(log)];
  expect([log.highWatermark, disk.began]).toEqual([2, 0]);
  appends.push(append(log));
  await settled();
  expect(appends.map(({ state }) => state)).toEqual(["none", "none", "waiting"]);
  expect([log.highWatermark, disk.began]).toEqual([2, 1]);
  await disk.letGo();
  expect([appends[2]?.state, log.highWatermark]).toEqual(["flushed", 3]);
  expect(append(log).state).toBe("none");
});

test("with flush.ms records are flushed that long after the first of them, and nobody waits", async () => {
  const log = await open({ flushMs: 1000 });
  expect(append(log).state).toBe("none");
  clock.advance(999);
  expect(append(log).state).toBe("none");
  await settled();
  expect(disk.began).toBe(0);
  clock.advance(1);
  await settled();
  expect(disk.began).toBe(1);
  await disk.letGo();
  clock.advance(10_000);
  await settled();
  expect(disk.began).toBe(1);
  append(log);
  clock.advance(1000);
  await settled();
  expect(disk.began).toBe(2);
});

test("without a flush policy nothing is flushed, and consumers see everything at once", async () => {
  const log = await open({});
  expect(append(log).state).toBe("none");
  clock.advance(1e12);
  await settled();
  expect([disk.began, consume(log).length]).toEqual([0, 1]);
});

test("what a killed broker had written is flushed by the next one before it counts as being on the disk", async () => {
  const simulated = new SimulatedDisk();
  simulated.makeDirectory("/logs");
  const options = { disk: simulated };
  const killed = PartitionLog.open(logOptions("/logs/a-0", options));
  const sync = simulated.syncDirectory.bind(simulated);
  simulated.syncDirectory = () => undefined;
  for (let index = 0; index < 10; index++) killed.append(batchOf(1), client);
  simulated.syncDirectory = sync;
  killed.abandon();
  const next = PartitionLog.open(logOptions("/logs/a-0", { ...options, cleanShutdown: false }));
  await next.flush();
  expect(next.recoveryPoint).toBe(10);
  simulated.crash("drop");
  const last = PartitionLog.open(
    logOptions("/logs/a-0", { ...options, cleanShutdown: false, recoveryPoint: 10 }),
  );
  expect(consume(last).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
