import { beforeEach, describe, expect, test } from "bun:test";
import { produce } from "../../../../src/api/produce/produce.ts";
import { UnanswerableRequest } from "../../../../src/api/unanswerable-request.ts";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { ProduceRequest, ProduceResponse } from "../../../../src/protocol/messages/produce.ts";
import { type Uuid, uuidFromBytes, ZERO_UUID } from "../../../../src/protocol/uuid.ts";
import { CompressionType } from "../../../../src/records/compression/codec.ts";
import { TestBroker } from "../../../support/api-broker.ts";
import { batchOf } from "../../../support/batches.ts";

const NEWEST = 13;
const BY_NAME = 12;
const both = [ProduceRequest, ProduceResponse] as const;

type Partition = readonly [index: number, records: Buffer | null];

interface Options {
  readonly version?: number;
  readonly acks?: number;
  readonly transactionalId?: string | null;
  readonly clientId?: string;
}

let broker: TestBroker;

beforeEach(() => {
  broker = new TestBroker([produce]);
});

/** Produces to topics by name, or by id in the newest version. */
async function ask(topics: Record<string, readonly Partition[]>, options: Options = {}) {
  const { version = BY_NAME, acks = -1, transactionalId = null, clientId } = options;
  const topicData = Object.entries(topics).map(([topic, partitions]) => ({
    ...(version >= NEWEST ? { topicId: topic as Uuid } : { name: topic }),
    partitionData: partitions.map(([index, records]) => ({ index, records })),
  }));
  const answer = await broker.ask(
    both,
    version,
    { transactionalId, acks, timeoutMs: 1000, topicData },
    { clientId },
  );
  return answer?.responses ?? null;
}

/** Produces to one partition, and returns its answer. */
async function askOne(topic: string, index: number, records: Buffer | null, options: Options = {}) {
  const [found] = (await ask({ [topic]: [[index, records]] }, options)) ?? [];
  const partition = found?.partitionResponses[0];
  if (partition === undefined) throw new Error("the answer has no partition");
  return partition;
}

/** The bytes of a partition's first segment. */
function bytesOf(topic: string, index = 0): Buffer {
  return broker.disk.readFile(`/data/${topic}-${index}/00000000000000000000.log`);
}

const refused = { baseOffset: -1n, logAppendTimeMs: -1n, logStartOffset: -1n };

describe("Produce to a partition", () => {
  test("answers with the offset that the first record got", async () => {
    broker.createTopic("a");
    await askOne("a", 0, batchOf(["one", "two"]));
    expect(await askOne("a", 0, batchOf(["three"]))).toMatchObject({
      index: 0,
      errorCode: 0,
      baseOffset: 2n,
      logAppendTimeMs: -1n,
      logStartOffset: 0n,
      recordErrors: [],
      errorMessage: null,
    });
  });

  test("writes the batch as it was sent, but for its offset and the leader's epoch", async () => {
    broker.createTopic("a", { partition: { leaderEpoch: 7 } });
    const batch = batchOf(["one"]);
    await askOne("a", 0, batchOf(["before"]));
    await askOne("a", 0, Buffer.from(batch));
    const written = bytesOf("a").subarray(-batch.length);
    expect(written.readBigInt64BE(0)).toBe(1n);
    expect(written.readInt32BE(12)).toBe(7);
    expect(written.subarray(16)).toEqual(batch.subarray(16));
  });

  test("answers with the log's start and the time of the append where the topic stamps records", async () => {
    broker.createTopic("a", { configs: { "message.timestamp.type": "LogAppendTime" } });
    await askOne("a", 0, batchOf(["one"]));
    broker.log("a").deleteRecordsBefore(1);
    const appendTime = BigInt(broker.clock.now());
    expect(await askOne("a", 0, batchOf(["two"]))).toMatchObject({
      logAppendTimeMs: appendTime,
      logStartOffset: 1n,
    });
  });

  test("answers a repeated batch with the offset that it got the first time", async () => {
    broker.createTopic("a");
    const batch = () => batchOf(["one"], { producerId: 5n, producerEpoch: 0, baseSequence: 0 });
    await askOne("a", 0, batchOf(["before"]));
    await askOne("a", 0, batch());
    expect(await askOne("a", 0, batch())).toMatchObject({ errorCode: 0, baseOffset: 1n });
    expect(broker.log("a").logEndOffset).toBe(2);
  });
});

