/**
 * `partition.metadata`: which topic a partition's directory belongs to. Without it Apache Kafka puts the directory
 * aside as stray, so it must be on disk before the first record is.
 */
import { type Disk, isMissing } from "../disk/disk.ts";
import { parseUuid, type Uuid } from "../protocol/uuid.ts";

/** The topic id in the file; undefined when the file is missing or doesn't hold one. */
export function readPartitionMetadata(disk: Disk, path: string): Uuid | undefined {
  let text: string;
  try {
    text = disk.readFile(path).toString("utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const id = /^topic_id:\s*(\S+)\s*$/m.exec(text)?.[1];
  return id === undefined ? undefined : parseUuid(id);
}

/** The content of the file. */
export function partitionMetadata(topicId: Uuid): string {
  return `version: 0\ntopic_id: ${topicId}`;
}
