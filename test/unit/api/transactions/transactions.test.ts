/** Transactions as clients run them, of all generations of the protocol. */
import { beforeEach, describe, expect, test } from "bun:test";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import { TransactionBroker } from "../../../support/transaction-broker.ts";
import { OK, TransactionalClient } from "../../../support/transactional-client.ts";
import { committedValues } from "./reader.ts";

let broker: TransactionBroker;
let client: TransactionalClient<TransactionBroker>;

beforeEach(async () => {
  broker = await TransactionBroker.start();
  broker.createTopic("t", 3);
  client = new TransactionalClient(broker);
  await client.init();
});

describe("A client of transaction.version 2", () => {
  test("just writes: its partitions are added to the transaction, and it gets a new epoch at the end", async () => {
    expect(await client.send("a")).toMatchObject({ errorCode: OK, baseOffset: 0n });
    expect(await client.send("b", 1)).toMatchObject({ errorCode: OK });
    expect(broker.parts.transactions.describe("tx").partitions.get("t")).toEqual(new Set([0, 1]));
    expect(committedValues(broker.log("t"))).toEqual([]);
    expect(await client.end(true)).toBe(OK);
    expect(client.producer.producerEpoch).toBe(1);
    expect(committedValues(broker.log("t"))).toEqual(["a"]);
    expect(committedValues(broker.log("t", 1))).toEqual(["b"]);
    expect(await client.send("c")).toMatchObject({ errorCode: OK });
    expect(await client.end(false)).toBe(OK);
    expect(committedValues(broker.log("t"))).toEqual(["a"]);
  });

  test("commits offsets without telling the coordinator before", async () => {
    expect(await client.commitOffset(7)).toBe(OK);
    expect(await client.committed()).toBe(-1n);
    expect(await client.committed("g", true)).toBe(`error ${ErrorCode.UNSTABLE_OFFSET_COMMIT}`);
    expect(await client.end(true)).toBe(OK);
    expect(await client.committed("g", true)).toBe(7n);
    await client.commitOffset(9);
    await client.end(false);
    expect(await client.committed("g", true)).toBe(7n);
  });

  test("is fenced everywhere once another has come", async () => {
    await client.send("a");
    const other = new TransactionalClient(broker);
    expect(await other.init()).toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
    expect(await other.init()).toBe(OK);
    expect((await client.send("b")).errorCode).toBe(ErrorCode.INVALID_PRODUCER_EPOCH);
    expect((await client.send("b", 2)).errorCode).toBe(ErrorCode.INVALID_PRODUCER_EPOCH);
    expect(await client.commitOffset(1)).toBe(ErrorCode.INVALID_PRODUCER_EPOCH);
    expect(await client.end(true)).toBe(ErrorCode.PRODUCER_FENCED);
    expect(committedValues(broker.log("t"))).toEqual([]);
    await other.send("c");
    expect(await other.end(true)).toBe(OK);
    expect(committedValues(broker.log("t"))).toEqual(["c"]);
  });

  test("that has no transactional id of ours is told so", async () => {
    const stranger = new TransactionalClient(broker, "unknown");
    stranger.producer = client.producer;
    expect((await stranger.send("a")).errorCode).toBe(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    expect(await stranger.commitOffset(1)).toBe(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    expect(await stranger.end(true)).toBe(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    expect(broker.log("t").logEndOffset).toBe(0);
  });
});

describe("An older client", () => {
  test("adds partitions before it writes there, and keeps its epoch", async () => {
    expect(await client.add([0, 1])).toEqual([OK, OK]);
    expect(await client.send("a", 0, { version: 11 })).toMatchObject({ errorCode: OK });
    expect(await client.end(true, 4)).toBe(OK);
    expect(client.producer.producerEpoch).toBe(0);
    expect(committedValues(broker.log("t"))).toEqual(["a"]);
    await client.add([0]);
    await client.send("b", 0, { version: 11 });
    expect(await client.end(false, 4)).toBe(OK);
    expect(committedValues(broker.log("t"))).toEqual(["a"]);
  });

  test("may not write to a partition that it has not added", async () => {
    await client.add([0]);
    const told = await client.send("a", 1, { version: 11 });
    expect(told).toMatchObject({ errorCode: ErrorCode.TRANSACTION_ABORTABLE });
    const older = await client.send("a", 1, { version: 10 });
    expect(older).toMatchObject({
      errorCode: ErrorCode.INVALID_TXN_STATE,
      errorMessage: "Partition was not added to the transaction",
    });
    expect(broker.log("t", 1).logEndOffset).toBe(0);
  });

  test("commits offsets of a group that it has added", async () => {
    expect(await client.commitOffset(3, { version: 4 })).toBe(ErrorCode.TRANSACTION_ABORTABLE);
    expect(await client.commitOffset(3, { version: 3 })).toBe(ErrorCode.INVALID_TXN_STATE);
    expect(await client.addOffsets()).toBe(OK);
    expect(await client.commitOffset(3, { version: 3 })).toBe(OK);
    expect(await client.end(true, 4)).toBe(OK);
    expect(await client.committed()).toBe(3n);
  });

  test("is told of its fencing in words that it knows", async () => {
    await new TransactionalClient(broker).init();
    const { INVALID_PRODUCER_EPOCH, PRODUCER_FENCED } = ErrorCode;
    expect([await client.add([0], { version: 1 }), await client.add([0], { version: 2 })]).toEqual([
      [INVALID_PRODUCER_EPOCH],
      [PRODUCER_FENCED],
    ]);
    expect([await client.addOffsets("g", 1), await client.addOffsets("g", 2)]).toEqual([
      INVALID_PRODUCER_EPOCH,
      PRODUCER_FENCED,
    ]);
    expect([await client.end(true, 1), await client.end(true, 2)]).toEqual([
      INVALID_PRODUCER_EPOCH,
      PRODUCER_FENCED,
    ]);
  });

  test("writes unverified where verification is turned off", async () => {
    const trusting = await TransactionBroker.start({
      configs: ["transaction.partition.verification.enable=false"],
    });
    trusting.createTopic("t", 1);
    const one = new TransactionalClient(trusting);
    await one.init();
    expect(await one.send("a", 0, { version: 11 })).toMatchObject({ errorCode: OK });
    expect(await one.commitOffset(1, { version: 4 })).toBe(OK);
  });
});

test("A transaction outlives the broker, and what was decided is done after its death", async () => {
  await client.send("a");
  await client.commitOffset(4);
  client.broker = await broker.killed();
  expect(await client.send("b")).toMatchObject({ errorCode: OK, baseOffset: 1n });
  expect(await client.end(true)).toBe(OK);
  client.broker = await client.broker.killed();
  expect(committedValues(client.broker.log("t"))).toEqual(["a", "b"]);
  expect(await client.committed()).toBe(4n);
});

test("A topic that is deleted doesn't keep transactions from ending", async () => {
  broker.createTopic("gone");
  await client.send("a");
  await client.send("x", 0, { topic: "gone" });
  broker.deleteTopic("gone");
  expect(await client.end(true)).toBe(OK);
  expect(broker.parts.transactions.describe("tx").state).toBe("CompleteCommit");
  expect(committedValues(broker.log("t"))).toEqual(["a"]);
});

test("Batches that come while the first is still being verified are appended in their order", async () => {
  const flushing = await TransactionBroker.start({ configs: ["log.flush.interval.messages=1"] });
  flushing.createTopic("t", 1);
  const producer = new TransactionalClient(flushing);
  await producer.init();
  const one = producer.send("a");
  // What a client does that has several requests in flight: it counts on the first.
  const ahead = Object.assign(new TransactionalClient(flushing), { producer: producer.producer });
  Object.assign(ahead, { sequences: new Map([["t-0", 1]]) });
  const two = ahead.send("b");
  expect([await one, await two]).toMatchObject([
    { errorCode: OK, baseOffset: 0n },
    { errorCode: OK, baseOffset: 1n },
  ]);
});