describe("Produce to several partitions", () => {
  test("answers each for itself, in the order asked", async () => {
    broker.createTopic("a", { partitions: 3 });
    broker.createTopic("b");
    const answer = await ask({
      b: [[0, batchOf(["1"])]],
      a: [
        [2, batchOf(["2"])],
        [9, batchOf(["3"])],
        [0, batchOf(["4"])],
      ],
    });
    const told = answer?.map(({ name, partitionResponses }) => [
      name,
      partitionResponses.map(({ index, errorCode }) => [index, errorCode]),
    ]);
    expect(told).toEqual([
      ["b", [[0, 0]]],
      [
        "a",
        [
          [2, 0],
          [9, 3],
          [0, 0],
        ],
      ],
    ]);
  });

  test("appends to the others when one fails in a way that nobody foresaw, and logs it", async () => {
    broker.createTopic("broken");
    broker.breakTopic("broken");
    broker.createTopic("a");
    const answer = await ask({ broken: [[0, batchOf(["1"])]], a: [[0, batchOf(["2"])]] });
    expect(answer?.[0]?.partitionResponses[0]).toMatchObject({
      errorCode: -1,
      errorMessage: null,
      ...refused,
    });
    expect(answer?.[1]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: 0n });
    expect(broker.logged.join("\n")).toContain(
      "Produce to broken-0 (version 12, correlation id 1) of client 'test'",
    );
  });
});

describe("Produce to what doesn't exist", () => {
  test.each([
    ["nowhere", 0],
    ["a", 1],
    ["a", -1],
    ["a", 999],
  ])("says UNKNOWN_TOPIC_OR_PARTITION for %s-%d, and makes nothing", async (topic, index) => {
    broker.createTopic("a");
    expect(await askOne(topic, index, batchOf(["x"]))).toMatchObject({
      index,
      errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      errorMessage: null,
      ...refused,
    });
    expect(broker.disk.files().filter((path) => path.endsWith(".log"))).toEqual([]);
  });

  test("says UNKNOWN_TOPIC_ID for an id that no topic has", async () => {
    for (const id of [uuidFromBytes(Buffer.alloc(16, 9)), ZERO_UUID]) {
      expect(await askOne(id, 0, batchOf(["x"]), { version: NEWEST })).toMatchObject({
        errorCode: ErrorCode.UNKNOWN_TOPIC_ID,
        ...refused,
      });
    }
  });

  test("says UNKNOWN_TOPIC_OR_PARTITION for a partition that a topic with that id doesn't have", async () => {
    const { id } = broker.createTopic("a");
    expect((await askOne(id, 0, batchOf(["x"]), { version: NEWEST })).errorCode).toBe(0);
    expect((await askOne(id, 1, batchOf(["x"]), { version: NEWEST })).errorCode).toBe(
      ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    );
  });
});

describe("acks", () => {
  beforeEach(() => void broker.createTopic("a"));

  test.each([1, -1])("%d is answered", async (acks) => {
    expect((await askOne("a", 0, batchOf(["x"]), { acks })).errorCode).toBe(0);
  });

  test.each([2, -2, 32767])("%d is INVALID_REQUIRED_ACKS, and nothing is appended", async (acks) => {
    expect(await askOne("a", 0, batchOf(["x"]), { acks })).toMatchObject({
      errorCode: ErrorCode.INVALID_REQUIRED_ACKS,
      ...refused,
    });
    expect(broker.log("a").logEndOffset).toBe(0);
  });

  test("0 appends, and is not answered", async () => {
    expect(await ask({ a: [[0, batchOf(["x"])]] }, { acks: 0 })).toBeNull();
    expect(broker.log("a").logEndOffset).toBe(1);
  });

  test("0 ends the connection when one partition fails, though the others are appended to", async () => {
    const asked = ask({ a: [[0, batchOf(["x"])]], nowhere: [[3, batchOf(["x"])]] }, { acks: 0 });
    await expect(asked).rejects.toThrow(UnanswerableRequest);
    await expect(asked).rejects.toThrow("partition 3 with UNKNOWN_TOPIC_OR_PARTITION");
    expect(broker.log("a").logEndOffset).toBe(1);
  });

  test("0 ends the connection when the whole request fails", async () => {
    const batch = batchOf(["x"], { transactional: true, producerId: 1n, producerEpoch: 0, baseSequence: 0 });
    await expect(ask({ a: [[0, batch]] }, { acks: 0 })).rejects.toThrow(UnanswerableRequest);
  });
});

