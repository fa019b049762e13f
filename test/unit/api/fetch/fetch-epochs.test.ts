/** Fetches that know a leader epoch, or come from a broker that replicates. */
import { beforeEach, describe, expect, test } from "bun:test";
import { fetch } from "../../../../src/api/fetch/fetch.ts";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { TestBroker } from "../../../support/api-broker.ts";
import { batchOf } from "../../../support/batches.ts";
import { fetchFrom, NEWEST, partitionFrom } from "./support.ts";

let broker: TestBroker;

beforeEach(() => {
  broker = new TestBroker([fetch]);
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
