/** Reading metadata logs: Kafka's own, hand-made ones, several segments, snapshots and transactions. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ClusterImage } from "../../../src/metadata/image/cluster-image.ts";
import { readLog } from "../../../src/metadata/log/read-log.ts";
import { MetadataError } from "../../../src/metadata/metadata-error.ts";
import type { NewMetadataRecord } from "../../../src/metadata/records.ts";
import type { Uuid } from "../../../src/protocol/uuid.ts";
import { buildBatch } from "../../../src/records/builder.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { bytesOf, handMadeBatch } from "../../support/hand-made-bytes.ts";
import { unpack } from "../log/support.ts";
import {
  batch,
  contents,
  DIRECTORY_ID,
  diskOf,
  diskWithLog,
  everythingIn,
  FOLDER,
  feature,
  LOG,
  partition,
  TOPIC_ID,
  topic,
} from "./support.ts";

const OTHER_ID = "Gdl28PCMSwuzauAlwbER5Q" as Uuid;
const begin: NewMetadataRecord = { name: "BeginTransactionRecord", version: 0, message: { name: "t" } };
const end: NewMetadataRecord = { name: "EndTransactionRecord", version: 0, message: {} };
const abort: NewMetadataRecord = { name: "AbortTransactionRecord", version: 0, message: { reason: "r" } };

async function read(disk: SimulatedDisk) {
  const image = new ClusterImage("c");
  const readFile = async (path: string) => disk.readFile(path);
  const before = contents(disk);
  try {
    const log = await readLog({ disk, folder: FOLDER, readFile, image });
    return { image, ...log };
  } finally {
    expect(contents(disk)).toEqual(before);
  }
}

function diskWithSegments(segments: Record<number, Uint8Array>): SimulatedDisk {
  const disk = new SimulatedDisk();
  disk.makeDirectory(FOLDER);
  for (const [baseOffset, bytes] of Object.entries(segments)) {
    disk.writeFile(`${FOLDER}/${baseOffset.padStart(20, "0")}.log`, bytes);
  }
  return disk;
}

test("everything that Kafka 4.3.1 says is in its directory is found", async () => {
  const folder = join(import.meta.dir, "../../fixtures/logdirs");
  const expected: { topics: Record<string, { id: string; partitions: number; configs: object }> } =
    JSON.parse(readFileSync(join(folder, "kafka-4.3.1.expected.json"), "utf8"));
  const disk = new SimulatedDisk();
  disk.makeDirectory(FOLDER);
  for (const [path, content] of unpack(join(folder, "kafka-4.3.1.tar.gz"))) {
    const name = /__cluster_metadata-0\/([^/]+)$/.exec(path)?.[1];
    if (name !== undefined) disk.writeFile(`${FOLDER}/${name}`, content);
  }

  const { image, state } = await read(disk);

  for (const [name, { id, partitions, configs }] of Object.entries(expected.topics)) {
    expect(image.topicByName(name)?.id).toBe(id as Uuid);
    expect(image.topicByName(name)?.partitions).toHaveLength(partitions);
    expect(Object.fromEntries(image.configs(2, name))).toEqual({ ...configs });
  }
  expect(image.topicNames().filter((name) => !name.startsWith("__"))).toEqual(
    Object.keys(expected.topics).sort(),
  );
  expect(Object.fromEntries(image.features)).toEqual({
    "metadata.version": 30,
    "eligible.leader.replicas.version": 1,
    "group.version": 1,
    "share.version": 1,
    "streams.version": 1,
    "transaction.version": 2,
    "kraft.version": 1,
  });
  expect(image.nextProducerId).toBe(1000n);
  expect(image.brokers.get(1)?.fenced).toBe(true);
  expect([image.lastOffset, image.lastEpoch]).toEqual([514, 2]);
  expect(state.epochs).toEqual([
    { epoch: 1, startOffset: 0 },
    { epoch: 2, startOffset: 19 },
  ]);
});

test("quotas, credentials, access rules and features are found in Kafka's log", async () => {
  const { image } = await read(diskOf("users"));

  expect([...image.clientQuotas.all()].map(({ entity, quotas }) => [entity, [...quotas]])).toEqual([
    [
      [
        { entityType: "client-id", entityName: "c1" },
        { entityType: "user", entityName: null },
      ],
      [["request_percentage", 12.5]],
    ],
  ]);
  expect([...image.security.scramCredentials.keys()]).toEqual(["alice"]);
  expect(image.security.scramCredentials.get("alice")?.get(1)?.salt.toString()).toBe("salt-of-alice");
  expect([...image.security.acls.values()].map(({ resourceName }) => resourceName)).toEqual(["orders"]);
  expect(image.features.has("streams.version")).toBe(false);
  expect([...image.configs(2, "orders.2024")]).toEqual([["retention.ms", "60000"]]);
});

test("with Kafka's snapshot the image is the same as without", async () => {
  const disk = diskOf("users");
  const { image: withSnapshot } = await read(disk);
  disk.remove(`${FOLDER}/00000000000000000024-0000000001.checkpoint`);

  const { image: without } = await read(disk);

  // Kafka writes the features that a broker supports in another order.
  const isBroker = (frame: string) => frame.startsWith("0100");
  expect(everythingIn(withSnapshot).filter((frame) => !isBroker(frame))).toEqual(
    everythingIn(without).filter((frame) => !isBroker(frame)),
  );
  expect(withSnapshot.brokers.get(1)?.brokerEpoch).toBe(without.brokers.get(1)?.brokerEpoch);
  expect(withSnapshot.lastOffset).toBe(without.lastOffset);
});

test("a snapshot that is still being written is passed over", async () => {
  const disk = diskOf("users");
  disk.writeFile(`${FOLDER}/00000000000000000030-0000000001.checkpoint.part`, "half");

  expect((await read(disk)).image.topicNames()).toEqual(["orders.2024"]);
});

test("a log that begins at offset 1 without a leader's record is read", async () => {
  const uuid = Buffer.from(TOPIC_ID, "base64url");
  const directory = Buffer.from(DIRECTORY_ID, "base64url");
  const leader = bytesOf("02", "00000001");
  const values = [
    bytesOf("010200", "0564656d6f", uuid, "00"),
    bytesOf(
      "010301",
      "00000000",
      uuid,
      leader,
      leader,
      "0101",
      "00000001",
      "00000000",
      "00000000",
      "02",
      directory,
      "00",
    ),
  ];
  const version = bytesOf("010c00", "11", Buffer.from("metadata.version"), "0014", "00");
  const producer = { id: 0, epoch: 0, sequence: 0 };
  const bytes = bytesOf(
    handMadeBatch({ values: [version], baseOffset: 1, leaderEpoch: 0, producer, headerCount: -1 }),
    handMadeBatch({ values, baseOffset: 2, leaderEpoch: 0, producer, headerCount: -1 }),
  );

  const { image, state } = await read(diskWithLog(bytes));

  expect(image.topicByName("demo")?.partitions).toMatchObject([
    { index: 0, leader: 1, replicas: [1], isr: [1], directories: [DIRECTORY_ID] },
  ]);
  expect([...image.features]).toEqual([["metadata.version", 20]]);
  expect(state.endOffset).toBe(4);
});

test("no folder is a log without records", async () => {
  const { image, state } = await read(new SimulatedDisk());

  expect([image.lastOffset, state.endOffset]).toEqual([-1, 0]);
});

test("leader epochs that go up and down say nothing about the records", async () => {
  const bytes = bytesOf(batch(0, [feature("metadata.version", 17)], 5), batch(1, [topic("a", TOPIC_ID)], 2));

  const { image, state } = await read(diskWithLog(bytes));

  expect(image.topicNames()).toEqual(["a"]);
  expect(state.epochs).toEqual([{ epoch: 5, startOffset: 0 }]);
});

test("several segments are read one behind the other", async () => {
  const disk = diskWithSegments({
    0: batch(0, [feature("metadata.version", 17), topic("a", TOPIC_ID)]),
    2: batch(2, [partition(TOPIC_ID, 0)]),
    3: Buffer.alloc(0),
  });

  const { image, state } = await read(disk);

  expect(image.topicByName("a")?.partitions).toHaveLength(1);
  expect(state.segment?.path).toBe(`${FOLDER}/00000000000000000003.log`);
  expect(state.endOffset).toBe(3);
});

test("a segment that is missing is noticed", async () => {
  const disk = diskWithSegments({
    0: batch(0, [feature("metadata.version", 17)]),
    2: batch(2, [topic("a", TOPIC_ID)]),
  });

  await expect(read(disk)).rejects.toThrow("begins at offset 2, and the one before it ends at 1");
});

test("a log whose beginning is gone, and no snapshot has it, is refused", async () => {
  const disk = diskWithSegments({ 7: batch(7, [feature("metadata.version", 17)]) });

  await expect(read(disk)).rejects.toThrow(
    "the log begins at offset 7, and what was before it is in no snapshot",
  );
});

test("segments that a snapshot holds are not read", async () => {
  const disk = diskOf("users");
  const log = disk.readFile(LOG);
  disk.writeFile(LOG, "damaged");
  // Offset 24 begins at a batch of its own, where Kafka took its snapshot.
  const at = log.indexOf(Buffer.from("0000000000000018", "hex"));
  disk.writeFile(`${FOLDER}/00000000000000000024.log`, log.subarray(at));

  const { image } = await read(disk);

  expect(image.topicNames()).toEqual(["orders.2024"]);
});

test("a snapshot without its footer is refused", async () => {
  const disk = diskOf("users");
  const path = `${FOLDER}/00000000000000000024-0000000001.checkpoint`;
  disk.writeFile(path, disk.readFile(path).subarray(0, -75));

  await expect(read(disk)).rejects.toThrow(`${path} at byte 1265: the snapshot ends before its footer`);
});

test("a transaction takes effect at its end, over batches", async () => {
  const open = bytesOf(batch(0, [feature("metadata.version", 17), begin]), batch(2, [topic("a", TOPIC_ID)]));

  const unfinished = await read(diskWithLog(open));
  const finished = await read(diskWithLog(bytesOf(open, batch(3, [partition(TOPIC_ID, 0), end]))));

  expect(unfinished.image.topicNames()).toEqual([]);
  expect(unfinished.applier.inTransaction).toBe(true);
  expect(finished.image.topicByName("a")?.partitions).toHaveLength(1);
  expect(finished.applier.inTransaction).toBe(false);
});

test("what was aborted never happened", async () => {
  const bytes = batch(0, [
    feature("metadata.version", 17),
    begin,
    topic("a", TOPIC_ID),
    abort,
    begin,
    topic("a", OTHER_ID),
    end,
  ]);

  const { image } = await read(diskWithLog(bytes));

  expect(image.topicByName("a")?.id).toBe(OTHER_ID);
});

test.each<[string, NewMetadataRecord[], string]>([
  ["a transaction within another", [begin, begin], "a transaction begins within another"],
  ["an end without a beginning", [end], "a transaction ends that never began"],
  ["a partition of no topic", [partition(TOPIC_ID, 0)], "gets partition 0, and there is none"],
  [
    "a topic created twice",
    [topic("a", TOPIC_ID), topic("a", OTHER_ID)],
    "topic a is created though it is there",
  ],
  ["an id given twice", [topic("a", TOPIC_ID), topic("b", TOPIC_ID)], "is given to a second topic, b"],
  ["a partition left out", [topic("a", TOPIC_ID), partition(TOPIC_ID, 1)], "no partition 0"],
  ["a metadata.version of the future", [feature("metadata.version", 99)], "metadata.version is 99"],
  ["a metadata.version of before KRaft", [feature("metadata.version", 6)], "metadata.version is 6"],
])("%s is refused", async (_, records, message) => {
  await expect(read(diskWithLog(batch(0, records)))).rejects.toThrow(message);
});

test.each([
  ["016300", "offsets 0 to 0: records of type 99 are not known. A newer Apache Kafka has written this log"],
  ["010209", "offsets 0 to 0: TopicRecord has version 9"],
  ["010200", "offsets 0 to 0: TopicRecord v0 at byte 3"],
])("a record %s is refused with file, position and offset", async (hex, message) => {
  const value = bytesOf(hex);
  const records = [{ timestamp: 0, key: null, value }];
  const bytes = buildBatch({ baseOffset: 0, partitionLeaderEpoch: 1, records });

  const refused = read(diskWithLog(bytes));

  await expect(refused).rejects.toThrow(`${LOG} at byte 0: ${message}`);
  await expect(refused).rejects.toBeInstanceOf(MetadataError);
});
