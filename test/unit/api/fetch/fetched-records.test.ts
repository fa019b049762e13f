/** Which records a fetch brings: from where, how many, and of which transactions. */
import { beforeEach, describe, expect, test } from "bun:test";
import { fetch } from "../../../../src/api/fetch/fetch.ts";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { buildEndTransactionMarker } from "../../../../src/records/control.ts";
import { TestBroker } from "../../../support/api-broker.ts";
import { batchOf } from "../../../support/batches.ts";
import { append, fetchFrom, NEWEST, nothing, partitionFrom, partitionsFrom, unknownId } from "./support.ts";

let broker: TestBroker;

beforeEach(() => {
  broker = new TestBroker([fetch]);
});

describe("Fetch of a partition", () => {
  test("brings all batches from the offset on, as they lie in the log", async () => {
    broker.createTopic("a");
    const batches = append(broker, "a", 0, batchOf(["1", "2"]), batchOf(["3"]), batchOf(["4"]));
    expect(await partitionFrom(broker, "a")).toMatchObject({
      partitionIndex: 0,
      errorCode: 0,
      highWatermark: 4n,
      lastStableOffset: 4n,
      logStartOffset: 0n,
      abortedTransactions: null,
      preferredReadReplica: -1,
      records: Buffer.concat(batches),
    });
    expect((await partitionFrom(broker, "a", { fetchOffset: 3n })).records).toEqual(
      Buffer.concat(batches.slice(2)),
    );
  });

  test("begins with the whole batch that holds the offset", async () => {
    broker.createTopic("a");
    const [first] = append(broker, "a", 0, batchOf(["1", "2"]));
    expect((await partitionFrom(broker, "a", { fetchOffset: 1n })).records).toEqual(first as Buffer);
  });

  test("of an empty log, or at the end of one, brings empty records and no null", async () => {
    broker.createTopic("a");
    expect(await partitionFrom(broker, "a")).toMatchObject({
      errorCode: 0,
      highWatermark: 0n,
      lastStableOffset: 0n,
      logStartOffset: 0n,
      abortedTransactions: null,
      records: Buffer.alloc(0),
    });
    append(broker, "a", 0, batchOf(["1"]));
    expect(await partitionFrom(broker, "a", { fetchOffset: 1n })).toMatchObject({
      highWatermark: 1n,
      records: Buffer.alloc(0),
    });
  });

  test.each([2n, -1n, 2n ** 62n])("at offset %p says OFFSET_OUT_OF_RANGE", async (fetchOffset) => {
    broker.createTopic("a");
    append(broker, "a", 0, batchOf(["1"]));
    expect(await partitionFrom(broker, "a", { fetchOffset })).toMatchObject({
      errorCode: ErrorCode.OFFSET_OUT_OF_RANGE,
      abortedTransactions: null,
      records: Buffer.alloc(0),
      ...nothing,
    });
  });

  test("below the log's start says OFFSET_OUT_OF_RANGE", async () => {
    broker.createTopic("a");
    append(broker, "a", 0, batchOf(["1"]), batchOf(["2"]));
    broker.log("a").deleteRecordsBefore(1);
    expect((await partitionFrom(broker, "a", { fetchOffset: 0n })).errorCode).toBe(
      ErrorCode.OFFSET_OUT_OF_RANGE,
    );
    expect((await partitionFrom(broker, "a", { fetchOffset: 1n })).logStartOffset).toBe(1n);
  });
});

