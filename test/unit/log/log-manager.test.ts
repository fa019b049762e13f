/** All partitions of a broker: finding, opening, making, deleting and closing them. */
import { beforeEach, describe, expect, spyOn, test } from "bun:test";
import type { LogConfig } from "../../../src/config/topic-config.ts";
import { DirectoryInUseError } from "../../../src/log/directory-locks.ts";
import { LogManager, type LogManagerOptions } from "../../../src/log/log-manager.ts";
import { KafkaError } from "../../../src/protocol/errors.ts";
import { parseUuid, type Uuid, ZERO_UUID } from "../../../src/protocol/uuid.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import {
  batchOf,
  client,
  consume,
  defaultConfig,
  producedBy,
  someTopicId,
  TestClock,
  TestLogger,
} from "./support.ts";

const otherTopicId = parseUuid("8sKzeraWT1CO-45EdFrosA") ?? ZERO_UUID;
const directoryIds = ["Ythc5YP1R7G-bxLWAZ_EKg", "YA71bS4NS0aPhaHTJRPy9A"].map(
  (text) => parseUuid(text) ?? ZERO_UUID,
);
const T = 1_700_000_000_000;

let disk: SimulatedDisk;
let clock: TestClock;
let logger: TestLogger;
let configs: Map<string, Partial<LogConfig>>;
let topicIds: Map<string, Uuid>;
beforeEach(() => {
  disk = new SimulatedDisk();
  clock = new TestClock(T);
  logger = new TestLogger();
  configs = new Map();
  topicIds = new Map([["a", someTopicId]]);
});

function open(overrides: Partial<LogManagerOptions> = {}, paths = ["/one"]): LogManager {
  return new LogManager({
    disk,
    clock,
    logger,
    directories: paths.map((path, index) => ({ path, directoryId: directoryIds[index] ?? null })),
    configOf: (topic) => ({ ...defaultConfig, ...configs.get(topic) }),
    topicIdOf: (topic) => topicIds.get(topic),
    settings: {
      initialDelayMs: 30_000,
      retentionCheckIntervalMs: 300_000,
      checkpointIntervalMs: 60_000,
      producerIdExpirationMs: 86_400_000,
      producerIdExpirationCheckIntervalMs: 600_000,
    },
    random: () => 0,
    ...overrides,
  });
}

const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
};
const read = (path: string) => disk.readFile(path).toString();
const offsetsIn = (manager: LogManager, partition = 0) => {
  const log = manager.get("a", partition);
  return log ? consume(log).map(({ offset }) => offset) : [];
};
function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof KafkaError ? error.errorName : String(error);
  }
  return "none";
}

describe("a log directory", () => {
  test("is made, locked, and refused to a second broker by name of the first", async () => {
    const first = open();
    expect(() => open()).toThrow(DirectoryInUseError);
    expect(() => open()).toThrow("Log directory /one is in use by process 4711");
    await first.shutdown();
    await open().shutdown();
  });

  test("is locked as a whole or not at all", async () => {
    disk.makeDirectory("/two");
    disk.tryLock("/two/.lock");
    expect(() => open({}, ["/one", "/two"])).toThrow("/two");
    expect(disk.tryLock("/one/.lock").held).toBe(true);
  });

  test("may hold what is not Kafka's, and the metadata log, without their being touched", () => {
    disk.makeDirectory("/one/lost+found");
    disk.makeDirectory("/one/__cluster_metadata-0");
    disk.makeDirectory("/one/a-0.0123456789abcdef0123456789abcdef-stray");
    const manager = open();
    expect([...manager.partitions()]).toEqual([]);
    expect(logger.warnings.length).toBe(1);
    expect(disk.list("/one").length).toBe(3);
  });
});

