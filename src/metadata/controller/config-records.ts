/**
 * The records of changed configs, and errors of configs as Kafka's errors.
 */

import { ConfigResourceType } from "../../config/alter.ts";
import { ConfigChangeError } from "../../config/change-error.ts";
import { KafkaError } from "../../protocol/errors.ts";
import { ELIGIBLE_LEADER_REPLICAS_VERSION } from "../feature-levels.ts";
import type { ConfigResourceKey } from "../image/change.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import type { NewMetadataRecord } from "../records.ts";

const MIN_INSYNC_REPLICAS = "min.insync.replicas";
/** What fits into a config's value where Kafka reads it (an int16's worth). */
const MAX_VALUE_BYTES = 32767;

/** A record for each change; null takes the config away. */
export function configRecords(
  image: ClusterImage,
  { type, name: resourceName }: ConfigResourceKey,
  changes: ReadonlyMap<string, string | null>,
): NewMetadataRecord[] {
  const records: NewMetadataRecord[] = [];
  for (const [name, value] of changes) {
    const message = { resourceType: type, resourceName, name, value };
    records.push({ name: "ConfigRecord", version: 0, message });
  }
  // Which replicas were eligible was worked out with the former minimum (KIP-966).
  if (isElrEnabled(image) && changes.has(MIN_INSYNC_REPLICAS)) {
    const topicName = type === ConfigResourceType.TOPIC ? resourceName : "";
    records.push({ name: "ClearElrRecord", version: 0, message: { topicName } });
  }
  return records;
}

/** Whether eligible leader replicas are on. */
export function isElrEnabled(image: ClusterImage): boolean {
  return (image.features.get(ELIGIBLE_LEADER_REPLICAS_VERSION) ?? 0) > 0;
}

/**
 * Refuses changes that the features of the cluster forbid.
 *
 * @throws KafkaError INVALID_CONFIG with Kafka's message
 */
export function checkConfigChanges(
  image: ClusterImage,
  { type, name }: ConfigResourceKey,
  changes: ReadonlyMap<string, string | null>,
): void {
  for (const value of changes.values()) {
    if (value === null || Buffer.byteLength(value) <= MAX_VALUE_BYTES) continue;
    throw new KafkaError(
      "INVALID_CONFIG",
      "The configuration value cannot be added because it exceeds the maximum value size of 32767 bytes.",
    );
  }
  const isBroker = type === ConfigResourceType.BROKER;
  if (!isBroker || !isElrEnabled(image) || !changes.has(MIN_INSYNC_REPLICAS)) return;
  if (name !== "") {
    const message = "Broker-level min.insync.replicas cannot be altered while ELR is enabled.";
    throw new KafkaError("INVALID_CONFIG", message);
  }
  if (changes.get(MIN_INSYNC_REPLICAS) === null) {
    const message = "Cluster-level min.insync.replicas cannot be removed while ELR is enabled.";
    throw new KafkaError("INVALID_CONFIG", message);
  }
}

/** The error as one that clients are told; anything that isn't about the request is thrown on. */
export function asKafkaError(error: unknown): KafkaError {
  if (error instanceof KafkaError) return error;
  if (error instanceof ConfigChangeError) return new KafkaError(error.errorName, error.message);
  throw error;
}
