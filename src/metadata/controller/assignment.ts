/**
 * On which brokers, and in which of their log directories, new partitions lie. A client may say which brokers; the
 * directory is the controller's choice (KIP-858).
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import { UNASSIGNED_DIRECTORY } from "../directory-id.ts";
import { recordVersionsAt } from "../feature-levels.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import type { NewMetadataRecord } from "../records.ts";
import type { ControllerEnvironment } from "./outcome.ts";

/** The replicas of one partition. */
export interface Assignment {
  readonly index: number;
  readonly replicas: readonly number[];
}

/**
 * Checks the replicas that a client has chosen for a partition.
 *
 * @param replicationFactor how many the topic's other partitions have; undefined for the first
 * @throws KafkaError INVALID_REPLICA_ASSIGNMENT with Kafka's message
 */
export function checkManualAssignment(
  image: ClusterImage,
  { nodeId }: ControllerEnvironment,
  { index, replicas }: Assignment,
  replicationFactor: number | undefined,
): void {
  if (replicas.length === 0) throw invalid("includes an empty replica list.");
  const sorted = [...replicas].sort((left, right) => left - right);
  for (const [position, id] of sorted.entries()) {
    if (id !== nodeId && !image.brokers.has(id)) {
      throw invalid(`includes broker ${id}, but no such broker is registered.`);
    }
    if (id === sorted[position - 1]) throw invalid(`includes the broker ${id} more than once.`);
  }
  if (replicationFactor !== undefined && replicas.length !== replicationFactor) {
    throw invalid(
      `includes a partition with ${replicas.length} replica(s), but this is not consistent with previous ` +
        `partitions, which have ${replicationFactor} replica(s).`,
    );
  }
  // A broker of another time may stand in the image; alive is only this one.
  if (!replicas.includes(nodeId)) {
    throw new KafkaError(
      "INVALID_REPLICA_ASSIGNMENT",
      `All brokers specified in the manual partition assignment for partition ${index} are fenced or in controlled shutdown.`,
    );
  }
}

function invalid(what: string): KafkaError {
  return new KafkaError("INVALID_REPLICA_ASSIGNMENT", `The manual partition assignment ${what}`);
}

/**
 * The replicas of `count` new partitions from `from` on, on the only broker that there is.
 *
 * @throws KafkaError INVALID_REPLICATION_FACTOR with Kafka's message when there would have to be more
 */
export function placeReplicas(
  { nodeId }: ControllerEnvironment,
  from: number,
  count: number,
  replicationFactor: number,
): Assignment[] {
  if (replicationFactor > 1) {
    throw new KafkaError(
      "INVALID_REPLICATION_FACTOR",
      `Unable to replicate the partition ${replicationFactor} time(s): The target replication factor of ` +
        `${replicationFactor} cannot be reached because only 1 broker(s) are registered or some brokers have ` +
        "all their log directories cordoned.",
    );
  }
  return Array.from({ length: count }, (_, position) => ({ index: from + position, replicas: [nodeId] }));
}

/** Chooses log directories for the partitions of one request: each time the one with the fewest so far. */
export class DirectoryChooser {
  private readonly partitions: Map<Uuid, number>;

  constructor(image: ClusterImage, { directoryIds }: ControllerEnvironment) {
    this.partitions = new Map(directoryIds.map((id) => [id, 0]));
    if (directoryIds.length > 1) this.count(image);
  }

  private count(image: ClusterImage): void {
    for (const { partitions } of image.topics()) {
      for (const { directories } of partitions) {
        for (const id of directories) this.add(id);
      }
    }
  }

  private add(id: Uuid): void {
    const count = this.partitions.get(id);
    if (count !== undefined) this.partitions.set(id, count + 1);
  }

  choose(): Uuid {
    let chosen: Uuid = UNASSIGNED_DIRECTORY;
    let fewest = Number.POSITIVE_INFINITY;
    for (const [id, count] of this.partitions) {
      if (count >= fewest) continue;
      chosen = id;
      fewest = count;
    }
    this.add(chosen);
    return chosen;
  }
}

/** The record of a new partition, led by this node. */
export function partitionRecord(
  image: ClusterImage,
  { nodeId }: ControllerEnvironment,
  topicId: Uuid,
  { index, replicas }: Assignment,
  chooser: DirectoryChooser,
): NewMetadataRecord {
  return {
    name: "PartitionRecord",
    version: recordVersionsAt(image.metadataVersion).partition,
    message: {
      partitionId: index,
      topicId,
      replicas,
      isr: [nodeId],
      removingReplicas: [],
      addingReplicas: [],
      leader: nodeId,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: replicas.map((id) => (id === nodeId ? chooser.choose() : UNASSIGNED_DIRECTORY)),
    },
  };
}
