import { expect, test } from "bun:test";
import { errorOf } from "../../support/error-of.ts";
import { Bench, told } from "./support/bench.ts";

const asked = (producer: { producerId: bigint; producerEpoch: number }, partitions: number[]) => ({
  transactionalId: "tx",
  ...producer,
  partitions: [{ topic: "t", partitions }],
});

test("A transaction begins with its first partition, and gets more", () => {
  const bench = new Bench();
  const producer = bench.initNow("tx");
  bench.clock.advance(5);
  bench.add("tx", producer, [0]);
  const { startMs } = bench.coordinator.describe("tx");
  bench.clock.advance(5);
  bench.add("tx", producer, [2, 1]);
  const transaction = bench.coordinator.describe("tx");
  expect(transaction).toMatchObject({ state: "Ongoing", startMs });
  expect([...(transaction.partitions.get("t") ?? [])].sort()).toEqual([0, 1, 2]);
});

test("Partitions that are in the transaction already cost no record", () => {
  const bench = new Bench();
  const producer = bench.initNow("tx");
  bench.add("tx", producer, [0, 1]);
  const { length } = bench.records();
  bench.add("tx", producer, [1]);
  expect(bench.records()).toHaveLength(length);
});

test("Only the last producer may add partitions", () => {
  const bench = new Bench();
  const producer = bench.initNow("tx");
  const { producerId, producerEpoch } = producer;
  const another = { producerId: producerId + 1n, producerEpoch };
  const newer = { producerId, producerEpoch: producerEpoch + 1 };
  expect(errorOf(() => bench.add("tx", another, [0]))).toBe("INVALID_PRODUCER_ID_MAPPING");
  expect(errorOf(() => bench.add("tx", newer, [0]))).toBe("PRODUCER_FENCED");
  expect(errorOf(() => bench.add("unknown", producer, [0]))).toBe("INVALID_PRODUCER_ID_MAPPING");
});

test("Who asks is told which partitions the transaction doesn't know of", () => {
  const bench = new Bench();
  const producer = bench.initNow("tx");
  bench.add("tx", producer, [0]);
  expect(bench.coordinator.partitionsNotAdded(asked(producer, [0]))).toEqual([]);
  expect(bench.coordinator.partitionsNotAdded(asked(producer, [0, 2]))).toEqual([
    { topic: "t", partition: 2 },
  ]);
  const older = { ...producer, producerEpoch: producer.producerEpoch - 1 };
  expect(errorOf(() => bench.coordinator.partitionsNotAdded(asked(older, [0])))).toBe("PRODUCER_FENCED");
});

test("After the end of a transaction its partitions are to be added again", () => {
  const bench = new Bench();
  const first = bench.initNow("tx");
  bench.add("tx", first, [0]);
  const second = bench.endNow("tx", first, "commit");
  expect(bench.coordinator.partitionsNotAdded(asked(second, [0]))).toEqual([{ topic: "t", partition: 0 }]);
  bench.add("tx", second, [0]);
  expect(bench.records().map(told).at(-1)).toBe("tx Ongoing 0>0>-1 epoch 1 timeout 60000 version 2 [t-0]");
});

test("Nothing is built on a record that isn't durable yet, where the topic is flushed", async () => {
  const bench = new Bench({ configs: ["log.flush.interval.messages=1"] });
  const producer = await bench.init("tx");
  const added = bench.add("tx", producer, [0]);
  expect(added).toBeInstanceOf(Promise);
  expect(errorOf(() => bench.coordinator.partitionsNotAdded(asked(producer, [0])))).toBe(
    "CONCURRENT_TRANSACTIONS",
  );
  expect(errorOf(() => bench.add("tx", producer, [0]))).toBe("CONCURRENT_TRANSACTIONS");
  await added;
  expect(bench.coordinator.partitionsNotAdded(asked(producer, [0]))).toEqual([]);
  const more = bench.add("tx", producer, [1]);
  expect(bench.coordinator.partitionsNotAdded(asked(producer, [0]))).toEqual([]);
  expect(errorOf(() => bench.coordinator.partitionsNotAdded(asked(producer, [0, 1])))).toBe(
    "CONCURRENT_TRANSACTIONS",
  );
  await more;
});
