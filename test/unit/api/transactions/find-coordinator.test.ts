/** FindCoordinator for transactional ids, and what a producer makes of it. */
import { expect, test } from "bun:test";
import { ErrorCode } from "../../../../src/protocol/errors.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../../src/protocol/messages/find-coordinator.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../../../src/protocol/messages/init-producer-id.ts";
import { TransactionBroker } from "../../../support/transaction-broker.ts";
import { OK, TransactionalClient } from "../../../support/transactional-client.ts";

const FindCoordinator = [FindCoordinatorRequest, FindCoordinatorResponse] as const;
const TRANSACTION = 1;

test("Looking for the coordinator makes its topic, as it is configured, and as small as a single broker needs it", async () => {
  const broker = await TransactionBroker.start({
    withTopics: false,
    configs: [
      "transaction.state.log.num.partitions=7",
      "transaction.state.log.replication.factor=3",
      "transaction.state.log.min.isr=2",
      "transaction.state.log.segment.bytes=1048576",
    ],
  });
  const client = new TransactionalClient(broker);
  expect(await client.init()).toBe(ErrorCode.NOT_COORDINATOR);
  const { coordinators } = await broker.ask(FindCoordinator, 6, {
    keyType: TRANSACTION,
    coordinatorKeys: ["tx"],
  });
  expect(coordinators).toMatchObject([{ key: "tx", nodeId: 1, errorCode: OK }]);
  const { image } = broker.parts.metadata;
  expect(image.topicByName("__transaction_state")?.partitions).toHaveLength(7);
  expect(Object.fromEntries(image.configs(2, "__transaction_state"))).toEqual({
    "cleanup.policy": "compact",
    "compression.type": "uncompressed",
    "min.insync.replicas": "1",
    "segment.bytes": "1048576",
    "unclean.leader.election.enable": "false",
  });
  expect(await client.init()).toBe(OK);
});

test("Adding a group's offsets to a transaction needs nobody to have looked for the group's coordinator", async () => {
  const broker = await TransactionBroker.start({ withTopics: false });
  await broker.ask(FindCoordinator, 6, { keyType: TRANSACTION, coordinatorKeys: ["tx"] });
  const client = new TransactionalClient(broker);
  await client.init();
  expect(await client.addOffsets()).toBe(OK);
  expect([...broker.parts.transactions.describe("tx").partitions.keys()]).toEqual(["__consumer_offsets"]);
});

test("A producer that names another's id is told so in words that its version knows", async () => {
  const broker = await TransactionBroker.start();
  await new TransactionalClient(broker).init();
  const ask = async (version: number) => {
    const wrong = { producerId: 99n, producerEpoch: 0 };
    const request = { transactionalId: "tx", transactionTimeoutMs: 1000, ...wrong };
    const answer = await broker.ask([InitProducerIdRequest, InitProducerIdResponse], version, request);
    return answer.errorCode;
  };
  expect(await ask(3)).toBe(ErrorCode.INVALID_PRODUCER_EPOCH);
  expect(await ask(4)).toBe(ErrorCode.PRODUCER_FENCED);
});