describe("How much a fetch brings", () => {
  const batch = (name: string) => batchOf([name.padEnd(100)]);
  const { length } = batch("");

  beforeEach(() => void broker.createTopic("a", { partitions: 3 }));

  async function sizes(asked: { maxBytes?: number }, ...partitionMaxBytes: number[]): Promise<number[]> {
    const topics = { a: partitionMaxBytes.map((max, partition) => ({ partition, partitionMaxBytes: max })) };
    const answered = await partitionsFrom(broker, { ...asked, topics });
    return answered.map(({ records }) => records?.length ?? -1);
  }

  test("of a partition is limited by its own limit, the last batch cut off", async () => {
    append(broker, "a", 0, batch("1"), batch("2"), batch("3"));
    expect(await sizes({}, 3 * length)).toEqual([3 * length]);
    expect(await sizes({}, 2 * length + 20)).toEqual([2 * length + 20]);
  });

  test("is never less than the first batch, whole, of the first partition that has one", async () => {
    append(broker, "a", 1, batch("1"), batch("2"));
    append(broker, "a", 2, batch("1"));
    expect(await sizes({}, 1, 1, 1)).toEqual([0, length, 0]);
    expect(await sizes({ maxBytes: 0 }, 1000, 1000, 1000)).toEqual([0, length, 0]);
    expect(await sizes({ maxBytes: -5 }, 1000, -1000, 1000)).toEqual([0, length, 0]);
  });

  test("of all partitions together is limited, those behind get what is left", async () => {
    for (const partition of [0, 1, 2]) append(broker, "a", partition, batch("1"), batch("2"));
    expect(await sizes({ maxBytes: 3 * length }, 1000, 1000, 1000)).toEqual([2 * length, length, 0]);
  });

  test("of another partition than the first is whole batches or nothing at its beginning", async () => {
    append(broker, "a", 0, batch("1"));
    append(broker, "a", 1, batch("1"));
    append(broker, "a", 2, batchOf(["small"]));
    expect(await sizes({ maxBytes: 2 * length - 1 }, 1000, 1000, 1000)).toEqual([
      length,
      0,
      batchOf(["small"]).length,
    ]);
  });

  test("is limited by fetch.max.bytes of the broker", async () => {
    broker = new TestBroker([fetch], "fetch.max.bytes=1024");
    broker.createTopic("a");
    append(broker, "a", 0, ...Array.from({ length: 10 }, (_, index) => batch(`${index}`)));
    expect(await sizes({ maxBytes: 1_000_000 }, 1_000_000)).toEqual([1024]);
  });
});

describe("Isolation", () => {
  const ofProducer = { producerId: 5n, producerEpoch: 0, transactional: true };

  beforeEach(() => {
    broker.createTopic("a");
    append(
      broker,
      "a",
      0,
      batchOf(["1"]),
      batchOf(["2"], { ...ofProducer, baseSequence: 0 }),
      batchOf(["3"]),
    );
  });

  test("read_uncommitted reads what a transaction has not committed yet", async () => {
    const answer = await partitionFrom(broker, "a");
    expect(answer).toMatchObject({ highWatermark: 3n, lastStableOffset: 1n, abortedTransactions: null });
    expect(answer.records).toHaveLength(3 * batchOf(["1"]).length);
  });

  test("read_committed ends where the first open transaction begins, and says that none was aborted", async () => {
    const answer = await partitionFrom(broker, "a", {}, { isolationLevel: 1 });
    expect(answer).toMatchObject({ highWatermark: 3n, lastStableOffset: 1n, abortedTransactions: [] });
    expect(answer.records).toHaveLength(batchOf(["1"]).length);
    const atItsEnd = await partitionFrom(broker, "a", { fetchOffset: 1n }, { isolationLevel: 1 });
    expect(atItsEnd).toMatchObject({ errorCode: 0, abortedTransactions: [], records: Buffer.alloc(0) });
  });

  test("read_committed names the aborted transactions", async () => {
    const abort = buildEndTransactionMarker({
      baseOffset: 0,
      partitionLeaderEpoch: -1,
      timestamp: broker.clock.now(),
      producerId: 5n,
      producerEpoch: 0,
      result: "abort",
      coordinatorEpoch: 0,
    });
    broker.log("a").append(abort, { leaderEpoch: 0, origin: "coordinator" });
    const answer = await partitionFrom(broker, "a", {}, { isolationLevel: 1 });
    expect(answer).toMatchObject({
      lastStableOffset: 4n,
      abortedTransactions: [{ producerId: 5n, firstOffset: 1n }],
    });
  });

  test("of another kind is INVALID_REQUEST", async () => {
    const answer = await fetchFrom(broker, { isolationLevel: 2, sessionId: 3, topics: { a: [{}] } });
    expect(answer).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST, sessionId: 3 });
    expect(answer?.responses[0]?.partitions).toMatchObject([
      { errorCode: ErrorCode.INVALID_REQUEST, highWatermark: -1n, records: Buffer.alloc(0) },
    ]);
    const byId = await fetchFrom(broker, {
      version: NEWEST,
      isolationLevel: 2,
      topics: { [unknownId]: [{}] },
    });
    expect(byId).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST, responses: [] });
  });
});
