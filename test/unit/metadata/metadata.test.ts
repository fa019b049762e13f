/** Opening metadata: new directories, what kafka-storage.sh formatted, what a stopped Kafka left. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { CLUSTER_METADATA_TOPIC } from "../../../src/metadata/controller/topic-names.ts";
import type { MetadataChange } from "../../../src/metadata/image/change.ts";
import { readControlRecords } from "../../../src/metadata/log/control-records.ts";
import { recordsIn } from "../../../src/metadata/log/read-batch.ts";
import { scanBatches } from "../../../src/metadata/log/scan-batches.ts";
import type { NewMetadataRecord } from "../../../src/metadata/records.ts";
import { type Uuid, uuidFromBytes } from "../../../src/protocol/uuid.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { bytesOf } from "../../support/hand-made-bytes.ts";
import { unpack } from "../log/support.ts";
import {
  batch,
  contents,
  DIRECTORY,
  DIRECTORY_ID,
  diskOf,
  diskWithLog,
  everythingIn,
  FOLDER,
  feature,
  Lines,
  LOG,
  open,
  partition,
  TOPIC_ID,
  topic,
} from "./support.ts";

const CONTROLLER = [{ name: "CONTROLLER", host: "localhost", port: 9093 }];

/** The log in words: a line for each record, control records first by their type. */
function inWords(bytes: Buffer): string[] {
  return [...scanBatches(LOG, bytes, [Number(bytes.readBigInt64BE(0))])].flatMap((found) =>
    found.control
      ? [...readControlRecords(found)].map(({ type }) => `${found.epoch} ${type}`)
      : recordsIn(LOG, found).map(({ record: { name, version, message } }) => {
          const text = JSON.stringify(message, (_, value) =>
            typeof value === "bigint" ? `${value}` : value,
          );
          return `${found.epoch} ${name} ${version} ${text}`;
        }),
  );
}

function linesBehind(disk: SimulatedDisk, before: Buffer): string[] {
  const now = disk.readFile(LOG);
  expect(now.subarray(0, before.length)).toEqual(before);
  return now.length === before.length ? [] : inWords(now.subarray(before.length));
}

const newTopic = (name: string, numPartitions = 1) => ({
  name,
  numPartitions,
  replicationFactor: 1,
  assignments: [],
  configs: [],
});

test("a new log begins as Kafka's does, at the lowest metadata.version that holds its records", async () => {
  const disk = new SimulatedDisk();
  const metadata = await open(disk);

  expect(inWords(disk.readFile(LOG))).toEqual([
    "1 leaderChange",
    '1 BeginTransactionRecord 0 {"name":"Bootstrap records"}',
    '1 FeatureLevelRecord 0 {"name":"metadata.version","featureLevel":17}',
    '1 FeatureLevelRecord 0 {"name":"group.version","featureLevel":1}',
    '1 FeatureLevelRecord 0 {"name":"transaction.version","featureLevel":2}',
    "1 EndTransactionRecord 0 {}",
  ]);
  expect([...metadata.image.features]).toEqual([
    ["metadata.version", 17],
    ["group.version", 1],
    ["transaction.version", 2],
  ]);
  const text = (name: string) => disk.readFile(`${FOLDER}/${name}`).toString();
  expect(text("partition.metadata")).toBe("version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ");
  expect(text("leader-epoch-checkpoint")).toBe("0\n1\n1 0\n");
  expect(text("quorum-state")).toBe(
    '{"clusterId":"","leaderId":1,"leaderEpoch":1,"votedId":-1,"appliedOffset":0,"currentVoters":[{"voterId":1}],"data_version":0}',
  );
});

test("with the controller's address a new log names its voter, as kafka-storage.sh --standalone does", async () => {
  const disk = new SimulatedDisk();
  const metadata = await open(disk, { controllerEndpoints: CONTROLLER });

  expect(inWords(disk.readFile(LOG)).slice(0, 3)).toEqual([
    "1 leaderChange",
    "1 kraftVersion",
    "1 kraftVoters",
  ]);
  expect(metadata.image.features.get("kraft.version")).toBe(1);
  expect(disk.readFile(`${FOLDER}/quorum-state`).toString()).toBe(
    '{"leaderId":1,"leaderEpoch":1,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}',
  );
  metadata.close();

  const again = await open(disk, { controllerEndpoints: CONTROLLER });
  expect(again.image.features.get("kraft.version")).toBe(1);
});

test("the feature levels of a new directory can be given", async () => {
  const disk = new SimulatedDisk();
  const levels = new Map([
    ["transaction.version", 2],
    ["metadata.version", 24],
    ["group.version", 1],
    ["share.version", 0],
  ]);
  const { image } = await open(disk, { featureLevels: levels });

  expect(Object.fromEntries(image.features)).toEqual({
    "metadata.version": 24,
    "group.version": 1,
    "transaction.version": 2,
  });
  expect(disk.exists(`${DIRECTORY}/bootstrap.checkpoint`)).toBe(true);
});

