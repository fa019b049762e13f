/** Metadata while the broker runs: who follows it, and what a restart reads of it. */
import { expect, test } from "bun:test";
import { CLUSTER_METADATA_TOPIC } from "../../../src/metadata/controller/topic-names.ts";
import type { MetadataChange } from "../../../src/metadata/image/change.ts";
import { type Uuid, uuidFromBytes } from "../../../src/protocol/uuid.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { everythingIn, Lines, newTopic, open } from "./support.ts";

test("those who follow the metadata are told what has changed, and one who fails doesn't stop the others", async () => {
  const logger = new Lines();
  const { controller, subscribe, image } = await open(new SimulatedDisk(), { logger }).then((metadata) => ({
    controller: metadata.controller,
    image: metadata.image,
    subscribe: metadata.subscribe.bind(metadata),
  }));
  const changes: MetadataChange[] = [];
  subscribe(() => {
    throw new Error("not me");
  });
  const unsubscribe = subscribe((change) => void changes.push(change));
  const version = image.version;

  controller.createTopics([newTopic("a", { configs: [{ name: "retention.ms", value: "5" }] })], {
    validateOnly: false,
  });
  controller.createPartitions([{ name: "a", count: 2, assignments: null }], { validateOnly: false });
  controller.alterConfigs([{ type: 2, name: "a", configs: [] }], { validateOnly: false });
  controller.deleteTopics([{ name: "a", topicId: "AAAAAAAAAAAAAAAAAAAAAA" as Uuid }]);
  controller.createTopics([newTopic("b")], { validateOnly: true });
  unsubscribe();
  controller.createTopics([newTopic("c")], { validateOnly: false });

  const told = changes.map((change) => [
    change.createdTopics.map(({ name }) => name),
    change.newPartitions.map((added) => `${added.topic.name}-${added.index}`),
    change.changedConfigs,
    change.deletedTopics.map(({ name, partitions }) => `${name} ${partitions.length}`),
  ]);
  expect(told).toEqual([
    [["a"], ["a-0"], [{ type: 2, name: "a" }], []],
    [[], ["a-1"], [], []],
    [[], [], [{ type: 2, name: "a" }], []],
    [[], [], [], ["a 2"]],
  ]);
  expect(image.version).toBe(version + 5);
  expect(logger.lines.filter((line) => line.includes("not me"))).toHaveLength(5);
});

test("new partitions go into the log directory with the fewest", async () => {
  const [one, two] = [1, 2].map((byte) => uuidFromBytes(new Uint8Array(16).fill(byte)));
  const directoryIds = [one, two].flatMap((id) => (id === undefined ? [] : [id]));
  const disk = new SimulatedDisk();
  const first = await open(disk, { directoryIds: directoryIds.slice(0, 1) });
  first.controller.createTopics([newTopic("a", { numPartitions: 2 })], { validateOnly: false });
  first.close();

  const { controller, image } = await open(disk, { directoryIds });
  controller.createTopics([newTopic("b", { numPartitions: 4 })], { validateOnly: false });

  const directories = image.topicByName("b")?.partitions.map((found) => found.directories[0]);
  expect(directories).toEqual([two, two, one, two].map((id) => id));
});

test("producer ids go on where a restart has found them, a block each time", async () => {
  const disk = new SimulatedDisk();
  const first = await open(disk);
  expect(first.controller.allocateProducerIds()).toEqual({ firstProducerId: 0n, count: 1000 });
  first.close();

  const second = await open(disk);
  expect(second.controller.allocateProducerIds()).toEqual({ firstProducerId: 1000n, count: 1000 });
});

test("topics can't be deleted where that is turned off", async () => {
  const { controller } = await open(new SimulatedDisk(), {}, "delete.topic.enable=false");

  expect(() => controller.deleteTopics([])).toThrow("Topic deletion is disabled.");
});

test("nobody creates the metadata log's topic, and anybody may create the other internal ones", async () => {
  const { controller } = await open(new SimulatedDisk());
  const names = [CLUSTER_METADATA_TOPIC, "__consumer_offsets"];

  const results = controller.createTopics(
    names.map((name) => newTopic(name)),
    { validateOnly: true },
  );

  expect(results.map(({ name, error }) => [name, error?.errorName])).toEqual([
    ["__consumer_offsets", undefined],
    [CLUSTER_METADATA_TOPIC, "INVALID_REQUEST"],
  ]);
});

test("the image that changes live is the one that a restart reads", async () => {
  const disk = new SimulatedDisk();
  const live = await open(disk);
  live.controller.createTopics([newTopic("a", { numPartitions: 3 }), newTopic("b.c")], {
    validateOnly: false,
  });
  live.controller.createPartitions([{ name: "b.c", count: 4, assignments: null }], { validateOnly: false });
  live.controller.allocateProducerIds();
  const operations = [{ name: "retention.ms", operation: 0, value: "77" }];
  live.controller.incrementalAlterConfigs([{ type: 2, name: "a", operations }], { validateOnly: false });

  const read = await open(disk);

  expect(everythingIn(read.image)).toEqual(everythingIn(live.image));
  expect(read.image.lastOffset).toBe(live.image.lastOffset);
});
