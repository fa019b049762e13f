import { expect, test } from "bun:test";
import { errorOf } from "../../support/error-of.ts";
import { Bench, told } from "./support/bench.ts";

test("A transaction that takes longer than its producer said is aborted, and the producer fenced", () => {
  const bench = new Bench({ configs: ["transaction.abort.timed.out.transaction.cleanup.interval.ms=100"] });
  const producer = bench.initNow("tx", 1000);
  bench.add("tx", producer, [0]);
  bench.clock.advance(1000);
  expect(bench.coordinator.describe("tx").state).toBe("Ongoing");
  bench.clock.advance(100);
  expect(bench.coordinator.describe("tx")).toMatchObject({ state: "CompleteAbort", producerEpoch: 1 });
  expect(bench.log("t").logEndOffset).toBe(1);
  expect(errorOf(() => bench.add("tx", producer, [0]))).toBe("PRODUCER_FENCED");
  expect(errorOf(() => bench.endNow("tx", producer, "commit"))).toBe("INVALID_TXN_STATE");
});

test("A transaction is aborted in time after a restart too, without anybody asking", () => {
  const bench = new Bench();
  const producer = bench.initNow("tx", 1000);
  bench.add("tx", producer, [0]);
  const next = bench.next();
  next.clock.advance(20_000);
  expect(next.log("t").logEndOffset).toBe(1);
  expect(next.records().map(told).at(-1)).toBe("tx CompleteAbort 0>0>-1 epoch 1 timeout 1000 version 2 []");
});

test("A transaction that others prepare has no timeout", () => {
  const bench = new Bench({ configs: ["transaction.max.timeout.ms=2147483647"] });
  const producer = bench.initNow("tx", 0x7fffffff);
  bench.add("tx", producer, [0]);
  bench.clock.advance(0x7fffffff + 60_000);
  expect(bench.coordinator.describe("tx").state).toBe("Ongoing");
});

test("An id that has been idle for transactional.id.expiration.ms is forgotten, and an open transaction isn't", () => {
  const configs = [
    "transactional.id.expiration.ms=10000",
    "transaction.remove.expired.transaction.cleanup.interval.ms=1000",
    "transaction.max.timeout.ms=2147483647",
  ];
  const bench = new Bench({ configs });
  const idle = bench.initNow("idle");
  const open = bench.initNow("open", 1_000_000);
  bench.add("open", open, [0]);
  bench.clock.advance(9000);
  bench.initNow("busy");
  bench.clock.advance(2000);
  expect(errorOf(() => bench.coordinator.describe("idle"))).toBe("TRANSACTIONAL_ID_NOT_FOUND");
  expect(errorOf(() => bench.add("idle", idle, [0]))).toBe("INVALID_PRODUCER_ID_MAPPING");
  expect(bench.coordinator.describe("open").state).toBe("Ongoing");
  expect(bench.coordinator.describe("busy").state).toBe("Empty");
  const next = bench.next();
  expect(errorOf(() => next.coordinator.describe("idle"))).toBe("TRANSACTIONAL_ID_NOT_FOUND");
});

test("When the coordinator is closed, nothing is left that would run later", async () => {
  const bench = new Bench();
  const producer = bench.initNow("tx", 1000);
  bench.add("tx", producer, [0]);
  await bench.stop();
  bench.clock.advance(60_000);
  expect(errorOf(() => bench.initNow("tx"))).toBe("COORDINATOR_NOT_AVAILABLE");
});
