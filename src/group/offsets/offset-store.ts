/**
 * Committed offsets by group, topic and partition.
 */
import type { CommittedOffset } from "./committed-offset.ts";

type ByPartition = Map<number, CommittedOffset>;
type ByTopic = Map<string, ByPartition>;

export class OffsetStore {
  private readonly groups = new Map<string, ByTopic>();

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

  /** Removes an offset, and says whether there was one. */
  delete(groupId: string, topic: string, partition: number): boolean {
    const topics = this.groups.get(groupId);
    const partitions = topics?.get(topic);
    if (topics === undefined || partitions === undefined) return false;
    const existed = partitions.delete(partition);
    if (partitions.size === 0) topics.delete(topic);
    if (topics.size === 0) this.groups.delete(groupId);
    return existed;
  }

  /** A group's offsets by topic and partition; empty where it has none. */
  ofGroup(groupId: string): ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>> {
    return this.groups.get(groupId) ?? none;
  }

  /** The groups that have an offset. */
  groupIds(): Iterable<string> {
    return this.groups.keys();
  }
}

const none: ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>> = new Map();
