import { beforeEach, describe, expect, test } from "bun:test";
import { fetch } from "../../../../src/api/fetch/fetch.ts";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { uuidFromBytes, ZERO_UUID } from "../../../../src/protocol/uuid.ts";
import { buildEndTransactionMarker } from "../../../../src/records/control.ts";
import { TestBroker } from "../../../support/api-broker.ts";
import { batchOf } from "../../../support/batches.ts";
import { fetchFrom, NEWEST, partitionFrom, partitionsFrom } from "./support.ts";

let broker: TestBroker;

beforeEach(() => {
  broker = new TestBroker([fetch]);
});

/** Appends batches to a partition, and returns them as they then lie in the log. */
function append(topic: string, partition: number, ...batches: Buffer[]): Buffer[] {
  for (const batch of batches)
    broker.log(topic, partition).append(batch, { leaderEpoch: 0, origin: "client" });
  return batches;
}

const nothing = { highWatermark: -1n, lastStableOffset: -1n, logStartOffset: -1n, preferredReadReplica: -1 };
const unknownId = uuidFromBytes(Buffer.alloc(16, 9));

describe("Fetch of a partition", () => {
  test("brings all batches from the offset on, as they lie in the log", async () => {
    broker.createTopic("a");
    const batches = append("a", 0, batchOf(["1", "2"]), batchOf(["3"]), batchOf(["4"]));
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
    const [first] = append("a", 0, batchOf(["1", "2"]));
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
    append("a", 0, batchOf(["1"]));
    expect(await partitionFrom(broker, "a", { fetchOffset: 1n })).toMatchObject({
      highWatermark: 1n,
      records: Buffer.alloc(0),
    });
  });

  test.each([2n, -1n, 2n ** 62n])("at offset %p says OFFSET_OUT_OF_RANGE", async (fetchOffset) => {
    broker.createTopic("a");
    append("a", 0, batchOf(["1"]));
    expect(await partitionFrom(broker, "a", { fetchOffset })).toMatchObject({
      errorCode: ErrorCode.OFFSET_OUT_OF_RANGE,
      abortedTransactions: null,
      records: Buffer.alloc(0),
      ...nothing,
    });
  });

  test("below the log's start says OFFSET_OUT_OF_RANGE", async () => {
    broker.createTopic("a");
    append("a", 0, batchOf(["1"]), batchOf(["2"]));
    broker.log("a").deleteRecordsBefore(1);
    expect((await partitionFrom(broker, "a", { fetchOffset: 0n })).errorCode).toBe(
      ErrorCode.OFFSET_OUT_OF_RANGE,
    );
    expect((await partitionFrom(broker, "a", { fetchOffset: 1n })).logStartOffset).toBe(1n);
  });
});

describe("A fetch of no partition", () => {
  test("is answered at once, however long it would wait", async () => {
    const answer = await fetchFrom(broker, { version: 16, maxWaitMs: 100_000 });
    expect(answer).toMatchObject({ throttleTimeMs: 0, errorCode: 0, responses: [] });
  });
});