describe("a partition", () => {
  test("is begun with a directory that says whose it is, in the log directory with the fewest, or the one asked for", () => {
    const manager = open({}, ["/one", "/two"]);
    manager.getOrCreate("a", 0, someTopicId);
    manager.getOrCreate("a", 1, someTopicId);
    manager.getOrCreate("a", 2, someTopicId, { directoryId: directoryIds[1] });
    expect(disk.files().filter((path) => path.endsWith("partition.metadata"))).toEqual([
      "/one/a-0/partition.metadata",
      "/two/a-1/partition.metadata",
      "/two/a-2/partition.metadata",
    ]);
    expect(read("/two/a-1/partition.metadata")).toBe(`version: 0\ntopic_id: ${someTopicId}`);
  });

  test("shares the file that says whose it is with the others of its topic, where the disk lets files have several names", () => {
    const manager = open();
    const linked = spyOn(disk, "link");
    manager.getOrCreate("a", 0, someTopicId);
    manager.getOrCreate("a", 1, someTopicId);
    manager.getOrCreate("b", 0, otherTopicId);
    expect(linked.mock.calls).toEqual([["/one/a-0/partition.metadata", "/one/a-1/partition.metadata"]]);
    disk.failure = (operation) => (operation === "link" ? "EMLINK" : undefined);
    manager.getOrCreate("b", 1, otherTopicId);
    expect(["a-1", "b-0", "b-1"].map((name) => read(`/one/${name}/partition.metadata`).slice(-22))).toEqual([
      someTopicId,
      otherTopicId,
      otherTopicId,
    ]);
  });

  test("is the same log whenever it is asked for", () => {
    const manager = open();
    const log = manager.getOrCreate("a", 0, someTopicId);
    expect(manager.getOrCreate("a", 0, someTopicId)).toBe(log);
    expect(manager.get("a", 0)).toBe(log);
    expect(manager.get("a", 1)).toBeUndefined();
  });

  test("says on the device whose it is soon after it has begun, and shares the flush of the log directory with others", async () => {
    const manager = open();
    const flushed = spyOn(disk, "flushDirectory");
    manager.getOrCreate("a", 0, someTopicId).append(batchOf(1), client);
    manager.getOrCreate("a", 1, someTopicId);
    await settle();
    expect(flushed).not.toHaveBeenCalled();
    clock.advance(100);
    await settle();
    expect(flushed.mock.calls.map(([path]) => path).sort()).toEqual(["/one", "/one/a-0", "/one/a-1"]);
    disk.crash("drop");
    expect(read("/one/a-0/partition.metadata")).toContain(someTopicId);
    expect(read("/one/a-1/partition.metadata")).toContain(someTopicId);
  });

  test("that is deleted before it says so on the device does not come back with its old name", () => {
    const manager = open();
    manager.getOrCreate("a", 0, someTopicId);
    for (const path of ["/", "/one"]) disk.syncDirectory(path);
    manager.delete("a", [0]);
    disk.crash("drop");
    expect(disk.list("/one").map(({ name }) => name)).not.toContain("a-0");
  });

  test("whose directory belongs to another topic id is begun anew, and the other is put aside", () => {
    const first = open();
    first.getOrCreate("a", 0, otherTopicId).append(batchOf(1), client);
    const log = first.getOrCreate("a", 0, someTopicId);
    expect(log.logEndOffset).toBe(0);
    const [stray] = disk.list("/one").filter(({ name }) => name.endsWith("-stray"));
    expect(stray?.name).toMatch(/^a-0\.[0-9a-f]{32}-stray$/);
    expect(
      disk.files().some((path) => path.startsWith(`/one/${stray?.name}/`) && path.endsWith(".log")),
    ).toBe(true);
  });

  test("whose directory has lost partition.metadata keeps its records, unless it was just created", async () => {
    const first = open();
    first.getOrCreate("a", 0, someTopicId).append(batchOf(3), client);
    await first.shutdown();
    disk.remove("/one/a-0/partition.metadata");
    const second = open();
    expect(second.getOrCreate("a", 0, someTopicId).logEndOffset).toBe(3);
    expect(read("/one/a-0/partition.metadata")).toContain(someTopicId);
    await second.shutdown();
    disk.remove("/one/a-0/partition.metadata");
    expect(open().getOrCreate("a", 0, someTopicId, { isNew: true }).logEndOffset).toBe(0);
  });

  test("that lies in two log directories stops the broker", () => {
    disk.makeDirectory("/one/a-0");
    disk.makeDirectory("/two/a-0");
    expect(() => open({}, ["/one", "/two"])).toThrow("/one/a-0 and /two/a-0");
  });

  test("of a topic nobody knows is reported and left alone", () => {
    disk.makeDirectory("/one/gone-0");
    const manager = open();
    expect(manager.reportStrays()).toMatchObject([{ topic: "gone", partition: 0 }]);
    expect(disk.exists("/one/gone-0")).toBe(true);
  });
});

