import { beforeEach, describe, expect, test } from "bun:test";
import { listOffsets } from "../../../src/api/list-offsets.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import { ListOffsetsRequest, ListOffsetsResponse } from "../../../src/protocol/messages/list-offsets.ts";
import { TestBroker } from "../../support/api-broker.ts";
import { batchOf } from "../../support/batches.ts";

const NEWEST = 11;
const LATEST = -1n;
const EARLIEST = -2n;
const MAX_TIMESTAMP = -3n;
const EARLIEST_LOCAL = -4n;
const LATEST_TIERED = -5n;
const EARLIEST_PENDING_UPLOAD = -6n;
const START = 1_600_000_000_000;
const nothing = { errorCode: 0, timestamp: -1n, offset: -1n, leaderEpoch: -1 };

interface Options {
  readonly version?: number;
  readonly replicaId?: number;
  readonly isolationLevel?: number;
  readonly currentLeaderEpoch?: number;
}

let broker: TestBroker;

beforeEach(() => {
  broker = new TestBroker([listOffsets]);
});

async function ask(
  topics: Record<string, readonly (readonly [partition: number, timestamp: bigint])[]>,
  options: Options = {},
) {
  const { version = NEWEST, replicaId = -1, isolationLevel = 0, currentLeaderEpoch = -1 } = options;
  const asked = Object.entries(topics).map(([name, partitions]) => ({
    name,
    partitions: partitions.map(([partitionIndex, timestamp]) => ({
      partitionIndex,
      timestamp,
      currentLeaderEpoch,
    })),
  }));
  const body = { replicaId, isolationLevel, topics: asked };
  const answer = await broker.ask([ListOffsetsRequest, ListOffsetsResponse] as const, version, body);
  return answer?.topics ?? [];
}

async function askOne(timestamp: bigint, options: Options = {}) {
  const [topic] = await ask({ a: [[0, timestamp]] }, options);
  return topic?.partitions[0];
}

function append(
  timestamp: number,
  values: readonly string[],
  batch: Parameters<typeof batchOf>[1] = {},
): void {
  broker.log("a").append(batchOf(values, { timestamp, ...batch }), { leaderEpoch: 3, origin: "client" });
}

describe("The offsets of a log", () => {
  beforeEach(() => {
    broker.createTopic("a", { partition: { leaderEpoch: 4 } });
    append(START + 1000, ["0", "1"]);
    append(START + 5000, ["2"]);
    append(START + 2000, ["3", "4"]);
  });

  test("latest is where consumers can read to, in the leader's epoch", async () => {
    expect(await askOne(LATEST)).toEqual({ ...nothing, partitionIndex: 0, offset: 5n, leaderEpoch: 4 });
  });

  test.each([EARLIEST, EARLIEST_LOCAL])(
    "earliest (%p) is the log's start, in the epoch of its record",
    async (asked) => {
      expect(await askOne(asked)).toMatchObject({ ...nothing, offset: 0n, leaderEpoch: 3 });
      broker.log("a").deleteRecordsBefore(1);
      expect(await askOne(asked)).toMatchObject({ ...nothing, offset: 1n, leaderEpoch: 3 });
    },
  );

  test("the maximum timestamp is that of the record that has it", async () => {
    expect(await askOne(MAX_TIMESTAMP)).toMatchObject({
      errorCode: 0,
      timestamp: BigInt(START + 5000),
      offset: 2n,
      leaderEpoch: 3,
    });
  });

  test.each([
    [0, 0n, 1000],
    [START + 1000, 0n, 1000],
    [START + 1001, 1n, 1001],
    [START + 1002, 2n, 5000],
    [START + 5000, 2n, 5000],
  ])("at time %d is offset %p, the first record that is not older", async (timestamp, offset, found) => {
    expect(await askOne(BigInt(timestamp))).toMatchObject({
      errorCode: 0,
      timestamp: BigInt(START + found),
      offset,
      leaderEpoch: 3,
    });
  });

  test.each([BigInt(START + 5001), 2n ** 62n])(
    "at time %p there is nothing, and no error",
    async (timestamp) => {
      expect(await askOne(timestamp)).toMatchObject(nothing);
    },
  );

  test.each([LATEST_TIERED, EARLIEST_PENDING_UPLOAD])(
    "there is no tiered storage for %p",
    async (timestamp) => {
      expect(await askOne(timestamp)).toMatchObject(nothing);
    },
  );
});

describe("An empty log", () => {
  beforeEach(() => void broker.createTopic("a", { partition: { leaderEpoch: 4 } }));

  test("begins and ends in the leader's epoch", async () => {
    for (const timestamp of [EARLIEST, LATEST]) {
      expect(await askOne(timestamp)).toMatchObject({ ...nothing, offset: 0n, leaderEpoch: 4 });
    }
  });

  test("has no record at any time", async () => {
    for (const timestamp of [0n, MAX_TIMESTAMP]) expect(await askOne(timestamp)).toMatchObject(nothing);
  });
});

