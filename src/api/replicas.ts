/**
 * From the names and ids that requests use to the partition logs of this broker, with Kafka's errors where there
 * is none to be had.
 */
import type { DirectoryDescription, LogManager } from "../log/log-manager.ts";
import type { PartitionLog } from "../log/partition-log.ts";
import type { PartitionImage, TopicImage } from "../metadata/image/cluster-image.ts";
import type { Metadata } from "../metadata/metadata.ts";
import { KafkaError } from "../protocol/errors.ts";
import type { Uuid } from "../protocol/uuid.ts";

/** A partition that this broker leads. */
export interface Replica {
  readonly topic: TopicImage;
  readonly partition: PartitionImage;
  readonly log: PartitionLog;
}

/** What a request says when it knows of no leader epoch. */
const NO_EPOCH = -1;

export class Replicas {
  constructor(
    private readonly metadata: Metadata,
    private readonly logs: LogManager,
    private readonly nodeId: number,
  ) {}

  /** The topic of that name. Throws UNKNOWN_TOPIC_OR_PARTITION. */
  topicByName(name: string): TopicImage {
    const topic = this.metadata.image.topicByName(name);
    if (topic === undefined) throw unknownPartition();
    return topic;
  }

  /** The topic with that id. Throws UNKNOWN_TOPIC_ID. */
  topicById(id: Uuid): TopicImage {
    const topic = this.metadata.image.topicById(id);
    if (topic === undefined)
      throw new KafkaError("UNKNOWN_TOPIC_ID", "This server does not host this topic ID.");
    return topic;
  }

  /**
   * The leader's replica of a partition.
   *
   * @param currentLeaderEpoch the leader epoch that the client knows of, or -1 (KIP-320)
   * @throws KafkaError UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH,
   *   UNKNOWN_LEADER_EPOCH or KAFKA_STORAGE_ERROR
   */
  leader(topic: TopicImage, index: number, currentLeaderEpoch = NO_EPOCH): Replica {
    const partition = topic.partitions[index];
    if (partition === undefined) throw unknownPartition();
    if (!partition.replicas.includes(this.nodeId)) throw notLeader();
    checkLeaderEpoch(partition, currentLeaderEpoch);
    if (partition.leader !== this.nodeId) throw notLeader();
    const log = this.logs.getOrCreate(topic.name, index, topic.id);
    return { topic, partition, log };
  }

  /** Remembers across a crash where the logs begin. */
  async checkpoint(): Promise<void> {
    await this.logs.checkpoint();
  }

  /** What lies in the log directories. */
  logDirectories(): readonly DirectoryDescription[] {
    return this.logs.describe();
  }
}

function notLeader(): KafkaError {
  return new KafkaError(
    "NOT_LEADER_OR_FOLLOWER",
    "For requests intended only for the leader, this error indicates that the broker is not the current leader.",
  );
}

function checkLeaderEpoch(partition: PartitionImage, currentLeaderEpoch: number): void {
  if (currentLeaderEpoch === NO_EPOCH || currentLeaderEpoch === partition.leaderEpoch) return;
  if (currentLeaderEpoch < partition.leaderEpoch) {
    throw new KafkaError(
      "FENCED_LEADER_EPOCH",
      "The leader epoch in the request is older than the epoch on the broker.",
    );
  }
  throw new KafkaError(
    "UNKNOWN_LEADER_EPOCH",
    "The leader epoch in the request is newer than the epoch on the broker.",
  );
}

function unknownPartition(): KafkaError {
  return new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", "This server does not host this topic-partition.");
}
