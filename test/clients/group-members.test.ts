import { afterAll, afterEach, beforeAll, describe, expect } from "bun:test";
import { join } from "node:path";
import { CreateTopicsRequest, CreateTopicsResponse } from "../../src/protocol/messages/create-topics.ts";
import { OffsetFetchRequest, OffsetFetchResponse } from "../../src/protocol/messages/offset-fetch.ts";
import { ProduceRequest, ProduceResponse } from "../../src/protocol/messages/produce.ts";
import { buildBatch } from "../../src/records/builder.ts";
import { type BrokerProcess, removeTemporaryFolders, startBroker } from "../support/broker-process.ts";
import { eventually } from "../support/eventually.ts";
import { type GroupMember, startMember } from "../support/group-member.ts";
import { RawClient } from "../support/raw-client.ts";
import { kafkaHome, pythonWithClients, requires } from "../support/requirements.ts";

const PARTITIONS = 6;
const TIMEOUT_MS = 120_000;
const folder = join(import.meta.dir, "members");

let broker: BrokerProcess;
let client: RawClient;
const members: GroupMember[] = [];
beforeAll(async () => {
  const properties = {
    "group.consumer.session.timeout.ms": 5000,
    "group.consumer.heartbeat.interval.ms": 300,
    "group.consumer.min.session.timeout.ms": 1000,
    "group.consumer.min.heartbeat.interval.ms": 100,
  };
  broker = await startBroker({ properties });
  client = await RawClient.connect(broker.port);
});
afterEach(async () => {
  await Promise.all(members.splice(0).map((member) => member.kill()));
});
afterAll(async () => {
  await broker.stop();
  removeTemporaryFolders();
});

async function createTopic(name: string): Promise<void> {
  await client.request(CreateTopicsRequest, CreateTopicsResponse, 5, {
    topics: [{ name, numPartitions: PARTITIONS, replicationFactor: 1, assignments: [], configs: [] }],
    timeoutMs: 5000,
    validateOnly: false,
  });
}

/** Appends one record to each partition, `count` times; returns `partition offset value` of each. */
async function produce(topic: string, round: string, count: number): Promise<string[]> {
  const written: string[] = [];
  for (let index = 0; index < count; index++) {
    const value = `${round}-${index}`;
    const answer = await client.request(ProduceRequest, ProduceResponse, 9, {
      acks: -1,
      timeoutMs: 5000,
      topicData: [
        {
          name: topic,
          partitionData: Array.from({ length: PARTITIONS }, (_, partition) => ({
            index: partition,
            records: buildBatch({
              baseOffset: 0,
              partitionLeaderEpoch: -1,
              records: [{ timestamp: Date.now(), key: null, value: Buffer.from(value) }],
            }),
          })),
        },
      ],
    });
    for (const one of answer.responses[0]?.partitionResponses ?? []) {
      expect(one.errorCode).toBe(0);
      written.push(`${one.index} ${one.baseOffset} ${value}`);
    }
  }
  return written;
}

/** Waits until a group has committed as many records of each partition. */
async function committed(topic: string, group: string, count: number): Promise<void> {
  const partitionIndexes = Array.from({ length: PARTITIONS }, (_, partition) => partition);
  await eventually(async () => {
    const answer = await client.request(OffsetFetchRequest, OffsetFetchResponse, 8, {
      groups: [{ groupId: group, topics: [{ name: topic, partitionIndexes }] }],
      requireStable: false,
    });
    const partitions = answer.groups[0]?.topics[0]?.partitions ?? [];
    expect(partitions.map(({ committedOffset }) => committedOffset)).toEqual(
      partitionIndexes.map(() => BigInt(count)),
    );
  });
}

interface Flavour {
  readonly name: string;
  readonly test: ReturnType<typeof requires>["test"];
  /** The command of a member of `group`; `instance` makes it a static one. */
  command(topic: string, group: string, instance?: string): string[];
}