describe("A fetch of what nobody knows", () => {
  test.each([
    ["nowhere", 0],
    ["a", 1],
    ["a", -1],
  ])("says UNKNOWN_TOPIC_OR_PARTITION for %s-%d", async (topic, partition) => {
    broker.createTopic("a");
    expect(await partitionFrom(broker, topic, { partition })).toMatchObject({
      partitionIndex: partition,
      errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      abortedTransactions: [],
      records: Buffer.alloc(0),
      ...nothing,
    });
  });

  test.each([unknownId, ZERO_UUID])("says UNKNOWN_TOPIC_ID on the partition for id %s", async (id) => {
    const asked = { version: NEWEST, maxWaitMs: 100_000 };
    const answer = await fetchFrom(broker, { ...asked, topics: { [id]: [{ partition: 3 }] } });
    expect(answer).toMatchObject({ errorCode: 0, responses: [{ topicId: id }] });
    expect(answer?.responses[0]?.partitions).toMatchObject([
      {
        partitionIndex: 3,
        errorCode: ErrorCode.UNKNOWN_TOPIC_ID,
        abortedTransactions: [],
        records: Buffer.alloc(0),
        ...nothing,
      },
    ]);
  });

  test("is answered at once, behind the partitions that are known, which needn't have records", async () => {
    const { id } = broker.createTopic("a");
    const topics = { [unknownId]: [{}], [id]: [{}] };
    const answer = await fetchFrom(broker, { version: NEWEST, maxWaitMs: 100_000, topics });
    expect(answer?.responses.map(({ topicId }) => topicId)).toEqual([id, unknownId]);
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
    append("a", 0, batch("1"), batch("2"), batch("3"));
    expect(await sizes({}, 3 * length)).toEqual([3 * length]);
    expect(await sizes({}, 2 * length + 20)).toEqual([2 * length + 20]);
  });

  test("is never less than the first batch, whole, of the first partition that has one", async () => {
    append("a", 1, batch("1"), batch("2"));
    append("a", 2, batch("1"));
    expect(await sizes({}, 1, 1, 1)).toEqual([0, length, 0]);
    expect(await sizes({ maxBytes: 0 }, 1000, 1000, 1000)).toEqual([0, length, 0]);
    expect(await sizes({ maxBytes: -5 }, 1000, -1000, 1000)).toEqual([0, length, 0]);
  });

  test("of all partitions together is limited, those behind get what is left", async () => {
    for (const partition of [0, 1, 2]) append("a", partition, batch("1"), batch("2"));
    expect(await sizes({ maxBytes: 3 * length }, 1000, 1000, 1000)).toEqual([2 * length, length, 0]);
  });

  test("of another partition than the first is whole batches or nothing at its beginning", async () => {
    append("a", 0, batch("1"));
    append("a", 1, batch("1"));
    append("a", 2, batchOf(["small"]));
    expect(await sizes({ maxBytes: 2 * length - 1 }, 1000, 1000, 1000)).toEqual([
      length,
      0,
      batchOf(["small"]).length,
    ]);
  });

  test("is limited by fetch.max.bytes of the broker", async () => {
    broker = new TestBroker([fetch], "fetch.max.bytes=1024");
    broker.createTopic("a");
    append("a", 0, ...Array.from({ length: 10 }, (_, index) => batch(`${index}`)));
    expect(await sizes({ maxBytes: 1_000_000 }, 1_000_000)).toEqual([1024]);
  });
});

describe("Several partitions", () => {
  test("are answered under one heading while they follow one another in a topic, in the order asked", async () => {
    const a = broker.createTopic("a", { partitions: 2 });
    const b = broker.createTopic("b", { partitions: 2 });
    const topics = {
      [b.id]: [{ partition: 1 }, { partition: 0 }],
      [a.id]: [{ partition: 0 }, { partition: 9 }],
    };
    const answer = await fetchFrom(broker, { version: NEWEST, topics });
    const told = answer?.responses.map(({ topicId, partitions }) => [
      topicId,
      partitions.map(({ partitionIndex }) => partitionIndex),
    ]);
    expect(told).toEqual([
      [b.id, [1, 0]],
      [a.id, [0, 9]],
    ]);
  });

  test("answer for themselves when one fails in a way that nobody foresaw", async () => {
    broker.createTopic("broken");
    broker.breakTopic("broken");
    broker.createTopic("a");
    const answered = await partitionsFrom(broker, { topics: { broken: [{}], a: [{}] } });
    expect(answered.map(({ errorCode }) => errorCode)).toEqual([ErrorCode.UNKNOWN_SERVER_ERROR, 0]);
    expect(broker.logged.join("\n")).toContain(
      "Fetch of broken-0 (version 12, correlation id 1) of client 'test'",
    );
  });
});

