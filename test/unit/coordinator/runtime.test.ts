import { expect, test } from "bun:test";
import { Runtime } from "../../../src/coordinator/runtime.ts";
import { KafkaError } from "../../../src/protocol/errors.ts";
import { buildBatch } from "../../../src/records/builder.ts";
import { CompressionType } from "../../../src/records/compression/codec.ts";
import { errorOf } from "../../support/error-of.ts";
import { ManualClock } from "../net/support/manual-clock.ts";
import { type Entry, Ledger, ledgerCodec } from "./support/ledger.ts";
import { MemoryLog } from "./support/memory-log.ts";

function bench(partitions = 4) {
  const clock = new ManualClock();
  const logs = new Map<number, MemoryLog>();
  const made: Ledger[] = [];
  const topic = { partitions };
  const silent = () => {};
  const runtime = new Runtime<Entry, Ledger>({
    topic: "ledger",
    partitionCount: () => topic.partitions,
    logOf: (partition) => {
      const log = logs.get(partition) ?? new MemoryLog();
      logs.set(partition, log);
      return log;
    },
    withLog: () => [...logs].filter(([, log]) => log.endOffset > 0).map(([partition]) => partition),
    codec: ledgerCodec,
    create: (timers) => {
      const ledger = new Ledger(timers);
      made.push(ledger);
      return ledger;
    },
    compression: () => CompressionType.none,
    answersAwait: "all",
    clock,
    logger: { debug: silent, info: silent, warn: silent, error: silent },
  });
  const add = (partition: number, name: string) =>
    runtime.write(partition, () => ({ records: [{ name, amount: 1 }], reply: undefined }));
  return { runtime, clock, logs, made, topic, add };
}

test("Without the topic there is no coordinator", () => {
  const { runtime, topic } = bench(0);
  expect(errorOf(() => runtime.partitionFor("a"))).toBe("NOT_COORDINATOR");
  expect(runtime.readAll(() => 1)).toEqual([]);
  topic.partitions = 50;
  expect(runtime.partitionFor("g1")).toBe(42);
});

test("A partition is loaded once, when it is asked for first", () => {
  const { runtime, made, add } = bench();
  expect(made).toHaveLength(0);
  add(1, "a");
  add(1, "a");
  expect(made).toHaveLength(1);
  expect(runtime.read(1, (state) => state.sums.get("a"))).toBe(2);
  expect(runtime.read(2, (state) => state.sums.size)).toBe(0);
});

test("All that have something are read, loaded for that if need be", () => {
  const first = bench();
  first.add(0, "a");
  first.add(3, "b");
  const { runtime, logs, made } = bench();
  for (const [partition, log] of first.logs) logs.set(partition, log);
  expect(runtime.readAll((state) => [...state.sums.keys()])).toEqual([["a"], ["b"]]);
  expect(made).toHaveLength(2);
});

test("An operation runs on all partitions, and each failure is told of by itself", () => {
  const { runtime, logs, made, add } = bench();
  for (const partition of [0, 1, 2]) add(partition, "a");
  const broken = logs.get(1);
  if (broken !== undefined) broken.failure = new KafkaError("KAFKA_STORAGE_ERROR", "gone");
  const failed: number[] = [];
  runtime.writeAll(
    () => ({ records: [{ name: "all", amount: 1 }], reply: undefined }),
    (partition) => failed.push(partition),
  );
  expect(failed).toEqual([1]);
  expect(made.map(({ sums }) => sums.get("all"))).toEqual([1, undefined, 1]);
});

test("Some time after the start what nobody asked for is loaded, one partition after the other", () => {
  const first = bench();
  for (const partition of [0, 2, 3]) first.add(partition, "a");
  const { runtime, clock, logs, made } = bench();
  for (const [partition, log] of first.logs) logs.set(partition, log);
  runtime.loadLater(1000);
  clock.advance(999);
  expect(made).toHaveLength(0);
  clock.advance(1);
  expect(made).toHaveLength(1);
  clock.advance(100);
  expect(made).toHaveLength(3);
  expect(clock.pending).toBe(0);
});

test("A state that can't be loaded is tried again, but not at once", () => {
  const { runtime, clock, logs, made, add } = bench();
  const log = new MemoryLog();
  const records = [{ timestamp: 0, key: Buffer.from("\0poison"), value: Buffer.from("1") }];
  log.append(buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, records }));
  logs.set(0, log);
  expect(errorOf(() => runtime.read(0, () => 0))).toBe("NOT_COORDINATOR");
  expect(errorOf(() => runtime.read(0, () => 0))).toBe("NOT_COORDINATOR");
  expect(made).toHaveLength(1);
  log.stored.length = 0;
  clock.advance(1000);
  add(0, "a");
  expect(made).toHaveLength(2);
});

test("When the topic is gone its states are, and a new topic begins with none", () => {
  const { runtime, logs, made, add } = bench();
  add(1, "a");
  runtime.unload();
  expect(made[0]?.unloadedBy?.errorName).toBe("NOT_COORDINATOR");
  logs.clear();
  expect(runtime.read(1, (state) => state.sums.size)).toBe(0);
});

test("A closed coordinator is not available, and loads nothing any more", () => {
  const { runtime, clock, made, add } = bench();
  add(1, "a");
  runtime.loadLater(1000);
  runtime.close();
  expect(errorOf(() => add(1, "a"))).toBe("COORDINATOR_NOT_AVAILABLE");
  clock.advance(5000);
  expect(made).toHaveLength(1);
  expect(clock.pending).toBe(0);
});