describe("deleting a partition", () => {
  test("renames its directory at once, wakes who waits, and removes it a while later", async () => {
    const manager = open();
    const log = manager.getOrCreate("a", 0, someTopicId);
    log.append(batchOf(1), client);
    let woken = 0;
    log.onAppend(() => woken++);
    manager.delete("a", [0]);
    expect(woken).toBe(1);
    expect(manager.get("a", 0)).toBeUndefined();
    const [deleted] = disk.list("/one").filter(({ name }) => name.endsWith("-delete"));
    expect(deleted?.name).toMatch(/^a-0\.[0-9a-f]{32}-delete$/);
    clock.advance(60_000);
    await settle();
    expect(disk.list("/one").some(({ name }) => name.endsWith("-delete"))).toBe(false);
  });

  test("lets one of the same name begin at once", () => {
    const manager = open();
    manager.getOrCreate("a", 0, someTopicId).append(batchOf(5), client);
    manager.delete("a", [0]);
    expect(manager.getOrCreate("a", 0, otherTopicId).append(batchOf(1), client).firstOffset).toBe(0);
  });

  test("of one that nobody had opened works too", async () => {
    const first = open();
    first.getOrCreate("a", 0, someTopicId).append(batchOf(1), client);
    await first.shutdown();
    const second = open();
    second.delete("a", [0]);
    expect([...second.partitions()]).toEqual([]);
  });

  test("is finished at the next start if the broker stopped before", async () => {
    const first = open();
    first.getOrCreate("a", 0, someTopicId);
    first.delete("a", [0]);
    await first.shutdown();
    open();
    clock.advance(1);
    await settle();
    expect(disk.list("/one").some(({ name }) => name.endsWith("-delete"))).toBe(false);
  });
});

