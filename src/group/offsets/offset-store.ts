/**
 * Committed offsets by group, topic and partition.
 */
import type { CommittedOffset } from "./committed-offset.ts";

type ByPartition = Map<number, CommittedOffset>;
type ByTopic = Map<string, ByPartition>;
export type OffsetsByTopic = ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>>;

const none: OffsetsByTopic = new Map();

export class OffsetStore {
  private readonly groups = new Map<string, ByTopic>();

  get isEmpty(): boolean {
    return this.groups.size === 0;
  }

  get(groupId: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.groups.get(groupId)?.get(topic)?.get(partition);
  }

  set(groupId: string, topic: string, partition: number, offset: CommittedOffset): void {
    let topics = this.groups.get(groupId);
    if (topics === undefined) {
      topics = new Map();
      this.groups.set(groupId, topics);
    }
    let partitions = topics.get(topic);
    if (partitions === undefined) {
      partitions = new Map();
      topics.set(topic, partitions);
    }
    partitions.set(partition, offset);
  }

  delete(groupId: string, topic: string, partition: number): void {
    const topics = this.groups.get(groupId);
    const partitions = topics?.get(topic);
    if (topics === undefined || partitions === undefined) return;
    partitions.delete(partition);
    if (partitions.size === 0) topics.delete(topic);
    if (topics.size === 0) this.groups.delete(groupId);
  }

  /** A group's offsets by topic and partition; empty where it has none. */
  ofGroup(groupId: string): OffsetsByTopic {
    return this.groups.get(groupId) ?? none;
  }

  /** The groups that have an offset. */
  groupIds(): Iterable<string> {
    return this.groups.keys();
  }
}
