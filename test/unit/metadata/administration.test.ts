/**
 * What the controller of one node does with what a cluster of several has left: replicas on brokers that are gone.
 */
import { describe, expect, test } from "bun:test";
import type { RequestContext } from "../../../src/api/context.ts";
import { describeQuorum } from "../../../src/api/describe-quorum.ts";
import type { Metadata } from "../../../src/metadata/metadata.ts";
import type { NewMetadataRecord } from "../../../src/metadata/records.ts";
import { KafkaError } from "../../../src/protocol/errors.ts";
import { METADATA_TOPIC_ID, type Uuid, ZERO_UUID } from "../../../src/protocol/uuid.ts";
import { batch, clock, DIRECTORY_ID, diskWithLog, feature, open, TOPIC_ID, topic } from "./support.ts";

const OTHER_DIRECTORY = "JEXY6aqzQY-32P5TStzaFg" as Uuid;
const GONE = 2;

interface Replicas {
  readonly replicas: readonly number[];
  readonly isr?: readonly number[];
  readonly leader?: number;
  readonly addingReplicas?: readonly number[];
  readonly removingReplicas?: readonly number[];
}

function partition(partitionId: number, placed: Replicas): NewMetadataRecord {
  const { replicas, isr = replicas, leader = 1, addingReplicas = [], removingReplicas = [] } = placed;
  return {
    name: "PartitionRecord",
    version: 1,
    message: {
      ...{ partitionId, topicId: TOPIC_ID, leader, leaderEpoch: 3, partitionEpoch: 4 },
      ...{ replicas: [...replicas], isr: [...isr] },
      ...{ addingReplicas: [...addingReplicas], removingReplicas: [...removingReplicas] },
      directories: replicas.map((id) => (id === 1 ? DIRECTORY_ID : OTHER_DIRECTORY)),
    },
  };
}

const goneBroker: NewMetadataRecord = {
  name: "RegisterBrokerRecord",
  version: 3,
  message: {
    ...{ brokerId: GONE, incarnationId: METADATA_TOPIC_ID, brokerEpoch: 7n, endPoints: [], features: [] },
    ...{ rack: null, fenced: true, logDirs: [OTHER_DIRECTORY] },
  },
};

/** Metadata in which the topic `t` has these partitions. */
async function withPartitions(...placed: Replicas[]): Promise<Metadata> {
  const records = [feature("metadata.version", 17), goneBroker, topic("t", TOPIC_ID)];
  return open(diskWithLog(batch(0, [...records, ...placed.map((one, index) => partition(index, one))])));
}

const partitionOf = (metadata: Metadata, index = 0) => metadata.image.topicByName("t")?.partitions[index];

/** The one answer to moving partition 0. */
function reassign(metadata: Metadata, replicas: number[] | null, allowReplicationFactorChange = true) {
  const topics = [{ name: "t", partitions: [{ partitionIndex: 0, replicas }] }];
  return metadata.controller.alterReassignments(topics, allowReplicationFactorChange)[0]?.partitions[0]
    ?.error;
}

describe("A partition with a replica on a broker that is gone", () => {
  test("can be left to the broker that is there", async () => {
    const metadata = await withPartitions({ replicas: [GONE, 1] });
    expect(reassign(metadata, [1])).toBeUndefined();
    expect(partitionOf(metadata)).toMatchObject({
      ...{ replicas: [1], isr: [1], leader: 1, directories: [DIRECTORY_ID], leaderEpoch: 3 },
    });
  });

  test("can have its replicas put into another order", async () => {
    const metadata = await withPartitions({ replicas: [GONE, 1] });
    expect(reassign(metadata, [1, GONE])).toBeUndefined();
    expect(partitionOf(metadata)).toMatchObject({
      ...{ replicas: [1, GONE], isr: [GONE, 1], directories: [DIRECTORY_ID, OTHER_DIRECTORY] },
    });
  });

  test("can't be left to a broker that hasn't all of it, or that is gone", async () => {
    const metadata = await withPartitions({ replicas: [GONE, 1], isr: [GONE], leader: GONE });
    expect(reassign(metadata, [1])?.errorName).toBe("INVALID_REPLICA_ASSIGNMENT");
    expect(reassign(metadata, [GONE])?.errorName).toBe("INVALID_REPLICA_ASSIGNMENT");
    expect(partitionOf(metadata)?.replicas).toEqual([GONE, 1]);
  });

  test("can't be given to one that is gone", async () => {
    const metadata = await withPartitions({ replicas: [1] });
    expect(reassign(metadata, [1, GONE])?.message).toContain(
      "includes broker 2, but no such broker is alive to take a replica",
    );
  });

  test("keeps as many replicas as it has, where that was asked for", async () => {
    const metadata = await withPartitions({ replicas: [GONE, 1] });
    expect(reassign(metadata, [1], false)).toEqual(
      new KafkaError("INVALID_REPLICATION_FACTOR", "The replication factor is changed from 2 to 1"),
    );
  });

  test("comes to an end of moving with the broker that is there", async () => {
    const metadata = await withPartitions({ replicas: [1, GONE], isr: [1], addingReplicas: [GONE] });
    expect(reassign(metadata, null)?.errorName).toBe("INVALID_REPLICA_ASSIGNMENT");
    expect(reassign(metadata, [1])).toBeUndefined();
    expect(partitionOf(metadata)).toMatchObject({ replicas: [1], addingReplicas: [], removingReplicas: [] });
  });
});