describe("closing and opening again", () => {
  async function written(manager = open()): Promise<void> {
    for (let partition = 0; partition < 3; partition++) {
      const log = manager.getOrCreate("a", partition, someTopicId);
      log.append(batchOf(4), client);
      log.append(producedBy(1n, 0), client);
    }
    await manager.shutdown(17);
  }

  test("leaves the sign of a clean shutdown, checkpoints, and nothing that is not durable", async () => {
    await written();
    const files = disk.files();
    disk.crash("drop");
    expect(disk.files()).toEqual(files);
    expect(read("/one/.kafka_cleanshutdown")).toBe('{"version":0,"brokerEpoch":17}');
    expect(read("/one/recovery-point-offset-checkpoint")).toBe("0\n3\na 0 5\na 1 5\na 2 5\n");
    expect(read("/one/replication-offset-checkpoint")).toBe("0\n3\na 0 5\na 1 5\na 2 5\n");
    expect(read("/one/log-start-offset-checkpoint")).toBe("0\n0\n");
    const manager = open();
    expect(offsetsIn(manager, 1)).toEqual([0, 1, 2, 3, 4]);
    expect(disk.exists("/one/.kafka_cleanshutdown")).toBe(false);
  });

  test("reads nothing of a partition until it is asked for", async () => {
    await written();
    const touched: string[] = [];
    disk.failure = (_operation, path) => {
      touched.push(path);
      return undefined;
    };
    const manager = open();
    manager.recover();
    expect(touched.filter((path) => path.startsWith("/one/a-"))).toEqual([]);
    manager.get("a", 2);
    expect(touched.some((path) => path.startsWith("/one/a-2"))).toBe(true);
    expect(touched.some((path) => path.startsWith("/one/a-1"))).toBe(false);
  });

  test("keeps what the checkpoints say of partitions nobody opened", async () => {
    await written();
    const manager = open();
    manager.get("a", 0)?.append(batchOf(1), client);
    await manager.shutdown();
    expect(read("/one/recovery-point-offset-checkpoint")).toBe("0\n3\na 0 6\na 1 5\na 2 5\n");
    const again = open();
    again.recover();
    expect([0, 1, 2].map((partition) => offsetsIn(again, partition).length)).toEqual([6, 5, 5]);
  });

  test("writes nothing at all when nobody did anything", async () => {
    await written();
    const before = new Map(disk.files().map((path) => [path, read(path)]));
    const manager = open();
    for (let partition = 0; partition < 3; partition++) manager.get("a", partition);
    await manager.shutdown(17);
    expect(new Map(disk.files().map((path) => [path, read(path)]))).toEqual(before);
  });

  test("after a kill recovers every log, and says how far it is when that takes long", async () => {
    const manager = open();
    for (let partition = 0; partition < 3; partition++)
      manager.getOrCreate("a", partition, someTopicId).append(batchOf(4), client);
    await settle();
    disk.crash("keep");
    let now = T;
    const slow = open({ clock: { ...clock, now: () => (now += 400), schedule: clock.schedule.bind(clock) } });
    slow.recover();
    expect(logger.lines.filter((line) => line.includes("of 3 logs are checked")).length).toBeGreaterThan(0);
    expect([0, 1, 2].map((partition) => offsetsIn(slow, partition).length)).toEqual([4, 4, 4]);
  });

  test("does not call a shutdown clean when a log was never recovered", async () => {
    open().getOrCreate("a", 0, someTopicId).append(batchOf(4), client);
    await settle();
    disk.crash("keep");
    await open().shutdown();
    expect(disk.exists("/one/.kafka_cleanshutdown")).toBe(false);
  });

  test("remembers the log's start over a crash once it was checkpointed", async () => {
    const manager = open();
    const log = manager.getOrCreate("a", 0, someTopicId);
    log.append(batchOf(4), client);
    await log.flush();
    log.deleteRecordsBefore(3);
    await manager.checkpoint();
    disk.crash("drop");
    expect(offsetsIn(open())).toEqual([3]);
  });

  test("gets along with checkpoints that are rubbish", async () => {
    await written();
    for (const name of ["recovery-point", "log-start", "replication"]) {
      disk.writeFile(
        `/one/${name}${name === "replication" ? "" : "-offset"}-offset-checkpoint`.replace(
          "-offset-offset",
          "-offset",
        ),
        "rubbish",
      );
    }
    disk.remove("/one/.kafka_cleanshutdown");
    const manager = open();
    manager.recover();
    expect(offsetsIn(manager)).toEqual([0, 1, 2, 3, 4]);
    expect(logger.warnings.length).toBe(3);
  });
});

