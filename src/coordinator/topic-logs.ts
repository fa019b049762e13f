/**
 * The partitions of a coordinator's topic as logs: found through the metadata, their files made at the first write.
 */
import type { LogManager } from "../log/log-manager.ts";
import type { PartitionLog } from "../log/partition-log.ts";
import type { ClusterImage, PartitionImage, TopicImage } from "../metadata/image/cluster-image.ts";
import type { Appended, BatchView, CoordinatorLog } from "./coordinator-log.ts";
import { notCoordinator } from "./shard.ts";

export type Logs = Pick<LogManager, "getOrCreate" | "partitions">;

export class TopicLogs {
  /** @param image the metadata as it is now */
  constructor(
    readonly topic: string,
    private readonly image: () => ClusterImage,
    private readonly logs: Logs,
    private readonly nodeId: number,
  ) {}

  /** How many partitions the topic has; 0 while there is no such topic. */
  partitionCount(): number {
    return this.image().topicByName(this.topic)?.partitions.length ?? 0;
  }

  /** The partitions that lie in a log directory, in order. */
  withLog(): number[] {
    const found: number[] = [];
    for (const { topic, partition } of this.logs.partitions()) {
      if (topic === this.topic) found.push(partition);
    }
    return found.sort((left, right) => left - right);
  }

  /** The log of a partition. Throws NOT_COORDINATOR when this broker doesn't lead it. */
  logOf(index: number): CoordinatorLog {
    this.leading(index);
    return {
      append: (batch, transactionVersion) => this.append(index, batch, transactionVersion),
      batches: (fromOffset) => this.batches(index, fromOffset),
    };
  }

  private append(index: number, batch: Buffer, transactionVersion = 0): Appended {
    const { topic, partition } = this.leading(index);
    const { leaderEpoch } = partition;
    return this.log(topic, index).append(batch, { leaderEpoch, origin: "coordinator", transactionVersion });
  }

  private batches(index: number, fromOffset: number | undefined): Iterable<BatchView> {
    const { topic } = this.leading(index);
    return this.withLog().includes(index) ? this.log(topic, index).readBatches(fromOffset) : [];
  }

  private log(topic: TopicImage, index: number): PartitionLog {
    return this.logs.getOrCreate(this.topic, index, topic.id);
  }

  private leading(index: number): { topic: TopicImage; partition: PartitionImage } {
    const topic = this.image().topicByName(this.topic);
    const partition = topic?.partitions[index];
    if (topic === undefined || partition?.leader !== this.nodeId) throw notCoordinator();
    return { topic, partition };
  }
}
