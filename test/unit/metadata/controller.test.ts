/** What the controller refuses and chooses beyond what one node of Apache Kafka could be asked about. */
import { expect, test } from "bun:test";
import type { NewTopic } from "../../../src/metadata/controller/create-topics.ts";
import type { NewMetadataRecord } from "../../../src/metadata/records.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import {
  batch,
  DIRECTORY_ID,
  diskWithLog,
  feature,
  newTopic,
  open,
  partition,
  TOPIC_ID,
  topic,
} from "./support.ts";

const apply = { validateOnly: false };

function assigned(name: string, ...replicas: number[][]): NewTopic {
  const assignments = replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }));
  return newTopic(name, { numPartitions: -1, replicationFactor: -1, assignments });
}

/** A directory of a cluster that had a second broker. */
function diskOfTwoBrokers(): SimulatedDisk {
  const second: NewMetadataRecord = {
    name: "RegisterBrokerRecord",
    version: 3,
    message: {
      brokerId: 2,
      incarnationId: TOPIC_ID,
      brokerEpoch: 1,
      endPoints: [],
      features: [],
      rack: null,
    },
  };
  return diskWithLog(
    batch(0, [feature("metadata.version", 17), second, topic("a", TOPIC_ID), partition(TOPIC_ID, 0)]),
  );
}

test("replicas on a broker that was there once are taken, and led from here", async () => {
  const { controller, image } = await open(diskOfTwoBrokers());

  const [created] = controller.createTopics([assigned("b", [2, 1])], apply);

  expect(created).toMatchObject({ error: undefined, replicationFactor: 2 });
  expect(image.topicByName("b")?.partitions[0]).toMatchObject({
    replicas: [2, 1],
    isr: [1],
    leader: 1,
    directories: ["AAAAAAAAAAAAAAAAAAAAAQ", DIRECTORY_ID],
  });
});

test("a partition without a living broker is refused", async () => {
  const { controller } = await open(diskOfTwoBrokers());
  const message =
    "All brokers specified in the manual partition assignment for partition 1 are fenced or in controlled shutdown.";

  const [created] = controller.createTopics([assigned("b", [1], [2])], apply);
  const assignments = [{ brokerIds: [2] }];
  const [added] = controller.createPartitions([{ name: "a", count: 2, assignments }], apply);

  expect([created?.error?.errorName, created?.error?.message]).toEqual([
    "INVALID_REPLICA_ASSIGNMENT",
    message,
  ]);
  expect(added?.error?.message).toBe(message);
});

test("partitions of one topic have the same number of replicas", async () => {
  const { controller } = await open(diskOfTwoBrokers());

  const [created] = controller.createTopics([assigned("b", [1], [1, 2])], apply);

  expect(created?.error?.message).toBe(
    "The manual partition assignment includes a partition with 2 replica(s), but this is not consistent with " +
      "previous partitions, which have 1 replica(s).",
  );
});

test("a request that would take more records than Kafka allows is refused as a whole", async () => {
  const { controller, image } = await open(new SimulatedDisk());
  const tooMuch = ["POLICY_VIOLATION", "Unable to perform excessively large batch operation."];

  const created = controller.createTopics(
    [newTopic("a", { numPartitions: 10_000 }), newTopic("a.b")].slice(0, 1),
    apply,
  );
  controller.createTopics([newTopic("b"), newTopic("c")], apply);
  const added = controller.createPartitions(
    ["b", "c"].map((name) => ({ name, count: 6000, assignments: null })),
    apply,
  );
  const operations = Array.from({ length: 10_001 }, (_, index) => ({
    name: `n${index}`,
    operation: 0,
    value: "v",
  }));
  const altered = controller.incrementalAlterConfigs([{ type: 4, name: "1", operations }], apply);

  for (const { error } of [...created, ...added, ...altered]) {
    expect([error?.errorName, error?.message]).toEqual(tooMuch as never);
  }
  expect(image.topicNames()).toEqual(["b", "c"]);
  expect(image.topicByName("b")?.partitions).toHaveLength(1);
});

test("a resource that is named twice is changed by neither, and the others are", async () => {
  const { controller, image } = await open(new SimulatedDisk());
  controller.createTopics([newTopic("a"), newTopic("b")], apply);
  const set = (name: string) => ({
    type: 2,
    name,
    operations: [{ name: "retention.ms", operation: 0, value: "1" }],
  });

  const results = controller.incrementalAlterConfigs([set("a"), set("b"), set("a")], apply);

  expect(results.map(({ name, error }) => [name, error?.message])).toEqual([
    ["a", "Each resource must appear at most once."],
    ["b", undefined],
    ["a", "Each resource must appear at most once."],
  ]);
  expect([image.configs(2, "a").size, image.configs(2, "b").size]).toEqual([0, 1]);
});

test("a list may not grow beyond what a config's value can hold", async () => {
  const { controller, image } = await open(new SimulatedDisk());
  controller.createTopics([newTopic("a")], apply);
  const append = (from: number) => {
    const value = Array.from({ length: 4000 }, (_, index) => `${from + index}:1`).join(",");
    const operations = [{ name: "leader.replication.throttled.replicas", operation: 2, value }];
    return controller.incrementalAlterConfigs([{ type: 2, name: "a", operations }], apply)[0]?.error?.message;
  };

  expect(append(0)).toBeUndefined();
  expect(append(10_000)).toContain("exceeds the maximum value size of 32767 bytes");
  expect(image.configs(2, "a").get("leader.replication.throttled.replicas")?.length).toBeLessThan(32_768);
});

test("topics of a name that no topic may have are not looked for", async () => {
  const { controller } = await open(new SimulatedDisk());

  const [result] = controller.alterConfigs([{ type: 2, name: "a b", configs: [] }], apply);

  expect(result?.error?.errorName).toBe("INVALID_TOPIC_EXCEPTION");
});

test("producer ids end where int64 ends", async () => {
  const nextProducerId = 2n ** 63n - 1000n;
  const ids: NewMetadataRecord = {
    name: "ProducerIdsRecord",
    version: 0,
    message: { brokerId: 1, nextProducerId },
  };
  const { controller } = await open(diskWithLog(batch(0, [feature("metadata.version", 17), ids])));

  expect(() => controller.allocateProducerIds()).toThrow(
    "All producer ids that there are have been handed out.",
  );
});
