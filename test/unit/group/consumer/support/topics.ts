/**
 * The cluster's topics, as a test makes them.
 */
import type { TopicsView, TopicView } from "../../../../../src/group/environment.ts";
import { randomUuid, type Uuid } from "../../../../../src/protocol/uuid.ts";

export class TestTopics implements TopicsView {
  version = 0;
  private readonly topics = new Map<string, TopicView>();
  private ids = 0;

  byName(name: string): TopicView | undefined {
    return this.topics.get(name);
  }

  byId(id: Uuid): TopicView | undefined {
    for (const topic of this.topics.values()) if (topic.id === id) return topic;
    return undefined;
  }

  names(): Iterable<string> {
    return this.topics.keys();
  }

  /** Makes a topic, or gives it so many partitions; returns its id. */
  set(name: string, partitionCount: number, id?: Uuid, racks: TopicView["racks"] = () => []): Uuid {
    const topicId = id ?? this.topics.get(name)?.id ?? this.newId();
    this.topics.set(name, { name, id: topicId, partitionCount, racks });
    this.version++;
    return topicId;
  }

  delete(name: string): void {
    if (this.topics.delete(name)) this.version++;
  }

  clear(): void {
    this.topics.clear();
  }

  private newId(): Uuid {
    this.ids++;
    return randomUuid((bytes) => bytes.fill(this.ids));
  }
}