function java(name: string, configs: readonly string[], dynamicOnly: readonly string[]): Flavour {
  return {
    name: `Java, ${name}`,
    test: requires("javac", "kafka").test,
    command: (topic, group, instance) => [
      ...["java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
      ...["-cp", `${kafkaHome()}/libs-tools/*`, join(folder, "Member.java"), topic],
      `bootstrap.servers=127.0.0.1:${broker.port}`,
      `group.id=${group}`,
      ...(instance === undefined ? [] : [`group.instance.id=${instance}`]),
      ...configs,
      ...dynamicOnly,
    ],
  };
}

const assignors = "org.apache.kafka.clients.consumer";
const classicTimes = ["session.timeout.ms=6000", "heartbeat.interval.ms=300"];
const classic = (assignor: string) =>
  java(`classic, ${assignor}`, [`partition.assignment.strategy=${assignors}.${assignor}`], classicTimes);

const python = (
  script: string,
  name: string,
  configs: (port: number, group: string) => string[],
): Flavour => ({
  name,
  test: requires("python-clients").test,
  command: (topic, group) => [
    pythonWithClients(),
    join(folder, script),
    topic,
    ...configs(broker.port, group),
  ],
});
const confluent = (protocol: string, more: readonly string[]) =>
  python("member_confluent.py", `confluent-kafka, ${protocol}`, (port, group) => [
    `bootstrap.servers=127.0.0.1:${port}`,
    `group.id=${group}`,
    `group.protocol=${protocol}`,
    ...more,
  ]);

const javaConsumer = java("consumer", ["group.protocol=consumer"], []);
const flavours: readonly Flavour[] = [
  classic("RangeAssignor"),
  classic("RoundRobinAssignor"),
  classic("StickyAssignor"),
  classic("CooperativeStickyAssignor"),
  javaConsumer,
  confluent("classic", ["session.timeout.ms=6000", "heartbeat.interval.ms=300"]),
  confluent("consumer", []),
  python("member_kafka_python.py", "kafka-python", (port, group) => [
    `bootstrap_servers=127.0.0.1:${port}`,
    `group_id=${group}`,
  ]),
];

function start(command: readonly string[]): GroupMember {
  const member = startMember(command);
  members.push(member);
  return member;
}

/** Every partition is had by one of the members, and each of them has some. */
async function settled(...among: GroupMember[]): Promise<void> {
  await eventually(() => {
    const had = among.flatMap((member) => member.partitions()).sort();
    expect(had).toEqual(Array.from({ length: PARTITIONS }, (_, partition) => partition));
    for (const member of among) expect(member.partitions(), member.complaint()).not.toEqual([]);
  });
}

const recordsOf = (...among: GroupMember[]) => among.flatMap((member) => member.records());

for (const [index, { name, test, command }] of flavours.entries()) {
  describe(name, () => {
    test(
      "three members share the partitions; when one is killed and one leaves, no record is lost",
      async () => {
        const topic = `moving-${index}`;
        await createTopic(topic);
        const written = await produce(topic, "before", 3);
        const three = [0, 1, 2].map(() => start(command(topic, topic)));
        const [first, second, third] = three as [GroupMember, GroupMember, GroupMember];
        await settled(first, second, third);
        await eventually(() => expect(new Set(recordsOf(...three))).toEqual(new Set(written)));
        written.push(...(await produce(topic, "three", 3)));
        await eventually(() => expect(new Set(recordsOf(...three))).toEqual(new Set(written)));
        // Each commits what it has read before it is killed or leaves, so nothing is read again from here on.
        await committed(topic, topic, 6);
        const before = recordsOf(...three).length;
        await first.kill();
        await settled(second, third);
        written.push(...(await produce(topic, "two", 3)));
        await committed(topic, topic, 9);
        await second.leave();
        await settled(third);
        written.push(...(await produce(topic, "one", 3)));
        await eventually(() => expect(new Set(recordsOf(...three))).toEqual(new Set(written)));
        expect(recordsOf(...three).length - before).toBe(6 * PARTITIONS);
      },
      TIMEOUT_MS,
    );
  });
}

describe("a static member", () => {
  // In the consumer protocol a place is free again when its member has said that it restarts, or timed out (KIP-848).
  for (const [kind, { test, command }, end] of [
    ["classic", classic("RangeAssignor"), "kill"],
    ["consumer", javaConsumer, "leave"],
  ] as const) {
    test(
      `of the ${kind} protocol that restarts gets its partitions back, and the other notices nothing`,
      async () => {
        const topic = `static-${kind}`;
        await createTopic(topic);
        const stays = start(command(topic, topic, "stays"));
        const restarts = start(command(topic, topic, "restarts"));
        await settled(stays, restarts);
        const had = [...restarts.partitions()];
        const changes = stays.assignments();
        await restarts[end]();
        const again = start(command(topic, topic, "restarts"));
        await eventually(() => expect([...again.partitions()]).toEqual(had));
        expect(stays.assignments()).toBe(changes);
      },
      TIMEOUT_MS,
    );
  }
});

describe("a group that changes its protocol while it runs", () => {
  const { test, command } = classic("CooperativeStickyAssignor");

  test(
    "has members of both protocols share the partitions, and loses no record on the way there and back",
    async () => {
      const topic = "changing";
      await createTopic(topic);
      const written = await produce(topic, "classic", 2);
      const old = start(command(topic, topic));
      await settled(old);
      const modern = start(javaConsumer.command(topic, topic));
      await settled(old, modern);
      written.push(...(await produce(topic, "both", 2)));
      await eventually(() => expect(new Set(recordsOf(old, modern))).toEqual(new Set(written)));
      await modern.leave();
      await settled(old);
      written.push(...(await produce(topic, "classic again", 2)));
      await eventually(() => expect(new Set(recordsOf(old, modern))).toEqual(new Set(written)));
    },
    TIMEOUT_MS,
  );
});