describe("Produce refuses", () => {
  beforeEach(() => void broker.createTopic("a"));

  test.each<[string, Buffer | null]>([
    ["no records", null],
    ["empty records", Buffer.alloc(0)],
    ["a batch that is cut short", batchOf(["x"]).subarray(0, 65)],
    ["two batches", Buffer.concat([batchOf(["x"]), batchOf(["y"])])],
  ])("%s with INVALID_RECORD", async (_what, records) => {
    const { errorCode, errorMessage } = await askOne("a", 0, records);
    expect(errorCode).toBe(ErrorCode.INVALID_RECORD);
    expect(errorMessage).toContain("batch");
    expect(broker.log("a").logEndOffset).toBe(0);
  });

  test("zstd before version 7", async () => {
    const zstd = () => batchOf(["x"], { compression: CompressionType.zstd });
    expect((await askOne("a", 0, zstd(), { version: 6 })).errorCode).toBe(
      ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
    );
    expect((await askOne("a", 0, zstd(), { version: 7 })).errorCode).toBe(0);
  });

  test("writes to internal topics of all but the admin client", async () => {
    broker.createTopic("__consumer_offsets");
    const answer = await askOne("__consumer_offsets", 0, batchOf(["x"]));
    expect(answer).toMatchObject({ errorCode: ErrorCode.INVALID_TOPIC_EXCEPTION, ...refused });
    const asAdmin = { clientId: "__admin_client" };
    expect((await askOne("__consumer_offsets", 0, batchOf(["x"]), asAdmin)).errorCode).toBe(0);
  });

  test("single records, and says which and why", async () => {
    broker.createTopic("compacted", { configs: { "cleanup.policy": "compact" } });
    await ask({ compacted: [[0, batchOf(["x"])]] });
    const answer = await askOne("compacted", 0, batchOf(["x", "y"]));
    expect(answer).toMatchObject({
      errorCode: ErrorCode.INVALID_RECORD,
      baseOffset: -1n,
      logStartOffset: 0n,
    });
    expect(answer.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([0, 1]);
    expect(answer.recordErrors[0]?.batchIndexErrorMessage).toContain("without key");
    expect(answer.errorMessage).toContain("record errors");
  });

  test("the sequence numbers that a producer left out, with the log's start", async () => {
    const batch = (baseSequence: number) =>
      batchOf(["x"], { producerId: 5n, producerEpoch: 0, baseSequence });
    await askOne("a", 0, batch(0));
    broker.log("a").deleteRecordsBefore(1);
    expect(await askOne("a", 0, batch(2))).toMatchObject({
      errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
      baseOffset: -1n,
      logStartOffset: 1n,
    });
  });

  test("what is damaged, without the log's start, as Kafka does", async () => {
    await askOne("a", 0, batchOf(["x"]));
    broker.log("a").deleteRecordsBefore(1);
    const damaged = batchOf(["y"]);
    damaged[damaged.length - 1] = 0x55;
    expect(await askOne("a", 0, damaged)).toMatchObject({ errorCode: ErrorCode.CORRUPT_MESSAGE, ...refused });
  });
});

describe("A transactional batch", () => {
  const transactional = () =>
    batchOf(["x"], { transactional: true, producerId: 5n, producerEpoch: 0, baseSequence: 0 });

  beforeEach(() => void broker.createTopic("a", { partitions: 2 }));

  test("that no coordinator knows of is refused, but not what comes with it", async () => {
    const partitions: Partition[] = [
      [0, transactional()],
      [1, batchOf(["y"])],
    ];
    const answer = await ask({ a: partitions }, { transactionalId: "t" });
    expect(answer?.[0]?.partitionResponses).toMatchObject([
      {
        errorCode: ErrorCode.NOT_ENOUGH_REPLICAS,
        errorMessage:
          "Unable to verify the partition has been added to the transaction. Underlying error: NOT_COORDINATOR",
        ...refused,
      },
      { errorCode: 0, baseOffset: 0n },
    ]);
    expect(broker.log("a").logEndOffset).toBe(0);
  });

  test("that comes without a transactional id fails the whole request", async () => {
    const partitions: Partition[] = [
      [1, batchOf(["y"])],
      [0, transactional()],
    ];
    const answer = await ask({ a: partitions });
    const expected = { errorCode: ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, ...refused };
    expect(answer?.[0]?.partitionResponses).toMatchObject([
      { index: 1, ...expected },
      { index: 0, ...expected },
    ]);
    expect(broker.log("a", 1).logEndOffset).toBe(0);
  });
});

describe("min.insync.replicas", () => {
  const configs = { "min.insync.replicas": "2" };

  test("refuses acks=-1 where a partition has replicas on other brokers, which can't be in sync", async () => {
    broker.createTopic("a", { configs, partition: { replicas: [1, 2], isr: [1, 2] } });
    expect(await askOne("a", 0, batchOf(["x"]))).toMatchObject({
      errorCode: ErrorCode.NOT_ENOUGH_REPLICAS,
      baseOffset: -1n,
      logStartOffset: 0n,
    });
    expect((await askOne("a", 0, batchOf(["x"]), { acks: 1 })).errorCode).toBe(0);
  });

  test("can't demand more replicas than the partition has", async () => {
    broker.createTopic("a", { configs });
    expect((await askOne("a", 0, batchOf(["x"]))).errorCode).toBe(0);
  });
});

describe("A partition that another broker leads", () => {
  beforeEach(
    () => void broker.createTopic("a", { partition: { leader: 2, leaderEpoch: 4, replicas: [2, 1] } }),
  );

  test("is answered with NOT_LEADER_OR_FOLLOWER and the leader", async () => {
    expect(await askOne("a", 0, batchOf(["x"]), { version: 10 })).toMatchObject({
      errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER,
      currentLeader: { leaderId: 2, leaderEpoch: 4 },
      ...refused,
    });
  });

  test("is answered without the leader before version 10", async () => {
    expect(await askOne("a", 0, batchOf(["x"]), { version: 9 })).toMatchObject({
      errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER,
      currentLeader: { leaderId: -1, leaderEpoch: -1 },
    });
  });
});

describe("A topic that flushes every message", () => {
  beforeEach(() => void broker.createTopic("a", { configs: { "flush.messages": "1" } }));

  test("answers when the records would survive the loss of power", async () => {
    expect((await askOne("a", 0, batchOf(["kept"]))).errorCode).toBe(0);
    broker.disk.crash("drop");
    expect(bytesOf("a").includes("kept")).toBe(true);
  });

  test("says KAFKA_STORAGE_ERROR when they can't be flushed", async () => {
    await askOne("a", 0, batchOf(["x"]));
    broker.disk.failure = (operation) => (operation === "sync" ? "EIO" : undefined);
    expect(await askOne("a", 0, batchOf(["y"]))).toMatchObject({
      errorCode: ErrorCode.KAFKA_STORAGE_ERROR,
      errorMessage: null,
      ...refused,
    });
  });
});

test("Every version from 3 on is served, and 0 to 2 are advertised besides", async () => {
  const { id } = broker.createTopic("a");
  for (let version = produce.served.min; version <= produce.served.max; version++) {
    const topic = version >= NEWEST ? id : "a";
    expect(await askOne(topic, 0, batchOf(["x"]), { version })).toMatchObject({
      errorCode: 0,
      baseOffset: BigInt(version - 3),
    });
  }
  expect(produce.served).toEqual({ min: 3, max: 13 });
  expect(produce.advertised).toEqual({ min: 0, max: 13 });
});
