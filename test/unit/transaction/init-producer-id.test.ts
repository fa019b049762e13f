import { expect, test } from "bun:test";
import { KafkaError } from "../../../src/protocol/errors.ts";
import { errorOf } from "../../support/error-of.ts";
import { Bench, idle, told } from "./support/bench.ts";

test("A new id begins with epoch 0, and each producer that comes fences the one before", () => {
  const bench = new Bench();
  const first = bench.initNow("tx");
  expect(first).toEqual({ producerId: 0n, producerEpoch: 0 });
  const second = bench.initNow("tx");
  expect(second).toEqual({ producerId: 0n, producerEpoch: 1 });
  expect(errorOf(() => bench.add("tx", first, [0]))).toBe("PRODUCER_FENCED");
  bench.add("tx", second, [0]);
  expect(bench.initNow("other")).toEqual({ producerId: 1n, producerEpoch: 0 });
});

test("An open transaction of the producer before is aborted first, and the new one has to ask again", () => {
  const bench = new Bench();
  const first = bench.initNow("tx");
  bench.add("tx", first, [0]);
  expect(errorOf(() => bench.initNow("tx"))).toBe("CONCURRENT_TRANSACTIONS");
  expect(bench.log("t").logEndOffset).toBe(1);
  expect(bench.coordinator.describe("tx").state).toBe("CompleteAbort");
  expect(bench.initNow("tx")).toEqual({ producerId: 0n, producerEpoch: 2 });
  expect(errorOf(() => bench.endNow("tx", first, "commit"))).toBe("PRODUCER_FENCED");
});

test("Before transaction.version 2 the abort is done in the epoch of the fenced producer's successor", () => {
  const bench = new Bench({ transactionVersion: 0 });
  const first = bench.initNow("tx");
  bench.add("tx", first, [0], "t", 0);
  expect(errorOf(() => bench.initNow("tx"))).toBe("CONCURRENT_TRANSACTIONS");
  expect(bench.records().map(told)).toEqual([
    "tx Empty -1>0>-1 epoch 0 timeout 60000 version 0 []",
    "tx Ongoing -1>0>-1 epoch 0 timeout 60000 version 0 [t-0]",
    "tx PrepareAbort -1>0>-1 epoch 1 timeout 60000 version 0 [t-0]",
    "tx CompleteAbort -1>0>-1 epoch 1 timeout 60000 version 0 []",
  ]);
  expect(bench.initNow("tx")).toEqual({ producerId: 0n, producerEpoch: 2 });
});

test("A producer that names its id and epoch gets the next epoch, and the same again when it repeats itself", () => {
  const bench = new Bench();
  const first = bench.initNow("tx");
  const second = bench.initNow("tx", 60_000, first);
  expect(second).toEqual({ producerId: 0n, producerEpoch: 1 });
  expect(bench.initNow("tx", 60_000, first)).toEqual(second);
  const third = bench.initNow("tx", 60_000, second);
  expect(third.producerEpoch).toBe(2);
  expect(errorOf(() => bench.initNow("tx", 60_000, first))).toBe("PRODUCER_FENCED");
});

test("A producer that names another id than the last is fenced", () => {
  const bench = new Bench();
  bench.initNow("tx");
  expect(errorOf(() => bench.initNow("tx", 60_000, { producerId: 9n, producerEpoch: 0 }))).toBe(
    "PRODUCER_FENCED",
  );
});

test("A producer that names what an id had before it expired gets a new one", () => {
  const bench = new Bench();
  expect(bench.initNow("tx", 60_000, { producerId: 9n, producerEpoch: 4 })).toEqual({
    producerId: 0n,
    producerEpoch: 0,
  });
});

test("When the epochs of a producer id are used up, another id takes its place", () => {
  const bench = new Bench();
  bench.write(idle("tx", { producerId: 77n, producerEpoch: 32_765 }));
  const producer = bench.initNow("tx");
  expect(producer).toEqual({ producerId: 77n, producerEpoch: 32_766 });
  const rotated = bench.initNow("tx", 60_000, producer);
  expect(rotated).toEqual({ producerId: 0n, producerEpoch: 0 });
  // The answer got lost: the producer still names its old id.
  expect(bench.initNow("tx", 60_000, producer)).toEqual(rotated);
  expect(errorOf(() => bench.initNow("tx", 60_000, { producerId: 77n, producerEpoch: 3 }))).toBe(
    "PRODUCER_FENCED",
  );
});

test("A timeout that isn't positive or above transaction.max.timeout.ms is refused", () => {
  const bench = new Bench({ configs: ["transaction.max.timeout.ms=1000"] });
  for (const timeoutMs of [0, -1, 1001]) {
    expect(errorOf(() => bench.initNow("tx", timeoutMs))).toBe("INVALID_TRANSACTION_TIMEOUT");
  }
  bench.initNow("tx", 1000);
  expect(bench.coordinator.describe("tx").timeoutMs).toBe(1000);
});

test("An empty id is no id", () => {
  const bench = new Bench();
  expect(errorOf(() => bench.initNow(""))).toBe("INVALID_REQUEST");
  expect(errorOf(() => bench.add("", { producerId: 0n, producerEpoch: 0 }, [0]))).toBe("INVALID_REQUEST");
});

test("Without the topic there is no coordinator", () => {
  const bench = new Bench({ topics: { t: 1 } });
  expect(errorOf(() => bench.initNow("tx"))).toBe("NOT_COORDINATOR");
});

test("What can't be written changes nothing", () => {
  const bench = new Bench();
  const first = bench.initNow("tx");
  bench.disk.failure = (operation) => (operation === "write" ? "EIO" : undefined);
  expect(() => bench.initNow("tx")).toThrow(KafkaError);
  bench.disk.failure = () => undefined;
  expect(bench.coordinator.describe("tx")).toMatchObject(first);
});
