/** Replaying records: what each kind leads to, and that an image can be made again from what it says. */
import { expect, test } from "bun:test";
import { ChangeCollector, type MetadataChange } from "../../../src/metadata/image/change.ts";
import { ClusterImage } from "../../../src/metadata/image/cluster-image.ts";
import { RecordApplier } from "../../../src/metadata/image/transactions.ts";
import { decodeRecord, encodeRecord, type NewMetadataRecord } from "../../../src/metadata/records.ts";
import type { Uuid } from "../../../src/protocol/uuid.ts";
import { DIRECTORY_ID, everythingIn, feature, partition, TOPIC_ID, topic } from "./support.ts";

const OTHER_ID = "Gdl28PCMSwuzauAlwbER5Q" as Uuid;

function apply(image: ClusterImage, records: readonly NewMetadataRecord[]): MetadataChange {
  const change = new ChangeCollector();
  const read = records.map((record) => decodeRecord(encodeRecord(record)));
  new RecordApplier(image).apply({ records: read, lastOffset: records.length - 1, epoch: 1 }, change);
  return change.finish();
}

function imageOf(...records: NewMetadataRecord[]): ClusterImage {
  const image = new ClusterImage("c");
  apply(image, records);
  return image;
}

const broker = (brokerEpoch: number): NewMetadataRecord => ({
  name: "RegisterBrokerRecord",
  version: 3,
  message: {
    brokerId: 2,
    incarnationId: OTHER_ID,
    brokerEpoch,
    endPoints: [{ name: "PLAINTEXT", host: "h", port: 9092, securityProtocol: 0 }],
    features: [],
    rack: "r",
    logDirs: [DIRECTORY_ID],
  },
});
const brokerChange = (fields: object): NewMetadataRecord => ({
  name: "BrokerRegistrationChangeRecord",
  version: 2,
  message: { brokerId: 2, brokerEpoch: 5, ...fields },
});
const controller: NewMetadataRecord = {
  name: "RegisterControllerRecord",
  version: 0,
  message: { controllerId: 9, incarnationId: OTHER_ID, zkMigrationReady: false, endPoints: [], features: [] },
};
const config = (resourceType: number, resourceName: string, value: string | null): NewMetadataRecord => ({
  name: "ConfigRecord",
  version: 0,
  message: { resourceType, resourceName, name: "k", value },
});
const token: NewMetadataRecord = {
  name: "DelegationTokenRecord",
  version: 0,
  message: {
    owner: "User:a",
    requester: "User:a",
    renewers: [],
    issueTimestamp: 1,
    maxTimestamp: 2,
    expirationTimestamp: 3,
    tokenId: "t",
  },
};
const acl: NewMetadataRecord = {
  name: "AccessControlEntryRecord",
  version: 0,
  message: {
    id: OTHER_ID,
    resourceType: 2,
    resourceName: "orders",
    patternType: 3,
    principal: "User:a",
    host: "*",
    operation: 3,
    permissionType: 3,
  },
};
const quota = (remove: boolean): NewMetadataRecord => ({
  name: "ClientQuotaRecord",
  version: 0,
  message: {
    entity: [{ entityType: "user", entityName: null }],
    key: "producer_byte_rate",
    value: 7,
    remove,
  },
});
const scram: NewMetadataRecord = {
  name: "UserScramCredentialRecord",
  version: 0,
  message: {
    name: "a",
    mechanism: 1,
    salt: Buffer.from("salt"),
    storedKey: Buffer.from("stored"),
    serverKey: Buffer.from("server"),
    iterations: 4096,
  },
};

test("a broker registers, is unfenced, changes its directories and shuts down", () => {
  const image = imageOf(broker(5));
  expect(image.brokers.get(2)).toMatchObject({ fenced: true, inControlledShutdown: false, rack: "r" });

  apply(image, [brokerChange({ fenced: -1, logDirs: [OTHER_ID] })]);
  expect(image.brokers.get(2)).toMatchObject({ fenced: false, logDirs: [OTHER_ID] });
  apply(image, [brokerChange({ inControlledShutdown: 1 }), brokerChange({ fenced: 1 })]);

  expect(image.brokers.get(2)).toMatchObject({
    fenced: true,
    inControlledShutdown: true,
    logDirs: [OTHER_ID],
  });
});

