/**
 * ElectLeaders: elections that somebody asks for (KIP-183, KIP-460). This node leads all that it may lead from the
 * start on, so there is seldom one to be held.
 */
import { KafkaError } from "../../protocol/errors.ts";
import { recordVersionsAt } from "../feature-levels.ts";
import type { ClusterImage, PartitionImage, TopicImage } from "../image/cluster-image.ts";
import { NO_LEADER } from "../image/partition-image.ts";
import type { NewMetadataRecord } from "../records.ts";
import type { ControllerEnvironment, Outcome } from "./outcome.ts";

/** The codes of ElectionType. */
export const ElectionType = { preferred: 0, unclean: 1 } as const;

export interface TopicElections {
  readonly topic: string;
  readonly partitions: readonly number[];
}

export interface TopicElectionResults {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly error: KafkaError | undefined }[];
}

/**
 * Holds the elections that are asked for; for null of all partitions, of which those that need none are left out of
 * the answer.
 *
 * @throws KafkaError INVALID_REQUEST for a type of elections that there isn't
 */
export function requestedElections(
  image: ClusterImage,
  { nodeId }: ControllerEnvironment,
  type: number,
  topics: readonly TopicElections[] | null,
): Outcome<TopicElectionResults[]> {
  if (type !== ElectionType.preferred && type !== ElectionType.unclean) {
    throw new KafkaError("INVALID_REQUEST", `Unknown election type ${type}`);
  }
  const records: NewMetadataRecord[] = [];
  const elect = (name: string, partition: number): KafkaError | undefined => {
    const outcome = election(image, nodeId, type, name, partition);
    if (outcome instanceof KafkaError) return outcome;
    records.push(outcome);
    return undefined;
  };
  const asked = topics ?? [...image.topics()].map(everyPartition);
  const reply = asked.map(({ topic, partitions }) => {
    const results = partitions.map((partition) => ({ partition, error: elect(topic, partition) }));
    const told =
      topics === null ? results.filter(({ error }) => error?.errorName !== "ELECTION_NOT_NEEDED") : results;
    return { topic, partitions: told };
  });
  return { records, reply };
}

function everyPartition({ name, partitions }: TopicImage): TopicElections {
  return { topic: name, partitions: partitions.map(({ index }) => index) };
}

function election(
  image: ClusterImage,
  nodeId: number,
  type: number,
  name: string,
  index: number,
): NewMetadataRecord | KafkaError {
  const topic = image.topicByName(name);
  if (topic === undefined) return unknown(`No such topic as ${name}`);
  const partition = topic.partitions[index];
  if (partition === undefined) return unknown(`No such partition as ${name}-${index}`);
  if (type === ElectionType.preferred) {
    return partition.leader === partition.replicas[0]
      ? notNeeded()
      : new KafkaError("PREFERRED_LEADER_NOT_AVAILABLE", "The preferred leader was not available.");
  }
  if (partition.leader !== NO_LEADER) return notNeeded();
  if (!partition.replicas.includes(nodeId)) {
    const message = "Eligible topic partition leaders are not available.";
    return new KafkaError("ELIGIBLE_LEADERS_NOT_AVAILABLE", message);
  }
  return uncleanElection(image, nodeId, topic, partition);
}

/** What the replicas that are gone have beyond this one's log is lost. */
function uncleanElection(
  image: ClusterImage,
  nodeId: number,
  { id: topicId }: TopicImage,
  { index, eligibleLeaderReplicas, lastKnownElr }: PartitionImage,
): NewMetadataRecord {
  return {
    name: "PartitionChangeRecord",
    version: recordVersionsAt(image.metadataVersion).partitionChange,
    message: {
      ...{ partitionId: index, topicId, leader: nodeId, isr: [nodeId] },
      ...(eligibleLeaderReplicas.length > 0 ? { eligibleLeaderReplicas: [] } : {}),
      ...(lastKnownElr.length > 0 ? { lastKnownElr: [] } : {}),
    },
  };
}

function notNeeded(): KafkaError {
  return new KafkaError("ELECTION_NOT_NEEDED", "Leader election not needed for topic partition.");
}

function unknown(message: string): KafkaError {
  return new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", message);
}