describe("looking after the logs", () => {
  test("old segments go after the ordinary interval, not at the start", async () => {
    configs.set("a", { retentionMs: 1000 });
    const first = open();
    first
      .getOrCreate("a", 0, someTopicId)
      .append(batchOf(3, { timestamp: T - 2 * 365 * 86_400_000 }), client);
    await first.shutdown();
    const manager = open();
    manager.start();
    clock.advance(299_999);
    await settle();
    expect(offsetsIn(manager)).toEqual([0, 1, 2]);
    clock.advance(1);
    await settle();
    expect(offsetsIn(manager)).toEqual([]);
    expect(manager.get("a", 0)?.logStartOffset).toBe(3);
    await manager.shutdown();
  });

  test("logs that nobody uses are closed again when they were looked at", async () => {
    configs.set("a", { retentionMs: 1_000_000 });
    const first = open();
    for (const partition of [0, 1]) first.getOrCreate("a", partition, someTopicId).append(batchOf(1), client);
    await first.shutdown();
    const manager = open();
    manager.get("a", 1);
    const isOpen = () => [...manager.partitions()].map((hosted) => "log" in hosted && hosted.log !== null);
    expect(await manager.applyRetention()).toBe(0);
    expect(isOpen()).toEqual([false, true]);
    clock.advance(2_000_000);
    expect(await manager.applyRetention()).toBe(2);
    expect(isOpen()).toEqual([true, true]);
    await manager.shutdown();
    expect(disk.exists("/one/.kafka_cleanshutdown")).toBe(true);
  });

  test("partitions without records stay closed", async () => {
    const first = open();
    first.getOrCreate("a", 0, someTopicId);
    await first.shutdown();
    const manager = open();
    manager.start();
    const opened: string[] = [];
    disk.failure = (operation, path) => {
      if (operation === "read" && path.startsWith("/one/a-0")) opened.push(path);
      return undefined;
    };
    clock.advance(300_000);
    await settle();
    expect(opened).toEqual([]);
    await manager.shutdown();
  });

  test("checkpoints are written at their interval", async () => {
    const manager = open();
    manager.start();
    const log = manager.getOrCreate("a", 0, someTopicId);
    log.append(batchOf(3), client);
    await log.flush();
    clock.advance(60_000);
    await settle();
    expect(read("/one/recovery-point-offset-checkpoint")).toBe("0\n1\na 0 3\n");
    await manager.shutdown();
  });

  test("checkpoints of each kind are written at an interval of their own, the first after the initial delay at most", async () => {
    const manager = open({
      settings: {
        initialDelayMs: 2000,
        retentionCheckIntervalMs: 300_000,
        checkpointIntervalMs: 60_000,
        logStartCheckpointIntervalMs: 30_000,
        highWatermarkCheckpointIntervalMs: 5000,
        producerIdExpirationMs: 86_400_000,
        producerIdExpirationCheckIntervalMs: 600_000,
      },
    });
    manager.start();
    const log = manager.getOrCreate("a", 0, someTopicId);
    const files = ["recovery-point", "log-start", "replication"].map(
      (kind) => `/one/${kind}-offset-checkpoint`,
    );
    const seen = () => files.map((path) => read(path).split("\n")[2]);
    const step = async (ms: number) => {
      log.append(batchOf(1), client);
      log.deleteRecordsBefore(-1);
      await log.flush();
      clock.advance(ms);
      await settle();
    };
    await step(2000);
    expect(seen()).toEqual(["a 0 1", "a 0 1", "a 0 1"]);
    await step(5000);
    expect(seen()).toEqual(["a 0 1", "a 0 1", "a 0 2"]);
    await step(25_000);
    expect(seen()).toEqual(["a 0 1", "a 0 3", "a 0 3"]);
    await step(30_000);
    expect(seen()).toEqual(["a 0 4", "a 0 4", "a 0 4"]);
    await manager.shutdown();
  });

  test("producers that are gone are forgotten", async () => {
    const manager = open();
    manager.start();
    const log = manager.getOrCreate("a", 0, someTopicId);
    log.append(producedBy(1n, 0), client);
    clock.advance(86_400_000);
    await settle();
    clock.advance(600_000);
    await settle();
    expect([...log.producers]).toEqual([]);
    await manager.shutdown();
  });

  test("ends with the shutdown", async () => {
    const manager = open();
    manager.start();
    manager.getOrCreate("a", 0, someTopicId);
    await manager.shutdown();
    expect(clock.scheduledCount).toBe(0);
  });
});

