import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { metadata } from "../../../src/api/metadata.ts";
import { ErrorCode } from "../../../src/protocol/errors.ts";
import { MetadataRequest, MetadataResponse } from "../../../src/protocol/messages/metadata.ts";
import { ZERO_UUID } from "../../../src/protocol/uuid.ts";
import { TestBroker } from "../../support/api-broker.ts";
import { TestConnection } from "../../support/dispatch-client.ts";
import { MetadataBroker } from "../../support/metadata-broker.ts";

const NEWEST = 13;
const both = [MetadataRequest, MetadataResponse] as const;
const named = (...names: string[]) => names.map((name) => ({ name, topicId: ZERO_UUID }));

let broker: MetadataBroker;

async function start(...overrides: string[]): Promise<MetadataBroker> {
  broker = await MetadataBroker.start(overrides);
  return broker;
}

afterEach(() => broker.close());

describe("Creating what is asked for", () => {
  beforeEach(() => start("num.partitions=3"));

  test.each([0, 3, 4, 9, 13])("version %i has the leaders in the first answer", async (version) => {
    const { topics } = await broker.ask(both, version, { topics: named("new") });
    const [topic] = topics;
    expect(topics).toHaveLength(1);
    expect(topic).toMatchObject({ errorCode: ErrorCode.NONE, name: "new", isInternal: false });
    expect(topic?.partitions.map(({ partitionIndex, leaderId }) => [partitionIndex, leaderId])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    expect(broker.metadata.image.topicByName("new")?.partitions).toHaveLength(3);
  });

  test("the topic is there after a restart, with the same id", async () => {
    const first = await broker.ask(both, NEWEST, { topics: named("new") });
    broker.close();
    broker = await MetadataBroker.start([], broker.disk);
    const again = await broker.ask(both, NEWEST, { topics: named("new"), allowAutoTopicCreation: false });
    expect(again.topics[0]?.topicId).toEqual(first.topics[0]?.topicId);
    expect(again.topics[0]?.partitions).toHaveLength(3);
  });

  test("several are created in one go, between those that are there and those that can't be", async () => {
    await broker.ask(both, NEWEST, { topics: named("old") });
    const { topics } = await broker.ask(both, NEWEST, {
      topics: named("n1", "old", "not valid", "n2", "n1"),
    });
    expect(topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ["n1", ErrorCode.NONE],
      ["old", ErrorCode.NONE],
      ["not valid", ErrorCode.INVALID_TOPIC_EXCEPTION],
      ["n2", ErrorCode.NONE],
    ]);
  });

  test("nothing is created when the client doesn't allow it, or asks for all topics, or by id", async () => {
    const before = broker.metadata.image.lastOffset;
    await broker.ask(both, NEWEST, { topics: named("new"), allowAutoTopicCreation: false });
    await broker.ask(both, NEWEST, { topics: null });
    await broker.ask(both, NEWEST, { topics: [{ name: null, topicId: "ccccccccccccccccccccAA" as never }] });
    expect(broker.metadata.image.lastOffset).toBe(before);
  });

  test("the metadata log's own topic is not created", async () => {
    const { topics } = await broker.ask(both, NEWEST, { topics: named("__cluster_metadata", "new") });
    expect(topics.map(({ errorCode }) => errorCode)).toEqual([
      ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      ErrorCode.NONE,
    ]);
    expect(broker.metadata.image.topicByName("__cluster_metadata")).toBeUndefined();
  });

  test("names that metrics would take for one another are refused", async () => {
    const { topics } = await broker.ask(both, NEWEST, { topics: named("a.b") });
    const again = await broker.ask(both, NEWEST, { topics: named("a_b") });
    expect([topics[0]?.errorCode, again.topics[0]?.errorCode]).toEqual([
      ErrorCode.NONE,
      ErrorCode.INVALID_TOPIC_EXCEPTION,
    ]);
  });
});

test("Nothing is created where auto.create.topics.enable is false", async () => {
  await start("auto.create.topics.enable=false");
  const { topics } = await broker.ask(both, NEWEST, { topics: named("new") });
  expect(topics[0]?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
});

test("A topic that the defaults don't allow is answered with the reason's code, and logged", async () => {
  await start("default.replication.factor=3");
  const { topics } = await broker.ask(both, NEWEST, { topics: named("new") });
  expect(topics[0]).toMatchObject({ errorCode: ErrorCode.INVALID_REPLICATION_FACTOR, name: "new" });
  expect(broker.logged.join("\n")).toContain(
    "could not be created: Unable to replicate the partition 3 time(s)",
  );
});

test("A topic that can't be written down is answered with KAFKA_STORAGE_ERROR, others as they are", async () => {
  await start();
  await broker.ask(both, NEWEST, { topics: named("old") });
  broker.disk.failure = (operation) => (operation === "write" ? "EIO" : undefined);
  const { topics, brokers } = await broker.ask(both, NEWEST, { topics: named("new", "old") });
  expect(topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
    ["new", ErrorCode.KAFKA_STORAGE_ERROR],
    ["old", ErrorCode.NONE],
  ]);
  expect(brokers).toHaveLength(1);
  expect(broker.metadata.image.topicByName("new")).toBeUndefined();
});

