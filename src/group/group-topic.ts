/**
 * The topic in which groups and their offsets are kept.
 */
import type { ServerConfig } from "../config/server-config.ts";
import type { NewTopic } from "../coordinator/internal-topic.ts";
import type { CompressionType } from "../records/compression/codec.ts";

export const GROUP_TOPIC = "__consumer_offsets";

/** The topic as it is made at first need. `offsets.topic.replication.factor` is what a single broker can give: 1. */
export function groupTopic(config: ServerConfig): NewTopic {
  return {
    name: GROUP_TOPIC,
    numPartitions: config.offsetsTopicNumPartitions,
    replicationFactor: 1,
    assignments: [],
    configs: [
      { name: "compression.type", value: "producer" },
      { name: "cleanup.policy", value: "compact" },
      { name: "segment.bytes", value: String(config.offsetsTopicSegmentBytes) },
    ],
  };
}

const compressionTypes: readonly CompressionType[] = [0, 1, 2, 3, 4];

/** What the coordinator compresses its batches with (`offsets.topic.compression.codec`). */
export function groupTopicCompression(config: ServerConfig): CompressionType {
  return compressionTypes[config.offsetsTopicCompressionCodec] ?? 0;
}
