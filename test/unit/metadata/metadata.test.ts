/** Opening metadata: what kafka-storage.sh formatted, what a stopped Kafka left, what a crash left. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import type { NewMetadataRecord } from "../../../src/metadata/records.ts";
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
  FOLDER,
  feature,
  inWords,
  LOG,
  newTopic,
  open,
  partition,
  TOPIC_ID,
  topic,
} from "./support.ts";

function linesBehind(disk: SimulatedDisk, before: Buffer): string[] {
  const now = disk.readFile(LOG);
  expect(now.subarray(0, before.length)).toEqual(before);
  return now.length === before.length ? [] : inWords(now.subarray(before.length));
}

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
  first.controller.createTopics([newTopic("a", { numPartitions: 2 })], { validateOnly: false });
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
