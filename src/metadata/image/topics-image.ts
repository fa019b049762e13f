/**
 * The topics and their partitions.
 */
import type { UnknownTaggedField } from "../../protocol/schema.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import type { MetadataRecord, RecordMessage } from "../records.ts";
import type { ChangeSink } from "./change.ts";
import { changedPartition, type PartitionImage, partitionOf } from "./partition-image.ts";
import { ReplayError } from "./replay-error.ts";
import type { TopicImage } from "./topic-image.ts";

interface Topic extends TopicImage {
  readonly partitions: PartitionImage[];
  readonly unknownTaggedFields: readonly UnknownTaggedField[] | undefined;
}

/** More partitions than any topic has: an index beyond is nobody's honest record. */
const MAX_PARTITION_INDEX = 10_000_000;

export class TopicsImage {
  private readonly names = new Map<string, Topic>();
  private readonly ids = new Map<Uuid, Topic>();
  /** Names with a dot or an underscore, by what metrics make of them. */
  private readonly metricNames = new Map<string, Set<string>>();
  private sortedNames: readonly string[] | undefined;
  /** The partition that came last, of any topic. */
  private lastPut: PartitionImage | undefined;

  get size(): number {
    return this.names.size;
  }

  byName(name: string): TopicImage | undefined {
    return this.names.get(name);
  }

  byId(id: Uuid): TopicImage | undefined {
    return this.ids.get(id);
  }

  all(): Iterable<TopicImage> {
    return this.names.values();
  }

  /** The names in the order of their UTF-16 units, as Java sorts strings. */
  sorted(): readonly string[] {
    this.sortedNames ??= [...this.names.keys()].sort();
    return this.sortedNames;
  }

  /** A topic that metrics, which turn dots into underscores, can't tell from one of this name. */
  colliding(name: string): string | undefined {
    return this.metricNames.get(metricName(name))?.values().next().value;
  }

  create(record: RecordMessage<"TopicRecord">, change: ChangeSink): void {
    const { name, topicId } = record;
    if (this.names.has(name)) throw new ReplayError(`topic ${name} is created though it is there`);
    if (this.ids.has(topicId))
      throw new ReplayError(`topic id ${topicId} is given to a second topic, ${name}`);
    const topic: Topic = {
      name,
      id: topicId,
      partitions: [],
      unknownTaggedFields: record.unknownTaggedFields,
    };
    this.names.set(name, topic);
    this.ids.set(topicId, topic);
    this.addMetricName(name);
    this.sortedNames = undefined;
    change.topicCreated(topic);
  }

  /** Returns the topic, which is there no more. */
  remove({ topicId }: RecordMessage<"RemoveTopicRecord">, change: ChangeSink): TopicImage {
    const topic = this.topic(topicId, "is removed");
    this.names.delete(topic.name);
    this.ids.delete(topicId);
    this.removeMetricName(topic.name);
    this.sortedNames = undefined;
    change.topicDeleted(topic);
    return topic;
  }

  putPartition(record: RecordMessage<"PartitionRecord">, change: ChangeSink): void {
    const { partitionId, topicId } = record;
    const topic = this.topic(topicId, `gets partition ${partitionId}`);
    if (partitionId < 0 || partitionId > MAX_PARTITION_INDEX) {
      throw new ReplayError(`topic ${topic.name} gets a partition ${partitionId}`);
    }
    if (record.directories.length > 0 && record.directories.length !== record.replicas.length) {
      throw new ReplayError(
        `partition ${topic.name}-${partitionId} has ${record.replicas.length} replicas in ` +
          `${record.directories.length} directories`,
      );
    }
    const isNew = topic.partitions[partitionId] === undefined;
    this.lastPut = partitionOf(record, this.lastPut);
    topic.partitions[partitionId] = this.lastPut;
    if (isNew) change.partitionAdded(topic, partitionId);
    else change.partitionChanged(topic, partitionId);
  }

  changePartition(record: RecordMessage<"PartitionChangeRecord">, change: ChangeSink): void {
    const { partitionId, topicId } = record;
    const topic = this.topic(topicId, `has its partition ${partitionId} changed`);
    const partition = topic.partitions[partitionId];
    if (partition === undefined) {
      throw new ReplayError(`partition ${topic.name}-${partitionId} is changed and was never created`);
    }
    topic.partitions[partitionId] = changedPartition(partition, record);
    change.partitionChanged(topic, partitionId);
  }

  /** Forgets the eligible leader replicas of a topic, or of all where the name is empty. */
  clearEligibleLeaders({ topicName }: RecordMessage<"ClearElrRecord">): void {
    const named = this.names.get(topicName);
    if (topicName !== "" && named === undefined) {
      throw new ReplayError(`topic ${topicName} has its eligible leaders cleared and is not there`);
    }
    for (const { partitions } of named === undefined ? this.names.values() : [named]) {
      partitions.forEach((partition, index) => {
        if (partition.eligibleLeaderReplicas.length === 0 && partition.lastKnownElr.length === 0) return;
        partitions[index] = { ...partition, eligibleLeaderReplicas: [], lastKnownElr: [] };
      });
    }
  }

  /** Throws when a topic lacks a partition below its last: its records are not all there. */
  checkComplete(): void {
    for (const { name, partitions } of this.names.values()) {
      for (let index = 0; index < partitions.length; index++) {
        if (partitions[index] === undefined) {
          throw new ReplayError(
            `topic ${name} has ${partitions.length} partitions, and no partition ${index}`,
          );
        }
      }
    }
  }

  /** Records that make these topics anew. */
  *records(partitionRecordVersion: number): Generator<MetadataRecord> {
    for (const name of this.sorted()) {
      const topic = this.names.get(name);
      if (topic === undefined) continue;
      yield {
        name: "TopicRecord",
        version: 0,
        message: withUnknown({ name, topicId: topic.id }, topic.unknownTaggedFields),
      };
      for (const { index, unknownTaggedFields, ...partition } of topic.partitions) {
        const { eligibleLeaderReplicas: elr, lastKnownElr } = partition;
        const fields = {
          ...partition,
          partitionId: index,
          topicId: topic.id,
          replicas: [...partition.replicas],
          isr: [...partition.isr],
          removingReplicas: [...partition.removingReplicas],
          addingReplicas: [...partition.addingReplicas],
          directories: [...partition.directories],
          eligibleLeaderReplicas: elr.length > 0 ? [...elr] : null,
          lastKnownElr: lastKnownElr.length > 0 ? [...lastKnownElr] : null,
        };
        const message = withUnknown(fields, unknownTaggedFields);
        yield { name: "PartitionRecord", version: partitionRecordVersion, message };
      }
    }
  }

  private addMetricName(name: string): void {
    if (!/[._]/.test(name)) return;
    const key = metricName(name);
    const names = this.metricNames.get(key) ?? new Set();
    this.metricNames.set(key, names.add(name));
  }

  private removeMetricName(name: string): void {
    const key = metricName(name);
    const names = this.metricNames.get(key);
    names?.delete(name);
    if (names?.size === 0) this.metricNames.delete(key);
  }

  private topic(id: Uuid, what: string): Topic {
    const topic = this.ids.get(id);
    if (topic === undefined) throw new ReplayError(`the topic with id ${id} ${what}, and there is none`);
    return topic;
  }
}

function metricName(name: string): string {
  return name.replaceAll(".", "_");
}

function withUnknown<T>(message: T, unknownTaggedFields: readonly UnknownTaggedField[] | undefined) {
  return unknownTaggedFields === undefined ? message : { ...message, unknownTaggedFields };
}
