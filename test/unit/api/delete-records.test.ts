import { beforeEach, describe, expect, test } from "bun:test";
import { deleteRecords } from "../../../src/api/delete-records.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import {
  DeleteRecordsRequest,
  DeleteRecordsResponse,
} from "../../../src/protocol/messages/delete-records.ts";
import { TestBroker } from "../../support/api-broker.ts";
import { batchOf } from "../../support/batches.ts";

const both = [DeleteRecordsRequest, DeleteRecordsResponse] as const;

let broker: TestBroker;

beforeEach(() => {
  broker = new TestBroker([deleteRecords]);
});

async function ask(topics: Record<string, readonly [partition: number, offset: bigint][]>, version = 2) {
  const asked = Object.entries(topics).map(([name, partitions]) => ({
    name,
    partitions: partitions.map(([partitionIndex, offset]) => ({ partitionIndex, offset })),
  }));
  return (await broker.ask(both, version, { topics: asked, timeoutMs: 1000 }))?.topics ?? [];
}

async function askOne(topic: string, offset: bigint) {
  const [found] = await ask({ [topic]: [[0, offset]] });
  return found?.partitions[0];
}

function fill(topic: string, count: number): void {
  for (let index = 0; index < count; index++) {
    broker.log(topic).append(batchOf([`${index}`]), { leaderEpoch: 0, origin: "client" });
  }
}

describe("DeleteRecords", () => {
  beforeEach(() => {
    broker.createTopic("a");
    fill("a", 5);
  });

  test("moves the log's start to the offset, and tells it as the low watermark", async () => {
    expect(await askOne("a", 3n)).toEqual({ partitionIndex: 0, lowWatermark: 3n, errorCode: 0 });
    expect(broker.log("a").logStartOffset).toBe(3);
  });

  test("with -1 moves it to the high watermark", async () => {
    expect(await askOne("a", -1n)).toMatchObject({ lowWatermark: 5n, errorCode: 0 });
  });

  test("never moves it back", async () => {
    await askOne("a", 3n);
    expect(await askOne("a", 1n)).toMatchObject({ lowWatermark: 3n, errorCode: 0 });
  });

  test.each([6n, -2n, 2n ** 62n])(
    "to offset %p is OFFSET_OUT_OF_RANGE, and moves nothing",
    async (offset) => {
      expect(await askOne("a", offset)).toMatchObject({
        lowWatermark: -1n,
        errorCode: ErrorCode.OFFSET_OUT_OF_RANGE,
      });
      expect(broker.log("a").logStartOffset).toBe(0);
    },
  );

  test("holds after the power went", async () => {
    await broker.log("a").flush();
    await askOne("a", 3n);
    broker.disk.crash("drop");
    expect(broker.disk.readFile("/data/log-start-offset-checkpoint").toString()).toContain("a 0 3\n");
  });

  test("fails as a whole when the log's start can't be written down", async () => {
    broker.disk.failure = (operation) => (operation === "rename" ? "EIO" : undefined);
    expect(await askOne("a", 3n)).toMatchObject({
      lowWatermark: -1n,
      errorCode: ErrorCode.KAFKA_STORAGE_ERROR,
    });
  });
});

describe("DeleteRecords refuses", () => {
  test.each([
    ["compact", ErrorCode.POLICY_VIOLATION],
    ["compact,delete", ErrorCode.NONE],
  ])("a topic with cleanup.policy=%s with error %d", async (policy, errorCode) => {
    broker.createTopic("a", { configs: { "cleanup.policy": policy } });
    expect(await askOne("a", 0n)).toMatchObject({ errorCode });
  });

  test("the broker's own topics", async () => {
    broker.createTopic("__consumer_offsets");
    expect(await askOne("__consumer_offsets", 0n)).toMatchObject({
      lowWatermark: -1n,
      errorCode: ErrorCode.INVALID_TOPIC_EXCEPTION,
    });
  });
});

test.each([0, 1, 2])("Version %d answers each partition for itself, in the order asked", async (version) => {
  broker.createTopic("a", { partitions: 2 });
  broker.createTopic("led-elsewhere", { partition: { leader: 2, replicas: [2, 1] } });
  const answer = await ask(
    {
      nowhere: [[0, 0n]],
      a: [
        [1, 0n],
        [9, 0n],
      ],
      "led-elsewhere": [[0, 0n]],
    },
    version,
  );
  const told = answer.map(({ name, partitions }) => [
    name,
    partitions.map(({ partitionIndex, errorCode, lowWatermark }) => [
      partitionIndex,
      errorCode,
      lowWatermark,
    ]),
  ]);
  expect(told).toEqual([
    ["nowhere", [[0, 3, -1n]]],
    [
      "a",
      [
        [1, 0, 0n],
        [9, 3, -1n],
      ],
    ],
    ["led-elsewhere", [[0, 6, -1n]]],
  ]);
});
