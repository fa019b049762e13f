/** Fetch: of topics and partitions that are there or not, in a session or not, in every version. */
import { beforeEach, describe, expect, test } from "bun:test";
import { fetch } from "../../../../src/api/fetch/fetch.ts";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { ZERO_UUID } from "../../../../src/protocol/uuid.ts";
import { TestBroker } from "../../../support/api-broker.ts";
import { batchOf } from "../../../support/batches.ts";
import { append, fetchFrom, NEWEST, nothing, partitionFrom, partitionsFrom, unknownId } from "./support.ts";

let broker: TestBroker;

beforeEach(() => {
  broker = new TestBroker([fetch]);
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

    const [batch] = append(broker, "a", 1, batchOf(["x"]));
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
  const [batch] = append(broker, "a", 0, batchOf(["x"]));
  for (let version = 4; version <= NEWEST; version++) {
    const topic = version >= 13 ? id : "a";
    expect((await partitionFrom(broker, topic, {}, { version })).records).toEqual(batch as Buffer);
  }
  expect(fetch.served).toEqual({ min: 4, max: NEWEST });
});