test("a directory keeps the feature levels it was made with", async () => {
  const disk = new SimulatedDisk();
  const older = new Map([
    ["metadata.version", 17],
    ["transaction.version", 1],
  ]);
  (await open(disk, { featureLevels: older })).close();

  expect([...(await open(disk)).image.features]).toEqual([...older]);
});

test("a log that is opened and not changed stays as it is", async () => {
  const disk = new SimulatedDisk();
  (await open(disk)).close();
  const before = contents(disk);

  (await open(disk)).close();

  expect(contents(disk)).toEqual(before);
});

test.each(["formatted-standalone", "formatted-static/first"])(
  "a directory that Kafka 4.4 formatted (%s) begins with Kafka's feature levels",
  async (name) => {
    const disk = diskOf(name);

    const { image } = await open(disk);

    expect(image.features.get("metadata.version")).toBe(33);
    expect(image.features.get("transaction.version")).toBe(2);
    expect([...image.configs(4, "")]).toEqual([["min.insync.replicas", "1"]]);
    const control =
      name === "formatted-standalone" ? ["leaderChange", "kraftVersion", "kraftVoters"] : ["leaderChange"];
    const words = inWords(disk.readFile(LOG));
    expect(words.slice(0, control.length)).toEqual(control.map((type) => `1 ${type}`));
    expect(words[control.length]).toStartWith("1 BeginTransactionRecord");
    expect(disk.exists(`${DIRECTORY}/bootstrap.checkpoint`)).toBe(false);
  },
);

test.each([true, false])(
  "a directory that Kafka 4.3 formatted, standalone: %p, begins with its bootstrap.checkpoint",
  async (standalone) => {
    const disk = new SimulatedDisk();
    disk.makeDirectory(FOLDER);
    for (const [path, content] of unpack(
      join(import.meta.dir, "../../fixtures/logdirs/kafka-4.3.1.tar.gz"),
    )) {
      if (path.endsWith("/bootstrap.checkpoint"))
        disk.writeFile(`${DIRECTORY}/bootstrap.checkpoint`, content);
      if (standalone && path.endsWith("-0000000000.checkpoint")) {
        disk.writeFile(`${FOLDER}/00000000000000000000-0000000000.checkpoint`, content);
      }
    }

    const { image } = await open(disk);

    expect(image.features.get("metadata.version")).toBe(30);
    expect(image.features.get("kraft.version")).toBe(standalone ? 1 : undefined);
  },
);

test("a log without feature levels gets them, in the epoch that it is in", async () => {
  const disk = diskWithLog(batch(0, [topic("a", TOPIC_ID), partition(TOPIC_ID, 0)], 4));
  const before = disk.readFile(LOG);

  const { image } = await open(disk);

  expect(image.features.get("metadata.version")).toBe(17);
  expect(linesBehind(disk, before)[0]).toStartWith("4 BeginTransactionRecord");
});

test.each([
  [33, '"isr":[1],"leader":1', '"eligibleLeaderReplicas":[],"lastKnownElr":[]'],
  [17, '"isr":null,"leader":1', '"eligibleLeaderReplicas":null,"lastKnownElr":null'],
])("what a stopped Kafka has left at metadata.version %d is led again", async (version, leader, elr) => {
  const disk = diskOf(`controller-${version}`);
  const before = disk.readFile(LOG);
  const files = contents(disk);

  const { image, brokerEpoch } = await open(disk);

  const lines = linesBehind(disk, before);
  expect(lines).toHaveLength(12);
  for (const line of lines) {
    expect(line).toStartWith(`1 PartitionChangeRecord ${version === 33 ? 2 : 1} `);
    expect(line).toContain(leader);
    expect(line).toContain(elr);
  }
  for (const { partitions } of image.topics()) {
    for (const found of partitions) {
      expect(found).toMatchObject({ leader: 1, leaderEpoch: 2, isr: [1], eligibleLeaderReplicas: [] });
    }
  }
  expect(brokerEpoch).toBe(version === 33 ? 13 : 7);
  for (const name of ["quorum-state", "leader-epoch-checkpoint"]) {
    expect(disk.readFile(`${FOLDER}/${name}`).toString("base64")).toBe(files.get(`${FOLDER}/${name}`) ?? "");
  }
});

