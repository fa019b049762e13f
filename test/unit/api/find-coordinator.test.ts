import { expect, test } from "bun:test";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import { GroupBroker } from "../../support/group-broker.ts";
import { FindCoordinator } from "../group/support/find-coordinator.ts";

test("Looking for a group's coordinator makes the groups' topic, as it is configured", async () => {
  const broker = await GroupBroker.start({
    configs: ["offsets.topic.num.partitions=7", "offsets.topic.segment.bytes=1048576"],
  });
  const { coordinators } = await broker.ask(FindCoordinator, 6, { keyType: 0, coordinatorKeys: ["a", "b"] });
  expect(coordinators).toEqual([
    { key: "a", nodeId: 1, host: "127.0.0.1", port: 9092, errorCode: 0, errorMessage: "" },
    { key: "b", nodeId: 1, host: "127.0.0.1", port: 9092, errorCode: 0, errorMessage: "" },
  ]);
  const { image } = broker.metadata;
  expect(image.topicByName("__consumer_offsets")?.partitions).toHaveLength(7);
  expect(Object.fromEntries(image.configs(2, "__consumer_offsets"))).toEqual({
    "cleanup.policy": "compact",
    "compression.type": "producer",
    "segment.bytes": "1048576",
  });
});

test("A configuration that hopes for more replicas than there are brokers doesn't keep groups from working", async () => {
  const broker = await GroupBroker.start({ configs: ["offsets.topic.replication.factor=3"] });
  const { errorCode, nodeId } = await broker.ask(FindCoordinator, 3, { keyType: 0, key: "g" });
  expect([errorCode, nodeId]).toEqual([0, 1]);
});

test("Looking for a coordinator makes no files: an idle broker has few", async () => {
  const broker = await GroupBroker.start();
  await broker.ask(FindCoordinator, 3, { keyType: 0, key: "g" });
  expect([...broker.logs.partitions()]).toEqual([]);
});

test("Where the topic can't be made there is no coordinator, and the log says why", async () => {
  const broker = await GroupBroker.start({ configs: ["offsets.topic.num.partitions=20000"] });
  const answer = await broker.ask(FindCoordinator, 6, { keyType: 0, coordinatorKeys: ["g"] });
  expect(answer.coordinators).toMatchObject([
    { nodeId: -1, host: "", port: -1, errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE },
  ]);
  expect(broker.logged.join("\n")).toContain("__consumer_offsets could not be created");
});
