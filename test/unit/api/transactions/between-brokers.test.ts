/** AddPartitionsToTxn as brokers ask it, for several transactions at once (KIP-890). */
import { beforeEach, expect, test } from "bun:test";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from "../../../../src/protocol/messages/add-partitions-to-txn.ts";
import type { ProducerIdAndEpoch } from "../../../../src/transaction/transaction.ts";
import { TransactionBroker } from "../../../support/transaction-broker.ts";
import { TransactionalClient } from "../../../support/transactional-client.ts";

let broker: TransactionBroker;
let one: TransactionalClient;
let two: TransactionalClient;

beforeEach(async () => {
  broker = await TransactionBroker.start();
  broker.createTopic("t", 3);
  one = new TransactionalClient(broker, "one");
  two = new TransactionalClient(broker, "two");
  await one.init();
  await two.init();
});

interface Asked {
  readonly id: string;
  readonly producer: ProducerIdAndEpoch;
  readonly partitions: number[];
  readonly verifyOnly?: boolean;
}

async function ask(asked: Asked[], version = 5) {
  const answer = await broker.ask([AddPartitionsToTxnRequest, AddPartitionsToTxnResponse], version, {
    transactions: asked.map(({ id, producer, partitions, verifyOnly = false }) => ({
      transactionalId: id,
      ...producer,
      verifyOnly,
      topics: [{ name: "t", partitions }],
    })),
  });
  expect(answer.errorCode).toBe(0);
  return answer.resultsByTransaction.map(({ transactionalId, topicResults }) => [
    transactionalId,
    ...topicResults.flatMap(({ resultsByPartition }) =>
      resultsByPartition.map((result) => result.partitionErrorCode),
    ),
  ]);
}

test("Each transaction is answered for itself", async () => {
  const stranger = { producerId: 99n, producerEpoch: 0 };
  const asked = [
    { id: "one", producer: one.producer, partitions: [0, 1] },
    { id: "two", producer: stranger, partitions: [0] },
  ];
  expect(await ask(asked)).toEqual([
    ["one", 0, 0],
    ["two", ErrorCode.INVALID_PRODUCER_ID_MAPPING],
  ]);
  expect(broker.parts.transactions.describe("one")).toMatchObject({
    state: "Ongoing",
    clientTransactionVersion: 2,
  });
});

test("Asking whether partitions have been added adds none", async () => {
  await one.add([0]);
  const asked = { id: "one", producer: one.producer, partitions: [0, 2], verifyOnly: true };
  expect(await ask([asked], 4)).toEqual([["one", 0, ErrorCode.TRANSACTION_ABORTABLE]]);
  expect(broker.parts.transactions.describe("one").partitions.get("t")).toEqual(new Set([0]));
});

test("A partition that there isn't keeps the others out", async () => {
  expect(await ask([{ id: "one", producer: one.producer, partitions: [0, 9] }])).toEqual([
    ["one", ErrorCode.OPERATION_NOT_ATTEMPTED, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
  ]);
  expect(broker.parts.transactions.describe("one").state).toBe("Empty");
});

test("Where records are flushed, all are waited for", async () => {
  broker = await TransactionBroker.start({ configs: ["log.flush.interval.messages=1"] });
  broker.createTopic("t", 3);
  one.broker = broker;
  await one.init();
  expect(await ask([{ id: "one", producer: one.producer, partitions: [0] }])).toEqual([["one", 0]]);
});