test.each([
  [
    "__consumer_offsets",
    ["offsets.topic.num.partitions=2", "offsets.topic.segment.bytes=2000000"],
    { "cleanup.policy": "compact", "compression.type": "producer", "segment.bytes": "2000000" },
  ],
  [
    "__transaction_state",
    ["transaction.state.log.num.partitions=2"],
    {
      "cleanup.policy": "compact",
      "compression.type": "uncompressed",
      "min.insync.replicas": "1",
      "segment.bytes": "104857600",
      "unclean.leader.election.enable": "false",
    },
  ],
  [
    "__share_group_state",
    ["share.coordinator.state.topic.num.partitions=2"],
    {
      "cleanup.policy": "delete",
      "compression.type": "producer",
      "min.insync.replicas": "1",
      "retention.ms": "-1",
      "segment.bytes": "104857600",
    },
  ],
])(
  "%s is created as its coordinator needs it, with the one replica that can be",
  async (name, overrides, configs) => {
    await start(...overrides);
    const { topics } = await broker.ask(both, NEWEST, { topics: named(name) });
    expect(topics[0]).toMatchObject({ errorCode: ErrorCode.NONE, isInternal: true });
    expect(topics[0]?.partitions.map(({ replicaNodes }) => replicaNodes)).toEqual([[1], [1]]);
    expect(Object.fromEntries(broker.metadata.image.configs(2, name))).toEqual(configs);
  },
);

describe("The brokers", () => {
  const connectionTo = (localAddress: string, localPort: number, listenerName = "PLAINTEXT") =>
    Object.assign(new TestConnection(), { localAddress, localPort, listenerName });

  test.each([
    ["127.0.0.1", 9092],
    ["::1", 19092],
    ["192.0.2.7", 4242],
  ])("are told at the client's own way in where nothing is advertised: %s port %i", async (host, port) => {
    await start();
    const { brokers } = await broker.ask(both, NEWEST, {}, { connection: connectionTo(host, port) });
    expect(brokers).toEqual([{ nodeId: 1, host, port, rack: null }]);
  });

  test("are told at the advertised address of the listener the client came by", async () => {
    await start(
      "listeners=INSIDE://:9092,OUTSIDE://:9093",
      "listener.security.protocol.map=INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT",
      "advertised.listeners=INSIDE://kafka.internal:9092,OUTSIDE://kafka.example.org:443",
      "inter.broker.listener.name=INSIDE",
      "broker.rack=r1",
    );
    const told = async (listenerName: string) => {
      const connection = connectionTo("10.0.0.1", 9092, listenerName);
      return (await broker.ask(both, NEWEST, {}, { connection })).brokers[0];
    };
    expect(await told("INSIDE")).toEqual({ nodeId: 1, host: "kafka.internal", port: 9092, rack: "r1" });
    expect(await told("OUTSIDE")).toEqual({ nodeId: 1, host: "kafka.example.org", port: 443, rack: "r1" });
  });
});

describe("A partition that other brokers have", () => {
  const fake = new TestBroker([metadata]);
  fake.createTopic("led-elsewhere", { partition: { replicas: [2, 1], isr: [2], leader: 2, leaderEpoch: 7 } });
  fake.createTopic("led-here", { partition: { replicas: [1, 2], isr: [1, 2] } });
  beforeEach(() => start());

  test("and lead is told without its leader, and with who is away", async () => {
    const answer = await fake.ask(both, NEWEST, { topics: named("led-elsewhere") });
    expect(answer?.topics[0]?.partitions).toEqual([
      {
        errorCode: ErrorCode.LEADER_NOT_AVAILABLE,
        partitionIndex: 0,
        leaderId: -1,
        leaderEpoch: 7,
        replicaNodes: [2, 1],
        isrNodes: [2],
        offlineReplicas: [2],
      },
    ]);
  });

  test("and this one leads is told with all replicas", async () => {
    const answer = await fake.ask(both, NEWEST, { topics: named("led-here") });
    expect(answer?.topics[0]?.partitions).toMatchObject([
      {
        errorCode: ErrorCode.NONE,
        leaderId: 1,
        replicaNodes: [1, 2],
        isrNodes: [1, 2],
        offlineReplicas: [2],
      },
    ]);
  });

  test("is told in version 0 with living brokers only", async () => {
    const partitionOf = async (name: string) =>
      (await fake.ask(both, 0, { topics: named(name) }))?.topics[0]?.partitions[0];
    expect(await partitionOf("led-here")).toMatchObject({
      errorCode: ErrorCode.REPLICA_NOT_AVAILABLE,
      leaderId: 1,
      replicaNodes: [1],
      isrNodes: [1],
    });
    expect(await partitionOf("led-elsewhere")).toMatchObject({
      errorCode: ErrorCode.LEADER_NOT_AVAILABLE,
      leaderId: -1,
      replicaNodes: [1],
      isrNodes: [],
    });
  });
});

test("Every version is served, and answers the topic that it is asked for", async () => {
  await start();
  expect(metadata.served).toEqual({ min: 0, max: NEWEST });
  for (let version = 0; version <= NEWEST; version++) {
    const { topics } = await broker.ask(both, version, { topics: named("t") });
    expect(topics.map(({ name }) => name)).toEqual(["t"]);
  }
});