describe("Leader epochs", () => {
  beforeEach(() => void broker.createTopic("a", { partition: { leaderEpoch: 5 } }));

  test.each([
    [4, ErrorCode.FENCED_LEADER_EPOCH],
    [5, ErrorCode.NONE],
    [6, ErrorCode.UNKNOWN_LEADER_EPOCH],
    [-1, ErrorCode.NONE],
  ])("a client that knows of epoch %d is answered with error %d", async (currentLeaderEpoch, errorCode) => {
    expect((await partitionFrom(broker, "a", { currentLeaderEpoch })).errorCode).toBe(errorCode);
  });

  test("from version 16 on a fenced client is told the leader, its epoch and its address", async () => {
    const { id } = broker.parts.replicas.topicByName("a");
    const topics = { [id]: [{ currentLeaderEpoch: 4 }] };
    const answer = await fetchFrom(broker, { version: 16, topics });
    expect(answer?.responses[0]?.partitions[0]?.currentLeader).toEqual({ leaderId: 1, leaderEpoch: 5 });
    expect(answer?.nodeEndpoints).toEqual([{ nodeId: 1, host: "127.0.0.1", port: 9092, rack: null }]);
    const older = await fetchFrom(broker, { version: 15, topics });
    expect(older?.responses[0]?.partitions[0]?.currentLeader).toEqual({ leaderId: -1, leaderEpoch: -1 });
  });

  test("a partition that another broker leads is answered with NOT_LEADER_OR_FOLLOWER", async () => {
    broker.createTopic("b", { partition: { leader: 2, replicas: [2, 1] } });
    expect((await partitionFrom(broker, "b")).errorCode).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER);
  });
});

describe("A client that says which epoch it read last", () => {
  /** Epoch 1 from offset 0 to 2, epoch 3 from there on; epoch 5 is the leader's and has no records yet. */
  beforeEach(() => {
    broker.createTopic("a", { partition: { leaderEpoch: 5 } });
    for (const leaderEpoch of [1, 1, 3]) {
      broker.log("a").append(batchOf(["x"]), { leaderEpoch, origin: "client" });
    }
  });

  test.each([
    [3, 3n],
    [1, 2n],
    [3, 2n],
    [5, 3n],
  ])("is served when its log agrees: epoch %d up to offset %p", async (lastFetchedEpoch, fetchOffset) => {
    const answer = await partitionFrom(broker, "a", { lastFetchedEpoch, fetchOffset });
    expect(answer).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: -1, endOffset: -1n } });
    expect(answer.records).toHaveLength(fetchOffset === 2n ? batchOf(["x"]).length : 0);
  });

  test.each([
    [1, 3n, { epoch: 1, endOffset: 2n }],
    [2, 2n, { epoch: 1, endOffset: 2n }],
    [4, 3n, { epoch: 3, endOffset: 3n }],
    [3, 4n, { epoch: 3, endOffset: 3n }],
  ])(
    "is told at once where its log parts: epoch %d up to offset %p",
    async (lastFetchedEpoch, fetchOffset, parted) => {
      const answer = await partitionFrom(
        broker,
        "a",
        { lastFetchedEpoch, fetchOffset },
        { maxWaitMs: 100_000 },
      );
      expect(answer).toMatchObject({
        errorCode: 0,
        divergingEpoch: parted,
        highWatermark: 3n,
        records: Buffer.alloc(0),
      });
    },
  );

  test("is told OFFSET_OUT_OF_RANGE when nothing is known of its epoch", async () => {
    const answer = await partitionFrom(broker, "a", { lastFetchedEpoch: 6, fetchOffset: 1n });
    expect(answer.errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
  });

  test("is told OFFSET_OUT_OF_RANGE below the log's start, whether the logs part or not", async () => {
    broker.log("a").deleteRecordsBefore(3);
    const answer = await partitionFrom(broker, "a", { lastFetchedEpoch: 4, fetchOffset: 0n });
    expect(answer.errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
  });
});

