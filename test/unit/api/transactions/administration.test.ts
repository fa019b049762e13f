/** ListTransactions, DescribeTransactions and DescribeProducers. */
import { beforeEach, expect, test } from "bun:test";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import {
  DescribeProducersRequest,
  DescribeProducersResponse,
} from "../../../../src/protocol/messages/describe-producers.ts";
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from "../../../../src/protocol/messages/describe-transactions.ts";
import {
  ListTransactionsRequest,
  ListTransactionsResponse,
} from "../../../../src/protocol/messages/list-transactions.ts";
import { TransactionBroker } from "../../../support/transaction-broker.ts";
import { TransactionalClient } from "../../../support/transactional-client.ts";

let broker: TransactionBroker;
let startMs: number;

beforeEach(async () => {
  broker = await TransactionBroker.start();
  broker.createTopic("t", 3);
  const open = new TransactionalClient(broker, "open");
  await open.init(5, 30_000);
  startMs = broker.clock.now();
  await open.send("a");
  await open.commitOffset(1);
  broker.clock.advance(1000);
  const ended = new TransactionalClient(broker, "ended");
  await ended.init();
  await ended.send("b");
  await ended.end(true);
});

async function list(filter: Partial<Parameters<typeof listBody>[0]> = {}, version = 2) {
  const answer = await broker.ask(
    [ListTransactionsRequest, ListTransactionsResponse],
    version,
    listBody({ states: [], producerIds: [], duration: -1n, pattern: null, ...filter }),
  );
  const ids = answer.transactionStates.map(({ transactionalId }) => transactionalId).sort();
  return { ...answer, ids };
}

function listBody(filter: {
  states: string[];
  producerIds: bigint[];
  duration: bigint;
  pattern: string | null;
}) {
  return {
    stateFilters: filter.states,
    producerIdFilters: filter.producerIds,
    durationFilter: filter.duration,
    transactionalIdPattern: filter.pattern,
  };
}

test("Transactions are listed with their producers and states", async () => {
  expect(
    (await list()).transactionStates.toSorted((a, b) => Number(a.producerId - b.producerId)),
  ).toMatchObject([
    { transactionalId: "open", producerId: 0n, transactionState: "Ongoing" },
    { transactionalId: "ended", producerId: 1n, transactionState: "CompleteCommit" },
  ]);
});

test("They can be asked for by state, producer, age and pattern", async () => {
  expect((await list({ states: ["Ongoing"] })).ids).toEqual(["open"]);
  expect((await list({ producerIds: [1n] })).ids).toEqual(["ended"]);
  expect((await list({ duration: 500n })).ids).toEqual(["open"]);
  expect((await list({ pattern: "op.*" })).ids).toEqual(["open"]);
  expect((await list({ pattern: "op" })).ids).toEqual([]);
  expect((await list({ pattern: "" })).ids).toEqual(["ended", "open"]);
});

test("A state that there isn't is told, and no reason to fail", async () => {
  const { errorCode, unknownStateFilters, ids } = await list({ states: ["Ongoing", "Sleeping"] });
  expect([errorCode, unknownStateFilters, ids]).toEqual([0, ["Sleeping"], ["open"]]);
  expect((await list({ states: ["Sleeping"] })).ids).toEqual([]);
});

test("A pattern that is none fails the request", async () => {
  expect((await list({ pattern: "(" })).errorCode).toBe(ErrorCode.INVALID_REGULAR_EXPRESSION);
});

test("A transaction is described with its partitions", async () => {
  const answer = await broker.ask([DescribeTransactionsRequest, DescribeTransactionsResponse], 0, {
    transactionalIds: ["open", "nobody's", ""],
  });
  expect(answer.transactionStates).toMatchObject([
    {
      errorCode: 0,
      transactionalId: "open",
      transactionState: "Ongoing",
      transactionTimeoutMs: 30_000,
      transactionStartTimeMs: BigInt(startMs),
      producerId: 0n,
      producerEpoch: 0,
      topics: [
        { topic: "t", partitions: [0] },
        { topic: "__consumer_offsets", partitions: [0] },
      ],
    },
    { errorCode: ErrorCode.TRANSACTIONAL_ID_NOT_FOUND, transactionalId: "nobody's", topics: [] },
    { errorCode: ErrorCode.INVALID_REQUEST, transactionalId: "" },
  ]);
});

test("A partition's producers are described with the transactions they have open there", async () => {
  const answer = await broker.ask([DescribeProducersRequest, DescribeProducersResponse], 0, {
    topics: [
      { name: "t", partitionIndexes: [0, 2, 9] },
      { name: "no topic", partitionIndexes: [0] },
      { name: "nowhere", partitionIndexes: [0] },
    ],
  });
  const [here, invalid, nowhere] = answer.topics;
  expect(
    here?.partitions[0]?.activeProducers.toSorted((a, b) => Number(a.producerId - b.producerId)),
  ).toMatchObject([
    { producerId: 0n, producerEpoch: 0, lastSequence: 0, coordinatorEpoch: -1, currentTxnStartOffset: 0n },
    { producerId: 1n, producerEpoch: 1, lastSequence: -1, coordinatorEpoch: 0, currentTxnStartOffset: -1n },
  ]);
  expect(here?.partitions[1]).toMatchObject({ errorCode: 0, errorMessage: null, activeProducers: [] });
  expect(here?.partitions[2]?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  expect(invalid?.partitions[0]?.errorCode).toBe(ErrorCode.INVALID_TOPIC_EXCEPTION);
  expect(nowhere?.partitions[0]?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
});
