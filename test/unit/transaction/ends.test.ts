import { expect, test } from "bun:test";
import { type ErrorName, KafkaError } from "../../../src/protocol/errors.ts";
import type { MarkerLogs } from "../../../src/transaction/markers.ts";
import { Bench } from "./support/bench.ts";

/** Markers that fail on partition 1 as long as there is an error to fail with. */
function failing(error: ErrorName | undefined) {
  const failure = { error };
  const markers = (usual: MarkerLogs): MarkerLogs => ({
    write(topic, partition, end) {
      if (failure.error !== undefined && partition === 1)
        throw new KafkaError(failure.error, "as the test wants it");
      return usual.write(topic, partition, end);
    },
  });
  return { failure, markers };
}

function withPartitions(options: ConstructorParameters<typeof Bench>[0]) {
  const bench = new Bench(options);
  const producer = bench.initNow("tx");
  bench.add("tx", producer, [0, 1, 2]);
  return { bench, producer };
}

const ends = (bench: Bench) => [0, 1, 2].map((partition) => bench.log("t", partition).logEndOffset);

test("A marker that can't be written is tried again, and the others aren't written twice", () => {
  const { failure, markers } = failing("KAFKA_STORAGE_ERROR");
  const { bench, producer } = withPartitions({ markers });
  expect(bench.endNow("tx", producer, "commit").producerEpoch).toBe(1);
  bench.clock.advance(2000);
  expect(ends(bench)).toEqual([1, 0, 1]);
  expect(bench.coordinator.describe("tx").state).toBe("PrepareCommit");
  failure.error = undefined;
  bench.clock.advance(250);
  expect(ends(bench)).toEqual([1, 1, 1]);
  expect(bench.coordinator.describe("tx").state).toBe("CompleteCommit");
});

test("A partition that has been deleted, or doesn't want the marker, doesn't hold up the end", () => {
  for (const error of [
    "UNKNOWN_TOPIC_OR_PARTITION",
    "INVALID_PRODUCER_EPOCH",
    "TRANSACTION_COORDINATOR_FENCED",
  ] as const) {
    const { bench, producer } = withPartitions(failing(error));
    bench.endNow("tx", producer, "abort");
    expect(ends(bench)).toEqual([1, 0, 1]);
    expect(bench.coordinator.describe("tx").state).toBe("CompleteAbort");
    expect(bench.logged.some((line) => line.includes("for t-1"))).toBe(true);
  }
});

test("An error that nobody foresaw is logged, and the marker tried again", () => {
  const broken = { now: true };
  const markers = (usual: MarkerLogs): MarkerLogs => ({
    write(topic, partition, end) {
      if (broken.now) throw new TypeError("something is not what it should be");
      return usual.write(topic, partition, end);
    },
  });
  const { bench, producer } = withPartitions({ markers });
  bench.endNow("tx", producer, "commit");
  expect(bench.logged.some((line) => line.includes("something is not what it should be"))).toBe(true);
  broken.now = false;
  bench.clock.advance(250);
  expect(bench.coordinator.describe("tx").state).toBe("CompleteCommit");
});

test("A marker that can't be made durable is written once more", async () => {
  let failures = 1;
  const markers = (usual: MarkerLogs): MarkerLogs => ({
    async write(...to) {
      await usual.write(...to);
      if (failures-- > 0) throw new KafkaError("KAFKA_STORAGE_ERROR", "not flushed");
    },
  });
  const { bench, producer } = withPartitions({ markers });
  await bench.end("tx", producer, "commit");
  expect(bench.coordinator.describe("tx").state).toBe("PrepareCommit");
  bench.clock.advance(250);
  await Bun.sleep(0);
  expect(bench.coordinator.describe("tx").state).toBe("CompleteCommit");
  expect(ends(bench).toSorted()).toEqual([1, 1, 2]);
});

test("After a kill an end that had been decided is completed, without anybody asking", () => {
  const { markers } = failing("KAFKA_STORAGE_ERROR");
  const { bench, producer } = withPartitions({ markers });
  bench.endNow("tx", producer, "commit");
  const next = bench.next({ markers: (usual) => usual });
  expect(ends(next)).toEqual([1, 0, 1]);
  next.clock.advance(100);
  expect(next.coordinator.describe("tx").state).toBe("CompleteCommit");
  // The markers that were there already are there twice: they say the same.
  expect(ends(next)).toEqual([2, 1, 2]);
  const following = { producerId: 0n, producerEpoch: 1 };
  next.add("tx", following, [0]);
  expect(next.endNow("tx", following, "commit").producerEpoch).toBe(2);
});

test("After a kill an open transaction goes on, and ends as its producer says", () => {
  const { bench, producer } = withPartitions({});
  const next = bench.next();
  next.clock.advance(100);
  expect(next.coordinator.describe("tx").state).toBe("Ongoing");
  expect(next.endNow("tx", producer, "commit").producerEpoch).toBe(1);
  expect(ends(next)).toEqual([1, 1, 1]);
});

test("An end that can't be noted as complete is completed later", () => {
  const { bench, producer } = withPartitions({});
  let writes = 0;
  bench.disk.failure = (operation, path) => {
    if (operation !== "write" || !path.includes("__transaction_state")) return undefined;
    return ++writes === 2 ? "EMFILE" : undefined;
  };
  bench.endNow("tx", producer, "commit");
  const { state } = bench.coordinator.describe("tx");
  bench.clock.advance(2000);
  expect([state, bench.coordinator.describe("tx").state]).toEqual(["PrepareCommit", "CompleteCommit"]);
});