describe("Isolation", () => {
  const ofProducer = { producerId: 5n, producerEpoch: 0, transactional: true };

  beforeEach(() => {
    broker.createTopic("a");
    append("a", 0, batchOf(["1"]), batchOf(["2"], { ...ofProducer, baseSequence: 0 }), batchOf(["3"]));
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

describe("A broker that fetches", () => {
  beforeEach(() => void broker.createTopic("a"));

  test("is no replica here: without a leader epoch it is told NOT_LEADER_OR_FOLLOWER", async () => {
    expect((await partitionFrom(broker, "a", {}, { replicaId: 2 })).errorCode).toBe(
      ErrorCode.NOT_LEADER_OR_FOLLOWER,
    );
  });

  test("is told UNKNOWN_LEADER_EPOCH with one", async () => {
    const { id } = broker.parts.replicas.topicByName("a");
    const asked = { version: NEWEST, replicaState: { replicaId: 2, replicaEpoch: 1 } };
    expect((await partitionFrom(broker, id, { currentLeaderEpoch: 0 }, asked)).errorCode).toBe(
      ErrorCode.UNKNOWN_LEADER_EPOCH,
    );
  });
});

describe("A log directory that failed", () => {
  test.each([
    [4, ErrorCode.NOT_LEADER_OR_FOLLOWER],
    [5, ErrorCode.NOT_LEADER_OR_FOLLOWER],
    [6, ErrorCode.KAFKA_STORAGE_ERROR],
  ])("is told to version %d as error %d", async (version, errorCode) => {
    broker.disk.failure = (operation) => (operation === "makeDirectory" ? "EIO" : undefined);
    broker.createTopic("a");
    expect((await partitionFrom(broker, "a", {}, { version })).errorCode).toBe(errorCode);
  });
});

describe("Fetch sessions", () => {
  test("go on with what was asked before, and bring only what is new", async () => {
    const a = broker.createTopic("a", { partitions: 2 });
    const topics = { [a.id]: [{ partition: 0 }, { partition: 1 }] };
    const first = await fetchFrom(broker, { version: NEWEST, sessionEpoch: 0, topics });
    const sessionId = first?.sessionId ?? 0;
    expect(sessionId).toBeGreaterThan(0);
    expect(first?.responses[0]?.partitions).toHaveLength(2);

    const [batch] = append("a", 1, batchOf(["x"]));
    const second = await fetchFrom(broker, { version: NEWEST, sessionId, sessionEpoch: 1 });
    expect(second).toMatchObject({ errorCode: 0, sessionId, responses: [{ topicId: a.id }] });
    expect(second?.responses[0]?.partitions).toMatchObject([{ partitionIndex: 1, records: batch }]);

    const moved = { [a.id]: [{ partition: 1, fetchOffset: 1n }] };
    const third = await fetchFrom(broker, { version: NEWEST, sessionId, sessionEpoch: 2, topics: moved });
    expect(third).toMatchObject({ errorCode: 0, sessionId, responses: [] });
  });

  test("tell of the first error of a session on top of the answer", async () => {
    const answer = await fetchFrom(broker, { version: NEWEST, sessionId: 99, sessionEpoch: 5 });
    expect(answer).toMatchObject({
      errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND,
      sessionId: 0,
      responses: [],
    });
  });

  test("tell a topic that is gone from one that was never there, and from another of its name", async () => {
    const { id } = broker.createTopic("a");
    const topics = { [id]: [{}], [unknownId]: [{}] };
    const { sessionId = 0 } = (await fetchFrom(broker, { version: NEWEST, sessionEpoch: 0, topics })) ?? {};
    const codes = async (sessionEpoch: number) => {
      const answer = await fetchFrom(broker, { version: NEWEST, sessionId, sessionEpoch });
      return new Map(answer?.responses.map(({ topicId, partitions }) => [topicId, partitions[0]?.errorCode]));
    };
    broker.deleteTopic("a");
    expect(await codes(1)).toEqual(
      new Map([
        [id, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
        [unknownId, ErrorCode.UNKNOWN_TOPIC_ID],
      ]),
    );
    broker.createTopic("a");
    expect((await codes(2)).get(id)).toBe(ErrorCode.INCONSISTENT_TOPIC_ID);
    broker.createTopic("b", { id: unknownId });
    expect((await codes(3)).get(unknownId)).toBe(ErrorCode.NONE);
    broker.deleteTopic("b");
    expect((await codes(4)).get(unknownId)).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  });
});

test("Every version from 4 on is served", async () => {
  const { id } = broker.createTopic("a");
  const [batch] = append("a", 0, batchOf(["x"]));
  for (let version = 4; version <= NEWEST; version++) {
    const topic = version >= 13 ? id : "a";
    expect((await partitionFrom(broker, topic, {}, { version })).records).toEqual(batch as Buffer);
  }
  expect(fetch.served).toEqual({ min: 4, max: NEWEST });
});
