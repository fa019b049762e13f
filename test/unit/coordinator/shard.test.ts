import { expect, test } from "bun:test";
import { Shard } from "../../../src/coordinator/shard.ts";
import { KafkaError } from "../../../src/protocol/errors.ts";
import * as header from "../../../src/records/batch-header.ts";
import { buildBatch } from "../../../src/records/builder.ts";
import { CompressionType } from "../../../src/records/compression/codec.ts";
import { ManualClock } from "../net/support/manual-clock.ts";
import { type Entry, Ledger, ledgerCodec } from "./support/ledger.ts";
import { MemoryLog } from "./support/memory-log.ts";

function open(log = new MemoryLog(), clock = new ManualClock()) {
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  let ledger: Ledger | undefined;
  const shard = new Shard<Entry, Ledger>({
    name: "ledger-0",
    log,
    codec: ledgerCodec,
    create: (timers) => {
      ledger = new Ledger(timers);
      return ledger;
    },
    compression: () => CompressionType.none,
    answersAwait: "all",
    clock,
    logger: { debug: say, info: say, warn: say, error: say },
  });
  if (ledger === undefined) throw new Error("no state was made");
  return { shard, ledger, log, clock, said };
}

const entries = (...names: string[]): Entry[] => names.map((name, index) => ({ name, amount: index + 1 }));
const broken = new KafkaError("KAFKA_STORAGE_ERROR", "the disk is gone");

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

test("Records are written as one batch and then replayed, and the reply is given", () => {
  const { shard, ledger, log, clock } = open();
  let sumsBefore = -1;
  const reply = shard.write((state, nowMs) => {
    sumsBefore = state.sums.size;
    return { records: entries("a", "b", "a"), reply: `at ${nowMs}` };
  });
  expect(reply).toBe(`at ${clock.now()}`);
  expect(sumsBefore).toBe(0);
  expect(Object.fromEntries(ledger.sums)).toEqual({ a: 4, b: 2 });
  expect(ledger.offsets).toEqual([0, 1, 2]);
  expect(log.stored).toHaveLength(1);
  const [batch = Buffer.alloc(0)] = log.stored;
  expect(header.recordCount(batch, 0)).toBe(3);
  expect(header.maxTimestamp(batch, 0)).toBe(clock.now());
  expect(header.producerId(batch, 0)).toBe(-1n);
});

test("What follows runs after the replay and before the reply", () => {
  const { shard } = open();
  const seen: unknown[] = [];
  shard.write((state) => ({
    records: entries("a"),
    reply: undefined,
    afterwards: (failure) => seen.push(failure, state.sums.get("a")),
  }));
  expect(seen).toEqual([undefined, 1]);
});

test("A write that fails changes nothing, and is told as clients are told it", () => {
  const { shard, ledger, log } = open();
  log.failure = broken;
  const failures: (KafkaError | undefined)[] = [];
  const error = thrownBy(() =>
    shard.write(() => ({
      records: entries("a"),
      reply: Promise.reject(new Error("taken back")),
      afterwards: (failure) => failures.push(failure),
    })),
  );
  expect(error).toMatchObject({ errorName: "NOT_COORDINATOR" });
  expect(failures.map((failure) => failure?.errorName)).toEqual(["NOT_COORDINATOR"]);
  expect(ledger.sums.size).toBe(0);
  log.failure = undefined;
  shard.write(() => ({ records: entries("a"), reply: undefined }));
  expect(ledger.sums.get("a")).toBe(1);
});

test("A reply waits for the flush that the topic asks for, and fails with it", async () => {
  const { shard, log } = open();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  log.flushed = promise;
  const reply = shard.write(() => ({ records: entries("a"), reply: "done" }));
  expect(reply).toBeInstanceOf(Promise);
  resolve();
  expect(await reply).toBe("done");
  expect(reject).toBeFunction();
  log.flushed = Promise.reject(broken);
  const failed = shard.write(() => ({ records: entries("a"), reply: "done" }));
  expect(await Promise.resolve(failed).catch((error: unknown) => error)).toMatchObject({
    errorName: "NOT_COORDINATOR",
  });
});