describe("a directory that fails", () => {
  test("leaves the others serving, is told once, and takes no new partition", async () => {
    const failures: string[] = [];
    const manager = open({ onDirectoryFailure: ({ path }) => failures.push(path) }, ["/one", "/two"]);
    const one = manager.getOrCreate("a", 0, someTopicId, { directoryId: directoryIds[0] });
    const two = manager.getOrCreate("a", 1, someTopicId, { directoryId: directoryIds[1] });
    one.append(batchOf(2), client);
    disk.failure = (operation, path) =>
      operation === "write" && path.startsWith("/one") ? "EIO" : undefined;
    expect(errorOf(() => one.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    expect(errorOf(() => one.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    expect(two.append(batchOf(1), client).firstOffset).toBe(0);
    expect(failures).toEqual(["/one"]);
    expect(logger.warnings.length).toBe(1);
    expect(errorOf(() => manager.getOrCreate("a", 2, someTopicId, { directoryId: directoryIds[0] }))).toBe(
      "KAFKA_STORAGE_ERROR",
    );
    expect(errorOf(() => manager.getOrCreate("a", 2, someTopicId))).toBe("KAFKA_STORAGE_ERROR");
    const isNew = true;
    expect(manager.getOrCreate("a", 3, someTopicId, { isNew }).directory).toBe("/two/a-3");
    const asked = { isNew, directoryId: directoryIds[0] };
    expect(manager.getOrCreate("a", 4, someTopicId, asked).directory).toBe("/two/a-4");
    expect(manager.describe().map(({ failure }) => failure === null)).toEqual([false, true]);
    disk.failure = () => undefined;
    await manager.shutdown();
    expect([disk.exists("/one/.kafka_cleanshutdown"), disk.exists("/two/.kafka_cleanshutdown")]).toEqual([
      false,
      true,
    ]);
  });

  test("at the start leaves the others serving, and begins none of its partitions anew", async () => {
    const first = open({}, ["/one", "/two"]);
    first.getOrCreate("a", 0, someTopicId, { directoryId: directoryIds[0] }).append(batchOf(2), client);
    first.getOrCreate("a", 1, someTopicId, { directoryId: directoryIds[1] }).append(batchOf(3), client);
    await first.shutdown();
    disk.failure = (operation, path) => (operation === "list" && path === "/one" ? "EIO" : undefined);
    const manager = open({}, ["/one", "/two"]);
    manager.recover();
    expect(logger.warnings[0]).toContain(
      "Log directory /one is offline: EIO: list '/one' (opening /one). The partitions in it can't be used. Put it right and restart the broker.",
    );
    expect(offsetsIn(manager, 1)).toEqual([0, 1, 2]);
    expect(errorOf(() => manager.getOrCreate("a", 0, someTopicId))).toBe("KAFKA_STORAGE_ERROR");
    disk.failure = () => undefined;
    expect(await manager.shutdown()).toBe(false);
    expect(offsetsIn(open({}, ["/one", "/two"]), 0)).toEqual([0, 1]);
  });

  test("that was taken away is offline at the first touch: no log in it is begun anew, opened before or not", async () => {
    for (const isNew of [false, true]) {
      disk = new SimulatedDisk();
      const first = open({}, ["/one", "/two"]);
      first.getOrCreate("a", 0, someTopicId, { directoryId: directoryIds[0] }).append(batchOf(2), client);
      first.getOrCreate("a", 1, someTopicId, { directoryId: directoryIds[1] }).append(batchOf(3), client);
      await first.shutdown();
      const manager = open({}, ["/one", "/two"]);
      disk.rename("/one", "/away");
      const partition = isNew ? 2 : 0;
      const wanted = { isNew, directoryId: directoryIds[0] };
      const touch = () => manager.getOrCreate("a", partition, someTopicId, wanted);
      expect(errorOf(touch)).toBe("KAFKA_STORAGE_ERROR");
      expect(manager.describe()[0]?.failure).toContain("ENOENT");
      expect(errorOf(() => manager.getOrCreate("a", 0, someTopicId))).toBe("KAFKA_STORAGE_ERROR");
      expect(disk.exists("/one")).toBe(false);
      expect(offsetsIn(manager, 1)).toEqual([0, 1, 2]);
      expect(await manager.shutdown()).toBe(false);
      disk.rename("/away", "/one");
      expect(offsetsIn(open({}, ["/one", "/two"]), 0)).toEqual([0, 1]);
    }
  });

  test("that was taken away doesn't keep retention from the others", async () => {
    configs.set("a", { retentionMs: 1000, cleanupPolicy: new Set(["delete"] as const) });
    const first = open({}, ["/one", "/two"]);
    for (const [partition, directoryId] of directoryIds.entries())
      first.getOrCreate("a", partition, someTopicId, { directoryId }).append(batchOf(2), client);
    await first.shutdown();
    const manager = open({}, ["/one", "/two"]);
    disk.rename("/one", "/away");
    clock.advance(60_000);
    expect(await manager.applyRetention()).toBe(1);
    expect(manager.describe().map(({ failure }) => failure !== null)).toEqual([true, false]);
    expect(logger.warnings).toHaveLength(1);
    expect(logger.warnings[0]).toContain("Log directory /one is offline: ENOENT");
  });

  test("of a partition alone, whose topic id is another's, doesn't keep retention from the others", async () => {
    configs.set("a", { retentionMs: 1000, cleanupPolicy: new Set(["delete"] as const) });
    const first = open();
    for (const partition of [0, 1]) first.getOrCreate("a", partition, someTopicId).append(batchOf(2), client);
    await first.shutdown();
    disk.writeFileAtomically("/one/a-0/partition.metadata", `version: 0\ntopic_id: ${otherTopicId}`);
    const manager = open();
    clock.advance(60_000);
    expect([await manager.applyRetention(), await manager.applyRetention()]).toEqual([1, 0]);
    expect(logger.warnings).toHaveLength(1);
    expect(logger.warnings[0]).toContain("Nothing in /one/a-0 is deleted, however old it is");
  });

  test("known to fail before the logs are looked at is not touched", () => {
    const failure = Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS" });
    const directories = [
      { path: "/one", directoryId: null, failure },
      { path: "/two", directoryId: null },
    ];
    const manager = open({ directories, releaseLocks: () => undefined });
    expect(disk.exists("/one")).toBe(false);
    expect(manager.describe()[0]?.failure).toContain("EROFS");
    expect(logger.warnings[0]).toContain("Make its file system writable and restart the broker.");
  });

  test("while logs are recovered leaves the others; when it was the only one the broker can't start", async () => {
    for (const paths of [["/one", "/two"], ["/one"]]) {
      disk = new SimulatedDisk();
      const first = open({}, paths);
      first.getOrCreate("a", 0, someTopicId, { directoryId: directoryIds[0] }).append(batchOf(2), client);
      const last = { directoryId: directoryIds[paths.length - 1] };
      first.getOrCreate("a", 1, someTopicId, last).append(batchOf(3), client);
      disk.crash("keep");
      disk.failure = (operation, path) =>
        operation === "read" && path === "/one/a-0/00000000000000000000.log" ? "EIO" : undefined;
      const manager = open({}, paths);
      if (paths.length === 1) expect(() => manager.recover()).toThrow("Log directory /one is offline: EIO");
      else manager.recover();
      expect(offsetsIn(manager, 1)).toEqual([0, 1, 2]);
    }
  });

  test("that is missing under the id a partition has is not taken for another's: nothing begins anew", async () => {
    const first = open({}, ["/one", "/two"]);
    first.getOrCreate("a", 0, someTopicId, { directoryId: directoryIds[0] }).append(batchOf(2), client);
    first.getOrCreate("a", 1, someTopicId, { directoryId: directoryIds[1] }).append(batchOf(3), client);
    await first.shutdown();
    const directoryIdOf = (_: string, partition: number) => directoryIds[partition % 2];
    // What was mounted at /two isn't any more, and an empty folder has got an id of its own.
    const directories = [
      { path: "/one", directoryId: directoryIds[0] ?? null },
      { path: "/three", directoryId: otherTopicId },
    ];
    const manager = open({ directories, directoryIdOf });
    expect(manager.getOrCreate("a", 0, someTopicId).logEndOffset).toBe(2);
    for (const partition of [1, 3]) {
      expect(errorOf(() => manager.getOrCreate("a", partition, someTopicId))).toBe("KAFKA_STORAGE_ERROR");
    }
    expect(logger.warnings).toHaveLength(1);
    expect(logger.warnings[0]).toContain(
      `a-1 lies in the log directory with directory.id=${directoryIds[1]}`,
    );
    expect(manager.getOrCreate("a", 2, someTopicId).logEndOffset).toBe(0);
    await manager.shutdown();
    logger.lines.length = 0;
    // The same folders, one of them under a new id: what is found there tells that it is the one.
    const renamed = open({
      directories: [
        { path: "/one", directoryId: directoryIds[0] ?? null },
        { path: "/two", directoryId: someTopicId },
      ],
      directoryIdOf,
    });
    expect(renamed.getOrCreate("a", 1, someTopicId).logEndOffset).toBe(3);
    expect(renamed.getOrCreate("a", 3, someTopicId).logEndOffset).toBe(0);
    expect(logger.warnings).toEqual([]);
  });

  test("still gives what it holds, opened before or not, and forgets what is deleted", async () => {
    const first = open();
    for (const partition of [0, 1]) first.getOrCreate("a", partition, someTopicId).append(batchOf(2), client);
    await first.shutdown();
    const manager = open();
    disk.failure = (operation) => (operation === "write" ? "EIO" : undefined);
    expect(errorOf(() => manager.get("a", 0)?.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    expect([offsetsIn(manager, 0), offsetsIn(manager, 1)]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    manager.delete("a", [1]);
    expect(manager.get("a", 1)).toBeUndefined();
    expect(disk.exists("/one/a-1")).toBe(true);
  });

  test("to be read only where the disk is damaged says so once of each log, and is written to still", async () => {
    const first = open();
    for (const partition of [0, 1]) first.getOrCreate("a", partition, someTopicId).append(batchOf(2), client);
    await first.shutdown();
    const manager = open();
    const [a, b] = [manager.getOrCreate("a", 0, someTopicId), manager.getOrCreate("a", 1, someTopicId)];
    disk.failure = (operation, path) => (operation === "read" && path.includes("a-0/") ? "EIO" : undefined);
    for (let count = 0; count < 3; count++) expect(errorOf(() => consume(a))).toBe("KAFKA_STORAGE_ERROR");
    expect(consume(b)).toHaveLength(2);
    expect(logger.warnings).toHaveLength(1);
    expect(logger.warnings[0]).toContain("Log directory /one can't be read: EIO");
    expect(logger.warnings[0]).toContain("(reading a-0). Is the disk failing?");
    expect(b.append(batchOf(1), client).firstOffset).toBe(2);
  });

  test("is not one that has run out of descriptors for a while", () => {
    const manager = open();
    const log = manager.getOrCreate("a", 0, someTopicId);
    disk.failure = (operation) => (operation === "open" ? "EMFILE" : undefined);
    expect(errorOf(() => log.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    disk.failure = () => undefined;
    expect(log.append(batchOf(1), client).firstOffset).toBe(0);
    disk.failure = (operation) => (operation === "read" ? "EIO" : undefined);
    const { records } = log.read(0, 1000, { isolation: "log_end", minOneMessage: true });
    expect(errorOf(() => records?.copyInto(Buffer.alloc(1000), 0))).toBe("KAFKA_STORAGE_ERROR");
    disk.failure = () => undefined;
    expect(log.append(batchOf(1), client).firstOffset).toBe(1);
  });

  test("comes back after a restart with all that was acknowledged", async () => {
    const manager = open();
    const log = manager.getOrCreate("a", 0, someTopicId);
    log.append(batchOf(2), client);
    disk.failure = (operation) => (operation === "write" ? "ENOSPC" : undefined);
    expect(errorOf(() => log.append(batchOf(1), client))).toBe("KAFKA_STORAGE_ERROR");
    await manager.shutdown();
    disk.failure = () => undefined;
    const again = open();
    again.recover();
    expect(offsetsIn(again)).toEqual([0, 1]);
    expect(again.get("a", 0)?.append(batchOf(1), client).firstOffset).toBe(2);
  });
});

test("the description tells sizes, opened or not, and the room that is left", async () => {
  const first = open();
  const batch = batchOf(2);
  const { length } = batch;
  first.getOrCreate("a", 0, someTopicId).append(batch, client);
  const expected = [
    {
      path: "/one",
      directoryId: directoryIds[0] ?? null,
      failure: null,
      totalBytes: 2_000_000_000,
      usableBytes: 1_000_000_000,
      partitions: [{ topic: "a", partition: 0, sizeInBytes: length }],
    },
  ];
  expect(first.describe()).toEqual(expected);
  await first.shutdown();
  expect(open().describe()).toEqual(expected);
});
