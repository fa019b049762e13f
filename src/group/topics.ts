/**
 * The cluster's topics, as groups see them, from the metadata.
 */
import type { MetadataChange } from "../metadata/image/change.ts";
import type { ClusterImage, TopicImage } from "../metadata/image/cluster-image.ts";
import type { Uuid } from "../protocol/uuid.ts";
import type { TopicsView, TopicView } from "./environment.ts";

/** The rack of a broker, if it has one. */
export type RackOf = (nodeId: number) => string | null;

export class MetadataTopics implements TopicsView {
  version = 0;

  constructor(
    private readonly image: () => ClusterImage,
    private readonly rackOf: RackOf,
  ) {}

  /** Takes notice of a change of the metadata. */
  changed({ createdTopics, deletedTopics, newPartitions }: MetadataChange): void {
    if (createdTopics.length + deletedTopics.length + newPartitions.length > 0) this.version++;
  }

  byName(name: string): TopicView | undefined {
    return this.view(this.image().topicByName(name));
  }

  byId(id: Uuid): TopicView | undefined {
    return this.view(this.image().topicById(id));
  }

  names(): Iterable<string> {
    return this.image().topicNames();
  }

  private view(topic: TopicImage | undefined): TopicView | undefined {
    if (topic === undefined) return undefined;
    const { name, id, partitions } = topic;
    return {
      name,
      id,
      partitionCount: partitions.length,
      racks: (index) => {
        const racks = partitions[index]?.replicas.map(this.rackOf) ?? [];
        return racks.filter((rack) => rack !== null);
      },
    };
  }
}