test("Answers that others wait for, and those that write nothing, leave no sooner than what they are made of is flushed", async () => {
  const { shard, log } = open();
  const answered: string[] = [];
  const follow = (name: string, reply: string | Promise<string>) =>
    void Promise.resolve(reply).then((given) => answered.push(`${name}: ${given}`));
  const waiting = Promise.withResolvers<string>();
  const flush = Promise.withResolvers<void>();
  follow(
    "follower",
    shard.write(() => ({ records: [], reply: waiting.promise })),
  );
  log.flushed = flush.promise;
  const afterwards = () => waiting.resolve("assigned");
  follow(
    "leader",
    shard.write(() => ({ records: entries("a"), reply: "assigned", afterwards })),
  );
  follow(
    "late",
    shard.write(() => ({ records: [], reply: "assigned" })),
  );
  await Bun.sleep(0);
  expect(answered).toEqual([]);
  flush.resolve();
  await Bun.sleep(0);
  expect(answered.sort()).toEqual(["follower: assigned", "late: assigned", "leader: assigned"]);
  expect(shard.write(() => ({ records: [], reply: "at once" }))).toBe("at once");
});

test("A state that is loaded again is the same", () => {
  const { shard, log, ledger } = open();
  shard.write(() => ({ records: entries("a", "b"), reply: undefined }));
  shard.write(() => ({ records: entries("b"), reply: undefined }));
  const again = open(log);
  expect(again.ledger.sums).toEqual(ledger.sums);
  expect(again.ledger.offsets).toEqual(ledger.offsets);
  expect(again.ledger.loadedAtMs).toBe(again.clock.now());
});

test("A long log is loaded in slices, and until it is loaded requests are told so", () => {
  const { shard, log } = open();
  for (let index = 0; index < 10; index++) shard.write(() => ({ records: entries("a"), reply: undefined }));
  const clock = new ManualClock();
  let isSlow = true;
  const now = clock.now.bind(clock);
  // Every look at the clock takes 15 ms: two batches, and a slice of 20 ms is over.
  clock.now = () => {
    if (isSlow) clock.advance(15);
    return now();
  };
  const slow = open(log, clock);
  isSlow = false;
  expect(slow.shard.isLoading).toBe(true);
  expect(thrownBy(() => slow.shard.read(() => 0))).toMatchObject({
    errorName: "COORDINATOR_LOAD_IN_PROGRESS",
  });
  let ran = 0;
  slow.shard.whenLoaded(() => ran++);
  expect(slow.ledger.sums.get("a")).toBeLessThan(10);
  clock.advance(1);
  expect(slow.shard.isLoading).toBe(false);
  expect(slow.ledger.sums.get("a")).toBe(10);
  expect(ran).toBe(1);
  expect(slow.shard.read((state) => state.sums.get("a"))).toBe(10);
});

test("Records of types that nobody knows are left alone, with one line in the log", () => {
  const log = new MemoryLog();
  const unknown = { timestamp: 0, key: Buffer.from([7, 1]), value: Buffer.from("?") };
  log.append(buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, records: [unknown, unknown] }));
  const { said, shard } = open(log);
  expect(shard.hasFailed).toBe(false);
  expect(said.filter((line) => line.includes("type 7"))).toHaveLength(1);
});

test("A record that should be understood and isn't makes the load fail", () => {
  const log = new MemoryLog();
  const records = [{ timestamp: 0, key: Buffer.from([0, 65]), value: null }];
  log.append(buildBatch({ baseOffset: 0, partitionLeaderEpoch: -1, records }));
  const { shard, said, ledger } = open(log);
  expect(shard.hasFailed).toBe(true);
  expect(said.join()).toContain("could not be loaded");
  expect(ledger.unloadedBy?.errorName).toBe("NOT_COORDINATOR");
  expect(thrownBy(() => shard.read(() => 0))).toMatchObject({ errorName: "NOT_COORDINATOR" });
});

