import { expect, test } from "bun:test";
import { type ErrorName, errorName } from "../../../../src/protocol/errors.ts";
import { ZERO_UUID } from "../../../../src/protocol/uuid.ts";
import { errorOf } from "../../../support/error-of.ts";
import { GroupBroker } from "../../../support/group-broker.ts";
import { lookFor } from "../support/find-coordinator.ts";
import { commit, fetchAll, OffsetFetch } from "../support/offset-requests.ts";

const requester = { clientId: "producer", clientHost: "/127.0.0.1", apiVersion: 5 };

async function start(): Promise<GroupBroker> {
  const broker = await GroupBroker.start();
  broker.createTopic("t", 2);
  await lookFor(broker, "g");
  return broker;
}

function commitIn(
  broker: GroupBroker,
  producerId: bigint,
  committedOffset: bigint,
  apiVersion = 5,
  generation = -1,
) {
  const partition = { partitionIndex: 0, committedOffset, committedLeaderEpoch: -1, committedMetadata: null };
  return broker.groups.commitTransactionalOffsets(
    {
      transactionalId: "tx",
      groupId: "g",
      producerId,
      producerEpoch: 0,
      generationIdOrMemberEpoch: generation,
      memberId: "",
      groupInstanceId: null,
      topics: [{ name: "t", topicId: ZERO_UUID, partitions: [partition] }],
    },
    { ...requester, apiVersion },
  );
}

function end(broker: GroupBroker, producerId: bigint, result: "commit" | "abort") {
  const partition = broker.groups.partitionFor("g");
  const epochs = { producerEpoch: 0, coordinatorEpoch: 0, transactionVersion: 0 };
  return broker.groups.endTransaction(partition, { producerId, result, ...epochs });
}

async function stable(broker: GroupBroker): Promise<bigint | ErrorName | undefined> {
  const topics = [{ name: "t", partitionIndexes: [0] }];
  const answer = await broker.ask(OffsetFetch, 9, {
    groups: [{ groupId: "g", topics }],
    requireStable: true,
  });
  const partition = answer.groups[0]?.topics[0]?.partitions[0];
  return partition?.errorCode === 0 ? partition.committedOffset : errorName(partition?.errorCode ?? -1);
}

test("What a transaction commits is seen once it is committed, and is there after a restart", async () => {
  const broker = await start();
  await commitIn(broker, 1n, 10n);
  expect(await fetchAll(broker, "g")).toEqual({});
  await end(broker, 1n, "commit");
  expect(await fetchAll(broker, "g")).toEqual({ "t-0": 10n });
  expect(await fetchAll(await broker.restart(), "g")).toEqual({ "t-0": 10n });
});

test("What an aborted transaction committed is never seen", async () => {
  const broker = await start();
  await commit(broker, "g", { "t-0": 3 });
  await commitIn(broker, 1n, 10n);
  await end(broker, 1n, "abort");
  expect(await fetchAll(broker, "g")).toEqual({ "t-0": 3n });
  expect(await fetchAll(await broker.restart(), "g")).toEqual({ "t-0": 3n });
});

test("A transaction that is open over a restart can still be committed", async () => {
  const broker = await start();
  await commitIn(broker, 1n, 10n);
  const again = await broker.restart();
  expect(await fetchAll(again, "g")).toEqual({});
  await end(again, 1n, "commit");
  expect(await fetchAll(again, "g")).toEqual({ "t-0": 10n });
});

test("Who asks for stable offsets is told to wait while a transaction is open", async () => {
  const broker = await start();
  await commit(broker, "g", { "t-0": 3 });
  expect(await stable(broker)).toBe(3n);
  await commitIn(broker, 1n, 10n);
  await commitIn(broker, 2n, 11n);
  expect(await stable(broker)).toBe("UNSTABLE_OFFSET_COMMIT");
  await end(broker, 1n, "abort");
  expect(await stable(broker)).toBe("UNSTABLE_OFFSET_COMMIT");
  await end(broker, 2n, "commit");
  expect(await stable(broker)).toBe(11n);
});

test("A commit that was written after the transaction's stays, though the transaction is committed later", async () => {
  const broker = await start();
  await commitIn(broker, 1n, 10n);
  await commit(broker, "g", { "t-0": 20 });
  await end(broker, 1n, "commit");
  expect(await fetchAll(broker, "g")).toEqual({ "t-0": 20n });
  expect(await fetchAll(await broker.restart(), "g")).toEqual({ "t-0": 20n });
});

test("Deleting the group's topic takes what open transactions have committed for it", async () => {
  const broker = await start();
  await commitIn(broker, 1n, 10n);
  broker.deleteTopic("t");
  await end(broker, 1n, "commit");
  expect(await fetchAll(broker, "g")).toEqual({});
});

test("A generation of a group that there isn't is refused, by the name that the version knows", async () => {
  const broker = await start();
  expect(errorOf(() => commitIn(broker, 1n, 10n, 5, 3))).toBe("ILLEGAL_GENERATION");
  expect(errorOf(() => commitIn(broker, 1n, 10n, 6, 3))).toBe("GROUP_ID_NOT_FOUND");
});
