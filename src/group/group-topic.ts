/**
 * The topic in which groups and their offsets are kept.
 */
import type { ServerConfig } from "../config/server-config.ts";
import type { CompressionType } from "../records/compression/codec.ts";

export const GROUP_TOPIC = "__consumer_offsets";

const compressionTypes: readonly CompressionType[] = [0, 1, 2, 3, 4];

/** What the coordinator compresses its batches with (`offsets.topic.compression.codec`). */
export function groupTopicCompression(config: ServerConfig): CompressionType {
  return compressionTypes[config.offsetsTopicCompressionCodec] ?? 0;
}
