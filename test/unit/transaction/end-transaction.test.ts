import { expect, test } from "bun:test";
import { errorOf } from "../../support/error-of.ts";
import { Bench, idle, told } from "./support/bench.ts";

function begun(options: ConstructorParameters<typeof Bench>[0] = {}, version = 2) {
  const bench = new Bench(options);
  const producer = bench.initNow("tx");
  bench.add("tx", producer, [0], "t", version);
  return { bench, producer };
}

test("The end raises the producer's epoch with transaction.version 2, and each partition gets a marker with it", () => {
  const { bench, producer } = begun();
  expect(bench.endNow("tx", producer, "commit")).toEqual({ producerId: 0n, producerEpoch: 1 });
  const [entry] = bench.log("t").producers;
  expect(entry).toMatchObject({ epoch: 1, coordinatorEpoch: 0 });
});

test("Older clients keep their epoch", () => {
  const { bench, producer } = begun({}, 0);
  expect(bench.endNow("tx", producer, "commit", 0)).toEqual({ producerId: -1n, producerEpoch: -1 });
  const [entry] = bench.log("t").producers;
  expect(entry).toMatchObject({ epoch: 0, coordinatorEpoch: 0 });
  bench.add("tx", producer, [1], "t", 0);
  bench.endNow("tx", producer, "abort", 0);
  expect(bench.records().map(told).slice(-2)).toEqual([
    "tx PrepareAbort 0>0>-1 epoch 0 timeout 60000 version 0 [t-1]",
    "tx CompleteAbort 0>0>-1 epoch 0 timeout 60000 version 0 []",
  ]);
});

test("The same request once more has the same answer, and another one about an ended transaction is refused", () => {
  const { bench, producer } = begun();
  const next = bench.endNow("tx", producer, "commit");
  const { length } = bench.records();
  expect(bench.endNow("tx", producer, "commit")).toEqual(next);
  expect(errorOf(() => bench.endNow("tx", producer, "abort"))).toBe("INVALID_TXN_STATE");
  expect(errorOf(() => bench.endNow("tx", next, "commit"))).toBe("INVALID_TXN_STATE");
  expect(bench.records()).toHaveLength(length);
});

test("For older clients the same holds, as far as their epochs can tell", () => {
  const { bench, producer } = begun({}, 0);
  bench.endNow("tx", producer, "abort", 0);
  const { length } = bench.records();
  expect(bench.endNow("tx", producer, "abort", 0).producerId).toBe(-1n);
  expect(errorOf(() => bench.endNow("tx", producer, "commit", 0))).toBe("INVALID_TXN_STATE");
  expect(bench.records()).toHaveLength(length);
});

test("An abort of nothing gives a new epoch with transaction.version 2, and is refused before", () => {
  const bench = new Bench();
  const first = bench.initNow("tx");
  expect(errorOf(() => bench.endNow("tx", first, "commit"))).toBe("INVALID_TXN_STATE");
  expect(errorOf(() => bench.endNow("tx", first, "abort", 0))).toBe("INVALID_TXN_STATE");
  bench.clock.advance(5);
  const second = bench.endNow("tx", first, "abort");
  expect(second.producerEpoch).toBe(1);
  expect(bench.coordinator.describe("tx")).toMatchObject({
    state: "CompleteAbort",
    startMs: bench.clock.now(),
  });
  expect(bench.endNow("tx", second, "abort").producerEpoch).toBe(2);
});

test("A producer that has been fenced, or never was one, ends nothing", () => {
  const { bench, producer } = begun();
  const { producerId, producerEpoch } = producer;
  for (const version of [0, 2]) {
    const end = (id: string, epoch: number, of = producerId) =>
      errorOf(() => bench.endNow(id, { producerId: of, producerEpoch: epoch }, "commit", version));
    expect(end("tx", producerEpoch + 1)).toBe("PRODUCER_FENCED");
    expect(end("tx", producerEpoch - 1)).toBe("PRODUCER_FENCED");
    expect(end("tx", producerEpoch, 99n)).toBe("INVALID_PRODUCER_ID_MAPPING");
    expect(end("unknown", producerEpoch)).toBe("INVALID_PRODUCER_ID_MAPPING");
  }
  expect(bench.coordinator.describe("tx").state).toBe("Ongoing");
});

test("When the epochs are used up, the end brings a new producer id, also to who asks again", () => {
  const bench = new Bench();
  bench.write(idle("tx", { producerId: 77n, producerEpoch: 32_765 }));
  const producer = bench.initNow("tx");
  bench.add("tx", producer, [0]);
  const rotated = bench.endNow("tx", producer, "commit");
  expect(rotated).toEqual({ producerId: 0n, producerEpoch: 0 });
  expect(bench.records().map(told).slice(-2)).toEqual([
    "tx PrepareCommit 77>77>0 epoch 32767 timeout 60000 version 2 [t-0]",
    "tx CompleteCommit 77>0>-1 epoch 0 timeout 60000 version 2 []",
  ]);
  expect(bench.endNow("tx", producer, "commit")).toEqual(rotated);
  bench.add("tx", rotated, [0]);
  expect(bench.endNow("tx", rotated, "abort")).toEqual({ producerId: 0n, producerEpoch: 1 });
});

test("While the end is being written, everybody is to come again", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { bench, producer } = begun({
    markers: (usual) => ({
      write(...to) {
        usual.write(...to);
        return promise;
      },
    }),
  });
  const ended = bench.end("tx", producer, "commit");
  const next = { producerId: 0n, producerEpoch: 1 };
  expect(bench.coordinator.describe("tx").state).toBe("PrepareCommit");
  expect(errorOf(() => bench.add("tx", next, [0]))).toBe("CONCURRENT_TRANSACTIONS");
  expect(errorOf(() => bench.initNow("tx"))).toBe("CONCURRENT_TRANSACTIONS");
  expect(errorOf(() => bench.endNow("tx", producer, "commit"))).toBe("CONCURRENT_TRANSACTIONS");
  expect(errorOf(() => bench.endNow("tx", producer, "abort"))).toBe("INVALID_TXN_STATE");
  expect(errorOf(() => bench.endNow("tx", next, "commit"))).toBe("PRODUCER_FENCED");
  resolve();
  expect(await ended).toEqual(next);
  expect(bench.coordinator.describe("tx").state).toBe("CompleteCommit");
});
