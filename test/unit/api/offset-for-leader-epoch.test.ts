import { beforeEach, describe, expect, test } from "bun:test";
import { offsetForLeaderEpoch } from "../../../src/api/offset-for-leader-epoch.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from "../../../src/protocol/messages/offset-for-leader-epoch.ts";
import { TestBroker } from "../../support/api-broker.ts";
import { batchOf } from "../../support/batches.ts";

const both = [OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse] as const;

let broker: TestBroker;

beforeEach(() => {
  broker = new TestBroker([offsetForLeaderEpoch]);
});

type Asked = [partition: number, leaderEpoch: number, currentLeaderEpoch?: number];

async function ask(topics: Record<string, readonly Asked[]>, version = 4) {
  const asked = Object.entries(topics).map(([topic, partitions]) => ({
    topic,
    partitions: partitions.map(([partition, leaderEpoch, currentLeaderEpoch = -1]) => ({
      partition,
      leaderEpoch,
      currentLeaderEpoch,
    })),
  }));
  return (await broker.ask(both, version, { topics: asked }))?.topics ?? [];
}

async function askOne(leaderEpoch: number, currentLeaderEpoch?: number) {
  const [topic] = await ask({ a: [[0, leaderEpoch, currentLeaderEpoch]] });
  return topic?.partitions[0];
}

describe("An epoch ends", () => {
  /** Epoch 2 from offset 0 to 2, epoch 4 from there to 3; epoch 7 is the leader's. */
  beforeEach(() => {
    broker.createTopic("a", { partition: { leaderEpoch: 7 } });
    for (const leaderEpoch of [2, 2, 4]) {
      broker.log("a").append(batchOf(["x"]), { leaderEpoch, origin: "client" });
    }
  });

  test.each([
    ["where the next began", 2, 2, 2n],
    ["as the one below it that had records", 3, 2, 2n],
    ["where the log ends, if it was the last with records", 4, 4, 3n],
    ["as the last one with records, if it came after", 5, 4, 3n],
    ["where the log ends, if it is the leader's", 7, 7, 3n],
    ["where the log begins, if it was before all", 1, 1, 0n],
    ["nowhere, if it is yet to come", 8, -1, -1n],
    ["nowhere, if it is none", -1, -1, -1n],
  ])("%s: asked for %d", async (_where, asked, leaderEpoch, endOffset) => {
    expect(await askOne(asked)).toEqual({ errorCode: 0, partition: 0, leaderEpoch, endOffset });
  });
});

test("In an empty log every epoch up to the leader's ends at its beginning", async () => {
  broker.createTopic("a", { partition: { leaderEpoch: 3 } });
  expect(await askOne(3)).toMatchObject({ leaderEpoch: 3, endOffset: 0n });
  expect(await askOne(1)).toMatchObject({ leaderEpoch: 1, endOffset: 0n });
});

test.each([
  [3, ErrorCode.FENCED_LEADER_EPOCH],
  [4, ErrorCode.NONE],
  [5, ErrorCode.UNKNOWN_LEADER_EPOCH],
])(
  "A client that knows of leader epoch %d is answered with error %d",
  async (currentLeaderEpoch, errorCode) => {
    broker.createTopic("a", { partition: { leaderEpoch: 4 } });
    expect(await askOne(4, currentLeaderEpoch)).toMatchObject({ errorCode });
  },
);

test.each([2, 3, 4])("Version %d answers each partition for itself, in the order asked", async (version) => {
  broker.createTopic("a", { partitions: 2 });
  broker.createTopic("led-elsewhere", { partition: { leader: 2, replicas: [2, 1] } });
  const answer = await ask(
    {
      nowhere: [[0, 0]],
      a: [
        [1, 0],
        [9, 0],
      ],
      "led-elsewhere": [[0, 0]],
    },
    version,
  );
  const told = answer.map(({ topic, partitions }) => [
    topic,
    partitions.map(({ partition, errorCode, leaderEpoch, endOffset }) => [
      partition,
      errorCode,
      leaderEpoch,
      endOffset,
    ]),
  ]);
  expect(told).toEqual([
    ["nowhere", [[0, 3, -1, -1n]]],
    [
      "a",
      [
        [1, 0, 0, 0n],
        [9, 3, -1, -1n],
      ],
    ],
    ["led-elsewhere", [[0, 6, -1, -1n]]],
  ]);
});
