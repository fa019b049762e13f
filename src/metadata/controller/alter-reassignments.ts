/**
 * AlterPartitionReassignments: other replicas for partitions (KIP-455). With one broker there is nobody to copy
 * anything to, so that replicas can only be put into another order or taken away, which is done at once.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import { recordVersionsAt } from "../feature-levels.ts";
import type { ClusterImage, PartitionImage } from "../image/cluster-image.ts";
import type { NewMetadataRecord } from "../records.ts";
import { checkManualAssignment } from "./assignment.ts";
import { asKafkaError } from "./config-records.ts";
import type { ControllerEnvironment, Outcome } from "./outcome.ts";

export interface TopicReassignments {
  readonly name: string;
  readonly partitions: readonly {
    readonly partitionIndex: number;
    /** Null to go back to what it was before. */
    readonly replicas: readonly number[] | null;
  }[];
}

export interface TopicReassignmentResults {
  readonly name: string;
  readonly partitions: readonly {
    readonly partitionIndex: number;
    readonly error: KafkaError | undefined;
  }[];
}

/** Answers for each partition in the order asked. */
export function alterReassignments(
  image: ClusterImage,
  environment: ControllerEnvironment,
  topics: readonly TopicReassignments[],
  allowReplicationFactorChange: boolean,
): Outcome<TopicReassignmentResults[]> {
  const records: NewMetadataRecord[] = [];
  const reply = topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => {
      try {
        const { topicId, partition } = find(image, name, partitionIndex);
        if (replicas === null) throw cancel(name, partition);
        const change = { topicId, partition, replicas, allowReplicationFactorChange };
        records.push(...reassign(image, environment, change));
        return { partitionIndex, error: undefined };
      } catch (error) {
        return { partitionIndex, error: asKafkaError(error) };
      }
    }),
  }));
  return { records, reply };
}

function find(
  image: ClusterImage,
  name: string,
  index: number,
): { topicId: Uuid; partition: PartitionImage } {
  const topic = image.topicByName(name);
  if (topic === undefined) {
    throw new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", `Unable to find a topic named ${name}.`);
  }
  const partition = topic.partitions[index];
  if (partition === undefined) {
    throw new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", `Unable to find partition ${name}:${index}.`);
  }
  return { topicId: topic.id, partition };
}

/** Replicas that were being added have gone with the brokers they lay on: there is no way back to wait for. */
function cancel(name: string, { index, addingReplicas, removingReplicas }: PartitionImage): KafkaError {
  if (addingReplicas.length === 0 && removingReplicas.length === 0) {
    // Kafka says no more than the code here.
    return new KafkaError("NO_REASSIGNMENT_IN_PROGRESS", "");
  }
  return new KafkaError(
    "INVALID_REPLICA_ASSIGNMENT",
    `Unable to revert partition assignment for ${name}:${index}, as its other replicas are on brokers that are gone; ` +
      "assign it to the one that is there.",
  );
}

interface Change {
  readonly topicId: Uuid;
  readonly partition: PartitionImage;
  readonly replicas: readonly number[];
  readonly allowReplicationFactorChange: boolean;
}

function reassign(
  image: ClusterImage,
  environment: ControllerEnvironment,
  { topicId, partition, replicas, allowReplicationFactorChange }: Change,
): NewMetadataRecord[] {
  checkManualAssignment(image, environment, { index: partition.index, replicas }, undefined);
  const before = partition.replicas.filter((id) => !partition.removingReplicas.includes(id));
  if (!allowReplicationFactorChange && before.length !== replicas.length) {
    throw new KafkaError(
      "INVALID_REPLICATION_FACTOR",
      `The replication factor is changed from ${before.length} to ${replicas.length}`,
    );
  }
  const added = replicas.find((id) => !partition.replicas.includes(id));
  if (added !== undefined) {
    throw new KafkaError(
      "INVALID_REPLICA_ASSIGNMENT",
      `The manual partition assignment includes broker ${added}, but no such broker is alive to take a replica.`,
    );
  }
  const isMoving = partition.addingReplicas.length > 0 || partition.removingReplicas.length > 0;
  if (!isMoving && replicas.join() === partition.replicas.join()) return [];
  const isr = partition.isr.filter((id) => replicas.includes(id));
  if (!isr.includes(environment.nodeId)) {
    throw new KafkaError(
      "INVALID_REPLICA_ASSIGNMENT",
      `Broker ${environment.nodeId} is not in sync with partition ${partition.index}, and can't be left alone with it.`,
    );
  }
  return [
    {
      name: "PartitionChangeRecord",
      version: recordVersionsAt(image.metadataVersion).partitionChange,
      message: {
        ...{ partitionId: partition.index, topicId, replicas: [...replicas] },
        ...(isr.length === partition.isr.length ? {} : { isr }),
        ...(partition.addingReplicas.length > 0 ? { addingReplicas: [] } : {}),
        ...(partition.removingReplicas.length > 0 ? { removingReplicas: [] } : {}),
        directories: replicas.map((id) => directoryOf(partition, id)),
      },
    },
  ];
}

function directoryOf({ replicas, directories }: PartitionImage, id: number): Uuid {
  const directory = directories[replicas.indexOf(id)];
  if (directory === undefined) throw new RangeError(`replica ${id} has no directory`);
  return directory;
}
