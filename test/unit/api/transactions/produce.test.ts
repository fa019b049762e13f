/** Produce, as far as it is about transactions. */
import { beforeEach, expect, test } from "bun:test";
import { ErrorCode, KafkaError } from "../../../../src/protocol/errors.ts";
import { ProduceRequest, ProduceResponse } from "../../../../src/protocol/messages/produce.ts";
import { batchOf } from "../../../support/batches.ts";
import { TransactionBroker } from "../../../support/transaction-broker.ts";
import { OK, TransactionalClient } from "../../../support/transactional-client.ts";

let broker: TransactionBroker;
let client: TransactionalClient;

beforeEach(async () => {
  broker = await TransactionBroker.start();
  broker.createTopic("t", 3);
  client = new TransactionalClient(broker);
  await client.init();
});

interface Part {
  readonly index: number;
  readonly records: Buffer | null;
}

async function produce(partitionData: Part[], version = 12, transactionalId: string | null = "tx") {
  const answer = await broker.ask([ProduceRequest, ProduceResponse], version, {
    transactionalId,
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: "t", partitionData }],
  });
  return (answer.responses[0]?.partitionResponses ?? []).map(({ errorCode }) => errorCode);
}

const batch = (epoch = 0, baseSequence = 0, producerId = client.producer.producerId) =>
  batchOf(["v"], { producerId, producerEpoch: epoch, baseSequence, transactional: true });

test("A partition that can't be written to doesn't keep the others out of the transaction", async () => {
  const parts = [
    { index: 0, records: batch() },
    { index: 9, records: batch() },
    { index: 1, records: batch() },
  ];
  expect(await produce(parts)).toEqual([OK, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, OK]);
  expect(broker.parts.transactions.describe("tx").partitions.get("t")).toEqual(new Set([0, 1]));
});

test("A request of two producers is refused as a whole", async () => {
  const parts = [
    { index: 0, records: batch() },
    { index: 1, records: batch(0, 0, 99n) },
  ];
  expect(await produce(parts)).toEqual([
    ErrorCode.INVALID_PRODUCER_ID_MAPPING,
    ErrorCode.INVALID_PRODUCER_ID_MAPPING,
  ]);
  expect(broker.log("t").logEndOffset).toBe(0);
});

test("Transactional records without a transactional id are refused", async () => {
  expect(await produce([{ index: 0, records: batch() }], 12, null)).toEqual([
    ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
  ]);
});

test("Records outside of transactions need no coordinator, whatever the request's transactional id", async () => {
  expect(await produce([{ index: 0, records: batchOf(["v"]) }], 12, "nobody's")).toEqual([OK]);
});

test("While the coordinator's shard isn't there, producers are told to try again", async () => {
  broker.parts.transactions.partitionFor = () => {
    throw new KafkaError("COORDINATOR_LOAD_IN_PROGRESS", "as the test wants it");
  };
  expect(await produce([{ index: 0, records: batch() }], 12)).toEqual([ErrorCode.NOT_ENOUGH_REPLICAS]);
  expect(await produce([{ index: 0, records: batch() }], 11)).toEqual([ErrorCode.NOT_ENOUGH_REPLICAS]);
  expect(broker.log("t").logEndOffset).toBe(0);
});

test("A write that comes too early waits a little for the end of the transaction before", async () => {
  const { transactions } = broker.parts;
  const usual = transactions.addPartitions.bind(transactions);
  let refusals = 3;
  transactions.addPartitions = (...asked) => {
    if (refusals-- > 0) throw new KafkaError("CONCURRENT_TRANSACTIONS", "as the test wants it");
    return usual(...asked);
  };
  const early = produce([{ index: 0, records: batch() }]);
  for (let step = 0; step < 10; step++) {
    broker.clock.advance(20);
    await Bun.sleep(0);
  }
  expect(await early).toEqual([OK]);
});

test("It waits for add.partitions.to.txn.retry.backoff.max.ms at most", async () => {
  broker.parts.transactions.addPartitions = () => {
    throw new KafkaError("CONCURRENT_TRANSACTIONS", "as the test wants it");
  };
  const early = produce([{ index: 0, records: batch() }]);
  for (let step = 0; step < 10; step++) {
    broker.clock.advance(20);
    await Bun.sleep(0);
  }
  expect(await early).toEqual([ErrorCode.CONCURRENT_TRANSACTIONS]);
});

test("Older clients, which don't know that error from Produce, are told another one", async () => {
  broker.parts.transactions.partitionsNotAdded = () => {
    throw new KafkaError("CONCURRENT_TRANSACTIONS", "as the test wants it");
  };
  expect(await produce([{ index: 0, records: batch() }], 11)).toEqual([ErrorCode.NOT_ENOUGH_REPLICAS]);
});

test("With transaction.version 2 a transaction begins with sequence 0 in each partition", async () => {
  expect(await produce([{ index: 0, records: batch(0, 3) }])).toEqual([
    ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
  ]);
  expect(await produce([{ index: 0, records: batch(0, 0) }])).toEqual([OK]);
});
