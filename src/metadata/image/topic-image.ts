/**
 * A topic in the image.
 */
import type { Uuid } from "../../protocol/uuid.ts";
import type { PartitionImage } from "./partition-image.ts";

/** A topic. The same object for as long as the topic is there; its partitions are replaced when they change. */
export interface TopicImage {
  readonly name: string;
  readonly id: Uuid;
  /** By index. */
  readonly partitions: readonly PartitionImage[];
}