test("brokers and controllers go when they are unregistered", () => {
  const image = imageOf(broker(5), controller);

  apply(image, [
    { name: "UnregisterBrokerRecord", version: 0, message: { brokerId: 2, brokerEpoch: 5 } },
    { name: "UnregisterControllerRecord", version: 0, message: { controllerId: 9 } },
  ]);

  expect(image.brokers.size).toBe(0);
  expect(everythingIn(image)).toEqual([]);
});

test("the fencing records of Kafka before 3.3 are understood", () => {
  const image = imageOf(broker(5), { name: "UnfenceBrokerRecord", version: 0, message: { id: 2, epoch: 5 } });
  expect(image.brokers.get(2)?.fenced).toBe(false);

  apply(image, [{ name: "FenceBrokerRecord", version: 0, message: { id: 2, epoch: 5 } }]);

  expect(image.brokers.get(2)?.fenced).toBe(true);
});

test.each<[string, NewMetadataRecord]>([
  ["of a broker that is not there", brokerChange({ brokerId: 7, fenced: 1 })],
  ["of a broker's earlier life", brokerChange({ brokerEpoch: 4, fenced: 1 })],
  [
    "of a controller that is not there",
    { name: "UnregisterControllerRecord", version: 0, message: { controllerId: 1 } },
  ],
  [
    "of an access rule that is not there",
    { name: "RemoveAccessControlEntryRecord", version: 0, message: { id: TOPIC_ID } },
  ],
  [
    "of credentials that are not there",
    { name: "RemoveUserScramCredentialRecord", version: 0, message: { name: "b", mechanism: 1 } },
  ],
  [
    "of a partition that is not there",
    { name: "PartitionChangeRecord", version: 1, message: { partitionId: 1, topicId: TOPIC_ID } },
  ],
  ["of a topic that is not there", { name: "RemoveTopicRecord", version: 0, message: { topicId: OTHER_ID } }],
  [
    "of producer ids that were handed out",
    { name: "ProducerIdsRecord", version: 0, message: { brokerId: 1, nextProducerId: 1000 } },
  ],
])("a change %s is a contradiction", (_, record) => {
  const ids: NewMetadataRecord = {
    name: "ProducerIdsRecord",
    version: 0,
    message: { brokerId: 1, nextProducerId: 1000 },
  };
  const image = imageOf(broker(5), topic("a", TOPIC_ID), partition(TOPIC_ID, 0), ids);

  expect(() => apply(image, [record])).toThrow();
});

test("configs are set, replaced and taken away, and those of a deleted topic go with it", () => {
  const image = imageOf(topic("a", TOPIC_ID), config(2, "a", "1"), config(4, "", "1"), config(32, "g", "1"));

  const change = apply(image, [config(2, "a", "2"), config(4, "", null)]);

  expect([...image.configs(2, "a")]).toEqual([["k", "2"]]);
  expect([...image.configResources()]).toEqual([
    { type: 2, name: "a" },
    { type: 32, name: "g" },
  ]);
  expect(change.changedConfigs).toEqual([
    { type: 2, name: "a" },
    { type: 4, name: "" },
  ]);
  const deleted = apply(image, [
    config(2, "a", "3"),
    { name: "RemoveTopicRecord", version: 0, message: { topicId: TOPIC_ID } },
  ]);
  expect([...image.configs(2, "a")]).toEqual([]);
  expect(deleted.changedConfigs).toEqual([]);
});

test("a topic that comes and goes within one change is nobody's business", () => {
  const removed: NewMetadataRecord = {
    name: "RemoveTopicRecord",
    version: 0,
    message: { topicId: TOPIC_ID },
  };

  const change = apply(new ClusterImage("c"), [topic("a", TOPIC_ID), partition(TOPIC_ID, 0), removed]);

  expect([change.createdTopics, change.deletedTopics, change.newPartitions]).toEqual([[], [], []]);
});

test("a topic deleted and made again under its name has a new id and no old partitions", () => {
  const image = imageOf(topic("a", TOPIC_ID), partition(TOPIC_ID, 0), partition(TOPIC_ID, 1));
  const removed: NewMetadataRecord = {
    name: "RemoveTopicRecord",
    version: 0,
    message: { topicId: TOPIC_ID },
  };

  const change = apply(image, [removed, topic("a", OTHER_ID), partition(OTHER_ID, 0)]);

  expect(image.topicById(TOPIC_ID)).toBeUndefined();
  expect(image.topicByName("a")).toMatchObject({ id: OTHER_ID, partitions: [{ index: 0 }] });
  expect(change.deletedTopics.map(({ id }) => id)).toEqual([TOPIC_ID]);
  expect(change.createdTopics.map(({ id }) => id)).toEqual([OTHER_ID]);
});