test("after a crash every partition begins a new leader epoch", async () => {
  const disk = new SimulatedDisk();
  const first = await open(disk);
  first.controller.createTopics([newTopic("a", 2)], { validateOnly: false });
  first.close();

  const clean = await open(disk);
  expect(clean.image.topicByName("a")?.partitions.map(({ leaderEpoch }) => leaderEpoch)).toEqual([0, 0]);
  clean.close();
  const crashed = await open(disk, { uncleanShutdown: true });

  expect(crashed.image.topicByName("a")?.partitions.map(({ leaderEpoch }) => leaderEpoch)).toEqual([1, 1]);
});

test("partitions that others have and this node has not are left alone", async () => {
  const theirs = { replicas: [2], isr: [2], leader: 2 };
  const behind = { replicas: [2, 1], isr: [2], leader: 2 };
  const shared = { replicas: [2, 1], isr: [2, 1], leader: 2 };
  const lost = { replicas: [1], isr: [], leader: -1, leaderRecoveryState: 1 };
  const records = [theirs, behind, shared, lost].map((fields, index): NewMetadataRecord => {
    const made = partition(TOPIC_ID, index);
    const directories = fields.replicas.map(() => DIRECTORY_ID);
    return { ...made, message: { ...made.message, ...fields, directories } } as NewMetadataRecord;
  });
  const disk = diskWithLog(batch(0, [feature("metadata.version", 17), topic("a", TOPIC_ID), ...records]));

  const { image } = await open(disk);

  const now = image.topicByName("a")?.partitions;
  expect(now?.map(({ leader, isr }) => [leader, isr])).toEqual([
    [2, [2]],
    [2, [2]],
    [1, [1]],
    [1, [1]],
  ]);
  expect(now?.at(3)?.leaderRecoveryState).toBe(0);
});

test("a log of several controllers is refused and stays as it is", async () => {
  const disk = diskOf("formatted-standalone");
  const before = contents(disk);

  await expect(open(disk, { nodeId: 7 })).rejects.toThrow("a quorum of the controllers 1.");
  expect(contents(disk)).toEqual(before);
});

test("a transaction that a crash has left open is aborted before anything else is written", async () => {
  const begin: NewMetadataRecord = { name: "BeginTransactionRecord", version: 0, message: { name: "t" } };
  const disk = diskWithLog(
    bytesOf(batch(0, [feature("metadata.version", 17)]), batch(1, [begin, topic("a", TOPIC_ID)])),
  );
  const before = disk.readFile(LOG);

  const { image, controller } = await open(disk);

  expect(image.topicNames()).toEqual([]);
  expect(linesBehind(disk, before)).toEqual(['1 AbortTransactionRecord 0 {"reason":"Controller failover"}']);
  controller.createTopics([newTopic("a")], { validateOnly: false });
  expect((await open(disk)).image.topicNames()).toEqual(["a"]);
});

test("a log that only has epoch 0 is led in epoch 1, and its epochs are written down", async () => {
  const disk = diskWithLog(batch(1, [feature("metadata.version", 20)], 0));
  const before = disk.readFile(LOG);

  (await open(disk)).controller.allocateProducerIds();

  expect(linesBehind(disk, before)[0]).toBe("1 leaderChange");
  expect(disk.readFile(`${FOLDER}/leader-epoch-checkpoint`).toString()).toBe("0\n2\n0 1\n1 2\n");
});

test("a vote for an epoch that the log has not seen is gone on with", async () => {
  const disk = new SimulatedDisk();
  (await open(disk)).close();
  const before = disk.readFile(LOG);
  disk.writeFile(`${FOLDER}/quorum-state`, '{"leaderId":-1,"leaderEpoch":5,"votedId":1,"data_version":0}');

  (await open(disk)).controller.allocateProducerIds();

  const [leader, record] = linesBehind(disk, before);
  expect([leader, record?.slice(0, 19)]).toEqual(["5 leaderChange", "5 ProducerIdsRecord"]);
});

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

  controller.createTopics([{ ...newTopic("a"), configs: [{ name: "retention.ms", value: "5" }] }], {
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
  first.controller.createTopics([newTopic("a", 2)], { validateOnly: false });
  first.close();

  const { controller, image } = await open(disk, { directoryIds });
  controller.createTopics([newTopic("b", 4)], { validateOnly: false });

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
  live.controller.createTopics([newTopic("a", 3), newTopic("b.c", 1)], { validateOnly: false });
  live.controller.createPartitions([{ name: "b.c", count: 4, assignments: null }], { validateOnly: false });
  live.controller.allocateProducerIds();
  const operations = [{ name: "retention.ms", operation: 0, value: "77" }];
  live.controller.incrementalAlterConfigs([{ type: 2, name: "a", operations }], { validateOnly: false });

  const read = await open(disk);

  expect(everythingIn(read.image)).toEqual(everythingIn(live.image));
  expect(read.image.lastOffset).toBe(live.image.lastOffset);
});
