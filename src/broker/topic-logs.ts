/**
 * Follows the metadata: new partitions get their logs, the logs of deleted topics go, and changed configs take effect.
 */
import { isInternalTopic } from "../api/internal-topics.ts";
import type { LogManager } from "../log/log-manager.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { DynamicConfig } from "./dynamic-config.ts";

const BROKER_RESOURCE = 4;

/** Keeps logs and configuration in step with the metadata from now on. */
export function followMetadata(metadata: Metadata, logs: LogManager, dynamicConfig: DynamicConfig): void {
  metadata.subscribe(({ newPartitions, deletedTopics, changedConfigs }) => {
    if (changedConfigs.some(({ type }) => type === BROKER_RESOURCE)) dynamicConfig.follow(metadata.image);
    for (const { name, partitions } of deletedTopics) {
      logs.delete(
        name,
        partitions.map(({ index }) => index),
      );
    }
    for (const { topic, index } of newPartitions) {
      // Fifty partitions of an internal topic, most of them never written: they begin with their first record.
      if (isInternalTopic(topic.name)) continue;
      logs.getOrCreate(topic.name, index, topic.id, { isNew: true });
    }
  });
}
