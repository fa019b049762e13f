import { afterEach, describe, expect } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ErrorCode } from "../../src/protocol/errors.ts";
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from "../../src/protocol/messages/describe-transactions.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../src/protocol/messages/find-coordinator.ts";
import { type KafkaProcess, startKafka } from "../support/apache-kafka.ts";
import {
  type BrokerProcess,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../support/broker-process.ts";
import { committedValues, createTopic } from "../support/client-topics.ts";
import { eventually } from "../support/eventually.ts";
import { digestPartition } from "../support/partition-digest.ts";
import { RawClient } from "../support/raw-client.ts";
import { requires } from "../support/requirements.ts";
import { type Asked, askedThrough, OK, TransactionalClient } from "../support/transactional-client.ts";

const { test } = requires("java", "kafka");

const PARTITIONS = 2;
const SHORT_TIMEOUT_MS = 1000;
const GROUP_KEY = 0;
const TRANSACTION_KEY = 1;
const NEVER_MS = 3_600_000;
const SOON_MS = 200;
const transactionalIds = ["ended", "goes-on", "fenced", "times-out"] as const;

type Broker = BrokerProcess | KafkaProcess;
let running: Broker | undefined;
afterEach(async () => {
  await running?.kill();
  removeTemporaryFolders();
});

const starters = {
  Houska: (logDirectory: string, properties: Readonly<Record<string, number>>): Promise<Broker> =>
    startBroker({ logDirectory, properties }),
  "Apache Kafka": (logDirectory: string, properties: Readonly<Record<string, number>>): Promise<Broker> =>
    startKafka(
      logDirectory,
      Object.entries(properties).map(([key, value]) => `${key}=${value}`),
    ),
};

/** Starts a broker, and connects to it. */
async function start(
  name: keyof typeof starters,
  logDirectory: string,
  abortIntervalMs: number,
): Promise<RawClient> {
  running = await starters[name](logDirectory, {
    "transaction.state.log.num.partitions": 3,
    "offsets.topic.num.partitions": 3,
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": abortIntervalMs,
  });
  return RawClient.connect(running.port);
}

/** Asks until a broker that has just started, or is just ending the last transaction, has come so far. */
async function succeeds(ask: () => Promise<number>): Promise<void> {
  await eventually(async () => expect(await ask()).toBe(OK));
}

/** The topics of coordinators are made when somebody looks for one. */
async function makeCoordinators(asked: Asked): Promise<void> {
  for (const keyType of [GROUP_KEY, TRANSACTION_KEY]) {
    await succeeds(async () => {
      const found = await asked.ask([FindCoordinatorRequest, FindCoordinatorResponse], 2, {
        key: "ended",
        keyType,
      });
      return found.errorCode;
    });
  }
}

type Producers = Record<(typeof transactionalIds)[number], TransactionalClient>;

/** Commits, aborts, and leaves three transactions open, one of which has timed out when the next broker comes. */
async function leaveTransactions(client: RawClient): Promise<Producers> {
  await createTopic(client, "t", PARTITIONS, { "retention.ms": "-1" });
  await createTopic(client, "late", 1, { "retention.ms": "-1" });
  const asked = askedThrough(client);
  await makeCoordinators(asked);
  const producers = Object.fromEntries(
    transactionalIds.map((id) => [id, new TransactionalClient(asked, id)]),
  ) as Producers;
  for (const [id, producer] of Object.entries(producers)) {
    await succeeds(() => producer.init(5, id === "times-out" ? SHORT_TIMEOUT_MS : 600_000));
  }
  const { ended, fenced } = producers;
  await send(ended, "committed", 0);
  await send(ended, "committed", 1);
  await succeeds(() => ended.commitOffset(11, { groupId: "ended" }));
  await succeeds(() => ended.end(true));
  await send(ended, "aborted", 0);
  await succeeds(() => ended.commitOffset(12, { groupId: "ended" }));
  await succeeds(() => ended.end(false));
  await send(producers["times-out"], "timed out", 0, "late");
  await send(producers["goes-on"], "begun", 0);
  await succeeds(() => producers["goes-on"].commitOffset(21, { groupId: "goes-on" }));
  await send(fenced, "fenced", 1);
  await succeeds(() => ended.commitOffset(13, { groupId: "ended" }));
  await send(ended, "behind an open one", 0);
  await succeeds(() => ended.end(true));
  return producers;
}

function send(producer: TransactionalClient, value: string, partition: number, topic = "t"): Promise<void> {
  return succeeds(async () => (await producer.send(value, partition, { topic })).errorCode);
}

/** All that a client can learn of the transactions. */
async function contents(client: RawClient, { ended, "goes-on": goesOn }: Producers) {
  const partitions: unknown[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    for (const isolation of ["read_uncommitted", "read_committed"] as const) {
      partitions.push(await digestPartition(client, "t", partition, isolation));
    }
  }
  const offsets = [
    await ended.committed("ended", true),
    await goesOn.committed("goes-on", true),
    await goesOn.committed("goes-on"),
  ];
  return { partitions, offsets, transactions: await described(client, ["ended", "goes-on", "fenced"]) };
}

async function described(client: RawClient, ids: readonly string[]) {
  const { transactionStates } = await client.request(
    DescribeTransactionsRequest,
    DescribeTransactionsResponse,
    0,
    { transactionalIds: [...ids] },
  );
  return transactionStates.map((state) => ({
    ...state,
    topics: state.topics.sort((left, right) => (left.topic < right.topic ? -1 : 1)),
  }));
}

/** Ends what has been left open: by its producer, by another of its id, and by the broker itself. */
async function goOn(client: RawClient, producers: Producers): Promise<void> {
  const { ended, fenced, "goes-on": goesOn, "times-out": timesOut } = producers;
  await eventually(async () => {
    const [state] = await described(client, ["times-out"]);
    expect(state?.transactionState).toBe("CompleteAbort");
  });
  await send(goesOn, "gone on", 0);
  await succeeds(() => goesOn.end(true));
  const older = { ...fenced.producer };
  await succeeds(() => fenced.init());
  expect(fenced.producer.producerEpoch).toBeGreaterThan(older.producerEpoch);
  expect(await timesOut.end(true)).toBe(ErrorCode.INVALID_TXN_STATE);
  await succeeds(() => timesOut.init());
  for (const [id, producer] of Object.entries(producers)) {
    await send(producer, `${id} again`, 1);
    await succeeds(() => producer.end(true));
  }
  await succeeds(() => ended.commitOffset(14, { groupId: "ended" }));
  await succeeds(() => ended.end(true));
}

for (const [first, second] of [
  ["Houska", "Apache Kafka"],
  ["Apache Kafka", "Houska"],
] as const) {
  describe(`Transactions that ${first} has left`, () => {
    for (const end of ["stop", "kill"] as const) {
      test(`by a ${end} are what they were in ${second}, and their producers go on`, async () => {
        const logDirectory = join(temporaryFolder(), "data");
        mkdirSync(logDirectory);
        let client = await start(first, logDirectory, NEVER_MS);
        const producers = await leaveTransactions(client);
        const before = await contents(client, producers);
        expect(before.offsets).toEqual([13n, `error ${ErrorCode.UNSTABLE_OFFSET_COMMIT}`, -1n]);
        expect(await committedValues(client, "t", PARTITIONS)).toEqual(["committed", "committed"]);
        await running?.[end]();

        client = await start(second, logDirectory, SOON_MS);
        const asked: Asked = askedThrough(client);
        for (const producer of Object.values(producers)) producer.broker = asked;
        await eventually(async () => expect(await contents(client, producers)).toEqual(before));
        await goOn(client, producers);

        expect(await committedValues(client, "t", PARTITIONS)).toEqual([
          ...["committed", "begun", "behind an open one", "gone on"],
          ...["committed", ...transactionalIds.map((id) => `${id} again`)],
        ]);
        expect(await committedValues(client, "late", 1)).toEqual([]);
        expect((await contents(client, producers)).offsets).toEqual([14n, 21n, 21n]);
        client.close();
      }, 120_000);
    }
  });
}