describe("While a transaction is open", () => {
  beforeEach(() => {
    broker.createTopic("a");
    append(START, ["0"]);
    append(START + 1, ["1"], { transactional: true, producerId: 5n, producerEpoch: 0, baseSequence: 0 });
  });

  test("who reads committed records gets no further than its first record", async () => {
    const committed = { isolationLevel: 1 };
    expect(await askOne(LATEST, committed)).toMatchObject({ offset: 1n });
    expect(await askOne(BigInt(START), committed)).toMatchObject({ offset: 0n });
    expect(await askOne(BigInt(START + 1), committed)).toMatchObject(nothing);
    expect(await askOne(MAX_TIMESTAMP, committed)).toMatchObject(nothing);
  });

  test("others get to the high watermark", async () => {
    expect(await askOne(LATEST)).toMatchObject({ offset: 2n });
    expect(await askOne(BigInt(START + 1))).toMatchObject({ offset: 1n });
    expect(await askOne(LATEST, { isolationLevel: 1, replicaId: -2 })).toMatchObject({ offset: 2n });
  });

  test("there is no third isolation level", async () => {
    expect(await askOne(LATEST, { isolationLevel: 2 })).toMatchObject({
      errorCode: ErrorCode.INVALID_REQUEST,
    });
  });
});

describe("Versions", () => {
  beforeEach(() => void broker.createTopic("a"));

  test.each([
    [LATEST, 1],
    [EARLIEST, 1],
    [MAX_TIMESTAMP, 7],
    [EARLIEST_LOCAL, 8],
    [LATEST_TIERED, 9],
    [EARLIEST_PENDING_UPLOAD, 11],
  ])("timestamp %p is for version %d and above", async (timestamp, first) => {
    for (let version = 1; version <= NEWEST; version++) {
      const errorCode = version < first ? ErrorCode.UNSUPPORTED_VERSION : 0;
      expect(await askOne(timestamp, { version })).toMatchObject({ errorCode });
    }
  });

  test.each([-7n, -(2n ** 62n)])("timestamp %p is for none", async (timestamp) => {
    expect(await askOne(timestamp)).toMatchObject({ ...nothing, errorCode: ErrorCode.UNSUPPORTED_VERSION });
  });

  test("1 to 11 are served", () => {
    expect(listOffsets.served).toEqual({ min: 1, max: NEWEST });
  });
});

describe("Partitions answer for themselves", () => {
  test("in the order asked, with errors of their own", async () => {
    broker.createTopic("a", { partitions: 2 });
    broker.createTopic("led-elsewhere", { partition: { leader: 2, replicas: [2, 1] } });
    const answer = await ask({
      nowhere: [[0, LATEST]],
      a: [
        [1, LATEST],
        [2, LATEST],
        [0, LATEST],
      ],
      "led-elsewhere": [[0, LATEST]],
    });
    const told = answer.map(({ name, partitions }) => [
      name,
      partitions.map(({ partitionIndex, errorCode, offset }) => [partitionIndex, errorCode, offset]),
    ]);
    expect(told).toEqual([
      ["nowhere", [[0, 3, -1n]]],
      [
        "a",
        [
          [1, 0, 0n],
          [2, 3, -1n],
          [0, 0, 0n],
        ],
      ],
      ["led-elsewhere", [[0, 6, -1n]]],
    ]);
  });

  test("and so many in one request that others would wait for long are refused, however many a frame may hold", async () => {
    const asked = (count: number) => ({
      a: Array.from({ length: count }, (_, partition) => [partition, LATEST] as const),
    });
    const [answer] = await ask(asked(99_999));
    expect(answer?.partitions.length).toBe(99_999);
    expect(ask(asked(100_000))).rejects.toThrow("more than 100000 array elements in a message");
  });

  test("and one that is asked for twice is INVALID_REQUEST", async () => {
    broker.createTopic("a", { partitions: 2 });
    const [answer] = await ask({
      a: [
        [0, LATEST],
        [1, LATEST],
        [0, EARLIEST],
      ],
    });
    expect(answer?.partitions.map(({ errorCode }) => errorCode)).toEqual([42, 0, 42]);
  });

  test.each([
    [3, ErrorCode.FENCED_LEADER_EPOCH],
    [4, ErrorCode.NONE],
    [5, ErrorCode.UNKNOWN_LEADER_EPOCH],
  ])(
    "a client that knows of leader epoch %d is answered with error %d",
    async (currentLeaderEpoch, errorCode) => {
      broker.createTopic("a", { partition: { leaderEpoch: 4 } });
      expect(await askOne(LATEST, { currentLeaderEpoch })).toMatchObject({ errorCode });
    },
  );
});
