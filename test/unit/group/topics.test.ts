import { expect, test } from "bun:test";
import { MetadataTopics } from "../../../src/group/topics.ts";
import { GroupBroker } from "../../support/group-broker.ts";

async function start() {
  const { metadata, ...rest } = await GroupBroker.start();
  const topics = new MetadataTopics(
    () => metadata.image,
    (nodeId) => (nodeId === 1 ? "rack-a" : null),
  );
  metadata.subscribe((change) => topics.changed(change));
  const create = (name: string, numPartitions: number) =>
    metadata.controller.createTopics(
      [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }],
      { validateOnly: false },
    );
  return { ...rest, metadata, topics, create };
}

test("Topics are found by name and by id, with their partitions and racks", async () => {
  const { topics, create } = await start();
  create("b", 2);
  create("a", 1);
  expect([...topics.names()]).toEqual(["a", "b"]);
  const b = topics.byName("b");
  expect(b).toMatchObject({ name: "b", partitionCount: 2 });
  expect(b?.racks(1)).toEqual(["rack-a"]);
  expect(b?.racks(2)).toEqual([]);
  expect(b && topics.byId(b.id)?.name).toBe("b");
  expect(topics.byName("c")).toBeUndefined();
});

test("The version grows when topics come, go or get partitions, and at nothing else", async () => {
  const { topics, create, metadata } = await start();
  const versions = [topics.version];
  const note = () => versions.push(topics.version);
  create("a", 1);
  note();
  metadata.controller.createPartitions([{ name: "a", count: 3, assignments: null }], { validateOnly: false });
  note();
  metadata.controller.allocateProducerIds();
  note();
  const topicId = topics.byName("a")?.id;
  if (topicId !== undefined) metadata.controller.deleteTopics([{ name: null, topicId }]);
  note();
  expect(versions).toEqual([0, 1, 2, 2, 3]);
});
