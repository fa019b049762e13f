/** WriteTxnMarkers, and what administrators do with it. */
import { beforeEach, expect, test } from "bun:test";
import { ErrorCode, KafkaError } from "../../../../src/protocol/errors.ts";
import {
  WriteTxnMarkersRequest,
  WriteTxnMarkersResponse,
} from "../../../../src/protocol/messages/write-txn-markers.ts";
import { TransactionBroker } from "../../../support/transaction-broker.ts";
import { TransactionalClient } from "../../../support/transactional-client.ts";
import { committedValues } from "./reader.ts";

let broker: TransactionBroker;
let client: TransactionalClient;

beforeEach(async () => {
  broker = await TransactionBroker.start();
  broker.createTopic("t", 3);
  client = new TransactionalClient(broker);
  await client.init();
});

type Marker = Partial<{ epoch: number; commit: boolean; coordinatorEpoch: number; version: number }>;

async function write(topics: Record<string, number[]>, marker: Marker = {}) {
  const { epoch = 0, commit = false, coordinatorEpoch = 0, version = 0 } = marker;
  const answer = await broker.ask([WriteTxnMarkersRequest, WriteTxnMarkersResponse], 2, {
    markers: [
      {
        producerId: client.producer.producerId,
        producerEpoch: epoch,
        transactionResult: commit,
        topics: Object.entries(topics).map(([name, partitionIndexes]) => ({ name, partitionIndexes })),
        coordinatorEpoch,
        transactionVersion: version,
      },
    ],
  });
  return answer.markers.flatMap(({ topics }) =>
    topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode }) => `${name}-${partitionIndex} ${errorCode}`),
    ),
  );
}

test("A transaction that hangs can be aborted, partition by partition", async () => {
  await client.send("a");
  await client.send("b", 1);
  expect(await write({ t: [0] })).toEqual(["t-0 0"]);
  expect(broker.log("t").lastStableOffset).toBe(2);
  expect(committedValues(broker.log("t"))).toEqual([]);
  expect(broker.log("t", 1).lastStableOffset).toBe(0);
});

test("A marker ends the committed offsets of a transaction too", async () => {
  await client.commitOffset(5);
  expect(await write({ __consumer_offsets: [0] }, { commit: true })).toEqual(["__consumer_offsets-0 0"]);
  expect(await client.committed("g", true)).toBe(5n);
});

test("What goes wrong with one partition is told of that one", async () => {
  await client.send("a");
  expect(await write({ t: [0, 7], nowhere: [0] })).toEqual([
    "t-0 0",
    `t-7 ${ErrorCode.UNKNOWN_TOPIC_OR_PARTITION}`,
    `nowhere-0 ${ErrorCode.UNKNOWN_TOPIC_OR_PARTITION}`,
  ]);
});

test("A marker of an epoch or a coordinator that is out of date is refused", async () => {
  await client.send("a");
  await client.end(true);
  await client.send("b");
  expect(await write({ t: [0] }, { epoch: 0 })).toEqual([`t-0 ${ErrorCode.INVALID_PRODUCER_EPOCH}`]);
  expect(await write({ t: [0] }, { epoch: 1, version: 2 })).toEqual([
    `t-0 ${ErrorCode.INVALID_PRODUCER_EPOCH}`,
  ]);
  expect(await write({ t: [0] }, { epoch: 2, coordinatorEpoch: -1 })).toEqual([
    `t-0 ${ErrorCode.TRANSACTION_COORDINATOR_FENCED}`,
  ]);
  expect(await write({ t: [0] }, { epoch: 2, version: 2 })).toEqual(["t-0 0"]);
});

test("A group coordinator that isn't there yet is told as a leader that isn't", async () => {
  broker.parts.groups.endTransaction = () => {
    throw new KafkaError("COORDINATOR_LOAD_IN_PROGRESS", "as the test wants it");
  };
  expect(await write({ __consumer_offsets: [0] })).toEqual([
    `__consumer_offsets-0 ${ErrorCode.NOT_LEADER_OR_FOLLOWER}`,
  ]);
});