test("A state that can't follow its own log is given up", () => {
  const { shard, ledger } = open();
  const error = thrownBy(() => shard.write(() => ({ records: entries("a", "poison"), reply: undefined })));
  expect(error).toMatchObject({ errorName: "NOT_COORDINATOR" });
  expect(shard.hasFailed).toBe(true);
  expect(ledger.unloadedBy?.errorName).toBe("NOT_COORDINATOR");
});

test("Records of a transaction count when it is committed, and not when it is aborted, also after a restart", () => {
  const { shard, ledger, log } = open();
  const commit = (name: string, producerId: bigint) =>
    shard.write(() => ({ records: [{ name, amount: 1 }], reply: undefined }), {
      producerId,
      producerEpoch: 3,
    });
  const end = (producerId: bigint, result: "commit" | "abort") =>
    shard.endTransaction({
      producerId,
      producerEpoch: 3,
      coordinatorEpoch: 0,
      result,
      transactionVersion: 2,
    });
  commit("kept", 1n);
  commit("dropped", 2n);
  commit("open", 3n);
  expect(ledger.sums.size).toBe(0);
  end(1n, "commit");
  end(2n, "abort");
  expect(Object.fromEntries(ledger.sums)).toEqual({ kept: 1 });
  const [batch = Buffer.alloc(0)] = log.stored;
  expect(header.isTransactional(header.attributes(batch, 0))).toBe(true);
  expect(header.producerEpoch(batch, 0)).toBe(3);
  const again = open(log);
  expect(Object.fromEntries(again.ledger.sums)).toEqual({ kept: 1 });
  again.shard.endTransaction({
    producerId: 3n,
    producerEpoch: 3,
    coordinatorEpoch: 0,
    result: "commit",
    transactionVersion: 2,
  });
  expect(Object.fromEntries(again.ledger.sums)).toEqual({ kept: 1, open: 1 });
});

test("Records that may be divided are written in batches that any log takes", () => {
  const { shard, ledger, log } = open();
  const name = "x".repeat(1000);
  const records = Array.from({ length: 1000 }, () => ({ name, amount: 1 }));
  shard.write(() => ({ records, divisible: true, reply: undefined }));
  expect(ledger.sums.get(name)).toBe(1000);
  expect(log.stored.length).toBeGreaterThan(1);
  for (const batch of log.stored) expect(batch.length).toBeLessThan(300_000);
});

test("A timer writes as a request does, and one that fails is tried again", () => {
  const { shard, ledger, log, clock, said } = open();
  shard.read((state) =>
    state.timers.set("tick", 100, () => ({ records: entries("tick"), reply: undefined })),
  );
  log.failure = broken;
  clock.advance(100);
  expect(ledger.sums.size).toBe(0);
  expect(said.join()).toContain("the timer tick failed");
  log.failure = undefined;
  clock.advance(500);
  expect(ledger.sums.get("tick")).toBe(1);
});

test("An unloaded shard answers nobody, and its timers are gone", () => {
  const { shard, ledger, clock } = open();
  shard.read((state) =>
    state.timers.set("tick", 100, () => ({ records: entries("tick"), reply: undefined })),
  );
  shard.unload(new KafkaError("NOT_COORDINATOR", "moved"));
  clock.advance(1000);
  expect(ledger.sums.size).toBe(0);
  expect(ledger.unloadedBy?.message).toBe("moved");
  expect(thrownBy(() => shard.write(() => ({ records: [], reply: 0 })))).toMatchObject({
    errorName: "NOT_COORDINATOR",
  });
});

test("An operation's own error leaves the shard as it was", () => {
  const { shard } = open();
  const error = new KafkaError("UNKNOWN_MEMBER_ID", "who?");
  expect(
    thrownBy(() =>
      shard.write(() => {
        throw error;
      }),
    ),
  ).toBe(error);
  expect(shard.read(() => "well")).toBe("well");
});
