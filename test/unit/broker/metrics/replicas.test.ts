/**
 * Partitions counted as the metadata has them.
 */
import { beforeEach, expect, test } from "bun:test";
import { replicaFamilies } from "../../../../src/broker/metrics/replicas.ts";
import { NODE_ID, TestBroker } from "../../../support/api-broker.ts";

const ANOTHER = 7;
let broker: TestBroker;
beforeEach(() => {
  broker = new TestBroker([]);
});

/** The samples without labels, by their names without what all begin with. */
function counted(minInsyncReplicas = 1): Record<string, number> {
  const families = replicaFamilies({
    ...{ image: broker.parts.metadata.image, nodeId: NODE_ID, offlinePartitions: 0 },
    minInsyncReplicas: () => minInsyncReplicas,
  });
  const plain = families.filter(({ name }) => !name.startsWith("kafka_topic_"));
  return Object.fromEntries(
    plain.map(({ name, samples }) => [name.split("_").slice(3).join("_"), samples[0]?.value ?? Number.NaN]),
  );
}

test("partitions that this node leads alone are all well", () => {
  broker.createTopic("a", { partitions: 3 });
  broker.createTopic("b");

  expect(counted()).toMatchObject({
    ...{ partitioncount: 4, leadercount: 4, globaltopiccount: 2, globalpartitioncount: 4 },
    ...{ underreplicatedpartitions: 0, underminisrpartitioncount: 0, atminisrpartitioncount: 4 },
    ...{ offlinepartitionscount: 0, preferredreplicaimbalancecount: 0, activecontrollercount: 1 },
  });
});

test("of a directory that a larger cluster wrote, what is missing is told", () => {
  const replicas = [ANOTHER, NODE_ID];
  broker.createTopic("under", { partition: { replicas, isr: [NODE_ID], leader: NODE_ID } });
  broker.createTopic("led elsewhere", { partition: { replicas, isr: replicas, leader: ANOTHER } });
  broker.createTopic("elsewhere", { partition: { replicas: [ANOTHER], isr: [ANOTHER], leader: ANOTHER } });

  expect(counted(2)).toMatchObject({
    ...{ partitioncount: 2, leadercount: 1, globalpartitioncount: 3, offlinepartitionscount: 2 },
    ...{ underreplicatedpartitions: 1, underminisrpartitioncount: 1, atminisrpartitioncount: 0 },
    preferredreplicaimbalancecount: 1,
  });
});

test("a topic can't demand more replicas in sync than it has", () => {
  broker.createTopic("a");

  expect(counted(3)).toMatchObject({ underminisrpartitioncount: 0, atminisrpartitioncount: 1 });
});

test("each topic's partitions are told", () => {
  broker.createTopic("a", { partitions: 3 });
  const families = replicaFamilies({
    ...{ image: broker.parts.metadata.image, nodeId: NODE_ID, offlinePartitions: 0 },
    minInsyncReplicas: () => 1,
  });

  expect(families.find(({ name }) => name === "kafka_topic_partitions")?.samples).toEqual([
    { labels: { topic: "a" }, value: 3 },
  ]);
});