test("a change of a partition touches what it names, and an election counts even when the leader stays", () => {
  const image = imageOf(topic("a", TOPIC_ID), partition(TOPIC_ID, 0));
  const changed = (message: object): NewMetadataRecord => ({
    name: "PartitionChangeRecord",
    version: 2,
    message: { partitionId: 0, topicId: TOPIC_ID, ...message },
  });
  const now = () => image.topicByName("a")?.partitions[0];

  const change = apply(image, [
    changed({ isr: [], leader: -1, eligibleLeaderReplicas: [1], lastKnownElr: [1] }),
  ]);
  expect(now()).toMatchObject({
    isr: [],
    leader: -1,
    leaderEpoch: 1,
    partitionEpoch: 1,
    eligibleLeaderReplicas: [1],
  });
  expect(change.changedPartitions).toMatchObject([{ index: 0 }]);
  apply(image, [{ name: "ClearElrRecord", version: 0, message: { topicName: "a" } }]);
  expect(now()).toMatchObject({ eligibleLeaderReplicas: [], lastKnownElr: [], partitionEpoch: 1 });
  apply(image, [
    changed({ isr: [1], leader: 1 }),
    changed({ leader: 1 }),
    changed({ directories: [OTHER_ID] }),
  ]);

  expect(now()).toMatchObject({
    isr: [1],
    leader: 1,
    leaderEpoch: 3,
    partitionEpoch: 4,
    directories: [OTHER_ID],
  });
});

test("partitions of before log directories were recorded lie in the one that says so", () => {
  const image = imageOf(topic("a", TOPIC_ID), { ...partition(TOPIC_ID, 0), version: 0 });

  expect(image.topicByName("a")?.partitions[0]?.directories.map(String)).toEqual(["AAAAAAAAAAAAAAAAAAAAAA"]);
});

test("names that metrics can't tell apart are found, and free again when the topic is gone", () => {
  const image = imageOf(topic("a.b", TOPIC_ID));
  expect([image.collidingTopic("a_b"), image.collidingTopic("a.b"), image.collidingTopic("ab")]).toEqual([
    "a.b",
    "a.b",
    undefined,
  ]);

  apply(image, [{ name: "RemoveTopicRecord", version: 0, message: { topicId: TOPIC_ID } }]);

  expect(image.collidingTopic("a_b")).toBeUndefined();
});

test("what is kept about users is kept until it is removed", () => {
  const image = imageOf(acl, quota(false), scram, token);
  expect(everythingIn(image)).toHaveLength(4);

  const change = apply(image, [
    { name: "RemoveAccessControlEntryRecord", version: 0, message: { id: OTHER_ID } },
    quota(true),
    { name: "RemoveUserScramCredentialRecord", version: 0, message: { name: "a", mechanism: 1 } },
    { name: "RemoveDelegationTokenRecord", version: 0, message: { tokenId: "t" } },
  ]);

  expect(everythingIn(image)).toEqual([]);
  expect(change.securityChanged).toBe(true);
});

test("an image made again from its own records is the same", () => {
  const unknown = [{ tag: 9, bytes: Uint8Array.from([1, 2]) }];
  const tagged = {
    ...partition(TOPIC_ID, 0),
    message: { ...partition(TOPIC_ID, 0).message, unknownTaggedFields: unknown },
  };
  const image = imageOf(
    feature("metadata.version", 30),
    feature("group.version", 1),
    broker(5),
    controller,
    topic("a", TOPIC_ID),
    tagged as NewMetadataRecord,
    config(2, "a", "1"),
    config(4, "", "é"),
    quota(false),
    { name: "ProducerIdsRecord", version: 0, message: { brokerId: 1, nextProducerId: 5000 } },
    acl,
    scram,
    token,
  );

  const again = imageOf(...image.records());

  expect(everythingIn(again)).toEqual(everythingIn(image));
  expect(everythingIn(again)).toHaveLength(13);
  expect(again.topicByName("a")?.partitions[0]?.unknownTaggedFields).toEqual(unknown);
});