describe("An election", () => {
  test("of a preferred leader that is gone can't be held", async () => {
    const metadata = await withPartitions({ replicas: [GONE, 1] }, { replicas: [1, GONE] });
    expect(metadata.controller.electLeaders(0, null)).toEqual([
      {
        topic: "t",
        partitions: [
          {
            partition: 0,
            error: new KafkaError(
              "PREFERRED_LEADER_NOT_AVAILABLE",
              "The preferred leader was not available.",
            ),
          },
        ],
      },
    ]);
  });

  test("of a leader that may lack records makes the broker that is there the leader", async () => {
    const metadata = await withPartitions({ replicas: [GONE, 1], isr: [GONE], leader: -1 });
    expect(metadata.controller.electLeaders(1, null)).toEqual([
      { topic: "t", partitions: [{ partition: 0, error: undefined }] },
    ]);
    expect(partitionOf(metadata)).toMatchObject({ leader: 1, isr: [1], leaderEpoch: 4 });
  });

  test("can't be held where no replica is left", async () => {
    const metadata = await withPartitions({ replicas: [GONE], leader: -1 });
    const [result] = metadata.controller.electLeaders(1, [{ topic: "t", partitions: [0] }]);
    expect(result?.partitions[0]?.error?.errorName).toBe("ELIGIBLE_LEADERS_NOT_AVAILABLE");
  });
});

describe("A broker", () => {
  test("that is gone is taken out, and out of what is in sync", async () => {
    const metadata = await withPartitions({ replicas: [GONE, 1] }, { replicas: [GONE], leader: -1 });
    metadata.controller.unregisterBroker(GONE);
    expect(metadata.image.brokers.has(GONE)).toBe(false);
    expect(partitionOf(metadata, 0)?.isr).toEqual([1]);
    expect(partitionOf(metadata, 1)?.isr).toEqual([GONE]);
  });

  test("that answers can't be taken out", async () => {
    const metadata = await withPartitions({ replicas: [1] });
    expect(() => metadata.controller.unregisterBroker(1)).toThrow("it can't be unregistered");
  });
});

test("The quorum is this node, with the log as far as it goes", async () => {
  const metadata = await withPartitions({ replicas: [1] });
  const context = { broker: { metadata, clock, config: () => ({ nodeId: 1 }) } } as unknown as RequestContext;
  const ask = (topicName: string) =>
    describeQuorum.handle({ topics: [{ topicName, partitions: [{ partitionIndex: 0 }] }] }, context);

  const { endOffset } = metadata.quorum;
  expect(endOffset).toBe(metadata.image.lastOffset + 1);
  const replica = {
    ...{ replicaId: 1, replicaDirectoryId: ZERO_UUID, logEndOffset: endOffset },
    ...{ lastFetchTimestamp: clock.now(), lastCaughtUpTimestamp: clock.now() },
  };
  expect(ask("__cluster_metadata")).toMatchObject({
    errorCode: 0,
    topics: [
      { partitions: [{ leaderId: 1, highWatermark: endOffset, currentVoters: [replica], observers: [] }] },
    ],
    nodes: [{ nodeId: 1, listeners: [] }],
  });
  expect(ask("t")).toMatchObject({ errorCode: 0, topics: [{ partitions: [{ errorCode: 3 }] }] });
});
