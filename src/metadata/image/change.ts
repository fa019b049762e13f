/**
 * What one change of the metadata has changed, told to those who must follow it.
 */
import type { Uuid } from "../../protocol/uuid.ts";
import type { TopicImage } from "./topic-image.ts";

/** A resource that has configs. */
export interface ConfigResourceKey {
  /** 2 topic, 4 broker, 16 client metrics, 32 group. */
  readonly type: number;
  readonly name: string;
}

/** One partition of a topic. */
export interface PartitionKey {
  readonly topic: TopicImage;
  readonly index: number;
}

export interface MetadataChange {
  readonly createdTopics: readonly TopicImage[];
  /** As they were when they were deleted. */
  readonly deletedTopics: readonly TopicImage[];
  /** Those of created topics among them. */
  readonly newPartitions: readonly PartitionKey[];
  /** Partitions whose leader, epoch, replicas or directories are others now. */
  readonly changedPartitions: readonly PartitionKey[];
  /** Resources whose configs are others now; not those of topics that are gone. */
  readonly changedConfigs: readonly ConfigResourceKey[];
  readonly featuresChanged: boolean;
  /** ACLs, quotas, SCRAM credentials or delegation tokens. */
  readonly securityChanged: boolean;
}

/** Told what replaying records changes. */
export interface ChangeSink {
  topicCreated(topic: TopicImage): void;
  topicDeleted(topic: TopicImage): void;
  partitionAdded(topic: TopicImage, index: number): void;
  partitionChanged(topic: TopicImage, index: number): void;
  configChanged(type: number, name: string): void;
  featureChanged(): void;
  securityChanged(): void;
}

const nothing = (): void => undefined;

/** For a log that is read from its beginning: nobody follows it yet. */
export const ignoreChanges: ChangeSink = {
  topicCreated: nothing,
  topicDeleted: nothing,
  partitionAdded: nothing,
  partitionChanged: nothing,
  configChanged: nothing,
  featureChanged: nothing,
  securityChanged: nothing,
};

/** Gathers a change while its records are replayed. */
export class ChangeCollector implements ChangeSink {
  private readonly created = new Map<Uuid, TopicImage>();
  private readonly deleted = new Map<Uuid, TopicImage>();
  private readonly added = new Map<string, PartitionKey>();
  private readonly changed = new Map<string, PartitionKey>();
  private readonly configs = new Map<string, ConfigResourceKey>();
  private features = false;
  private security = false;

  topicCreated(topic: TopicImage): void {
    this.created.set(topic.id, topic);
  }

  topicDeleted(topic: TopicImage): void {
    // What came and went within one change was never there for anybody.
    if (!this.created.delete(topic.id)) this.deleted.set(topic.id, topic);
    for (const keys of [this.added, this.changed]) {
      for (const [key, partition] of keys) if (partition.topic === topic) keys.delete(key);
    }
    this.configs.delete(`2:${topic.name}`);
  }

  partitionAdded(topic: TopicImage, index: number): void {
    this.added.set(`${topic.id}:${index}`, { topic, index });
  }

  partitionChanged(topic: TopicImage, index: number): void {
    const key = `${topic.id}:${index}`;
    if (!this.added.has(key)) this.changed.set(key, { topic, index });
  }

  configChanged(type: number, name: string): void {
    this.configs.set(`${type}:${name}`, { type, name });
  }

  featureChanged(): void {
    this.features = true;
  }

  securityChanged(): void {
    this.security = true;
  }

  finish(): MetadataChange {
    return {
      createdTopics: [...this.created.values()],
      deletedTopics: [...this.deleted.values()],
      newPartitions: [...this.added.values()],
      changedPartitions: [...this.changed.values()],
      changedConfigs: [...this.configs.values()],
      featuresChanged: this.features,
      securityChanged: this.security,
    };
  }
}
