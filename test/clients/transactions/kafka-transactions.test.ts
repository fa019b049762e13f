/**
 * kafka-transactions.sh against a broker with a transaction that hangs: its records lie in a partition, and its
 * coordinator knows nothing of them.
 */
import { afterAll, beforeAll, expect } from "bun:test";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../src/protocol/messages/find-coordinator.ts";
import { kafkaTool } from "../../support/apache-kafka.ts";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../../support/broker-process.ts";
import { committedValues, createTopic } from "../../support/client-topics.ts";
import { RawClient } from "../../support/raw-client.ts";
import { requires } from "../../support/requirements.ts";
import { askedThrough, OK, TransactionalClient } from "../../support/transactional-client.ts";

const { test, missing } = requires("java", "kafka");
const TIMEOUT_MS = 60_000;
const TRANSACTION_KEY = 1;
/** The last Produce whose partitions the client has to add by itself. */
const BEFORE_IMPLICIT_ADDING = 11;

let broker: BrokerProcess;
let client: RawClient;
let open: TransactionalClient;
let lost: TransactionalClient;
beforeAll(async () => {
  if (missing !== null) return;
  // As it was before brokers asked the coordinator: a partition takes what nobody has added to a transaction.
  const properties = { "transaction.partition.verification.enable": "false" };
  broker = await startBroker({ properties });
  client = await RawClient.connect(broker.port);
  const coordinator = { key: "open", keyType: TRANSACTION_KEY };
  await client.request(FindCoordinatorRequest, FindCoordinatorResponse, 2, coordinator);
  await createTopic(client, "t", 2, { "retention.ms": "-1" });
  open = new TransactionalClient(askedThrough(client), "open");
  lost = new TransactionalClient(askedThrough(client), "lost");
  expect([await open.init(), await lost.init()]).toEqual([OK, OK]);
  expect((await open.send("of an open one", 0)).errorCode).toBe(OK);
  // Its record's timestamp is years ago: what has been open for so long hangs.
  expect((await lost.send("of a lost one", 1, { version: BEFORE_IMPLICIT_ADDING })).errorCode).toBe(OK);
});
afterAll(async () => {
  if (missing === null) await broker.stop();
  removeTemporaryFolders();
});

/** The rows of the table that the tool prints, by the names of its columns. */
async function rows(...words: readonly string[]): Promise<Record<string, string>[]> {
  const output = await kafkaTool("kafka-transactions", broker.port, words);
  const [names = [], ...found] = output
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.split("\t").map((cell) => cell.trim()));
  return found.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""])));
}

const idsIn = (found: readonly Record<string, string>[]) => found.map((row) => row.TransactionalId).sort();

test(
  "list names the transactional ids and their states, all or those of a pattern",
  async () => {
    const all = await rows("list");
    expect(idsIn(all)).toEqual(["lost", "open"]);
    expect(all.find((row) => row.TransactionalId === "open")).toMatchObject({
      ProducerId: String(open.producer.producerId),
      TransactionState: "Ongoing",
    });
    expect(idsIn(await rows("list", "--transactional-id-pattern", "o.*"))).toEqual(["open"]);
  },
  TIMEOUT_MS,
);

test(
  "describe tells of a transaction and its partitions, describe-producers who writes to a partition",
  async () => {
    const [transaction] = await rows("describe", "--transactional-id", "open");
    expect(transaction).toMatchObject({
      TransactionState: "Ongoing",
      TopicPartitions: "t-0",
      ProducerEpoch: "0",
    });
    const producers = await rows("describe-producers", "--topic", "t", "--partition", "0");
    expect(producers).toMatchObject([
      { ProducerId: String(open.producer.producerId), LastSequence: "0", CurrentTransactionStartOffset: "0" },
    ]);
  },
  TIMEOUT_MS,
);

test(
  "find-hanging finds the transaction that nobody will end, and abort ends it",
  async () => {
    const hanging = await rows("find-hanging", "--broker-id", "1");
    expect(hanging).toMatchObject([
      { Topic: "t", Partition: "1", ProducerId: String(lost.producer.producerId), StartOffset: "0" },
    ]);
    const partition = ["--topic", "t", "--partition", "1"];
    await kafkaTool("kafka-transactions", broker.port, ["abort", ...partition, "--start-offset", "0"]);
    expect(await rows("find-hanging", "--broker-id", "1")).toEqual([]);
    const producers = await rows("describe-producers", ...partition);
    expect(producers).toMatchObject([{ CurrentTransactionStartOffset: "None" }]);
    // What is committed behind it can be read from now on.
    const next = new TransactionalClient(askedThrough(client), "next");
    expect([await next.init(), (await next.send("next", 1)).errorCode, await next.end(true)]).toEqual([
      OK,
      OK,
      OK,
    ]);
    expect(await committedValues(client, "t", 2)).toEqual(["next"]);
  },
  TIMEOUT_MS,
);

test(
  "forceTerminateTransaction ends a transaction that its coordinator knows, and fences its producer",
  async () => {
    await kafkaTool("kafka-transactions", broker.port, [
      "forceTerminateTransaction",
      ...["--transactionalId", "open"],
    ]);
    expect(await rows("describe", "--transactional-id", "open")).toMatchObject([
      { TransactionState: "Empty" },
    ]);
    expect(await open.end(true)).toBe(ErrorCode.PRODUCER_FENCED);
    expect(await committedValues(client, "t", 1)).toEqual([]);
  },
  TIMEOUT_MS,
);
