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

/**
 * Whether a topic id that was found in a file is this topic's. One that differs in a single character is, too: ids of two
 * topics are never that close, but a byte on a disk may change.
 */
export function isIdOf(topicId: Uuid, found: Uuid): boolean {
  let differences = 0;
  for (let at = 0; at < topicId.length; at++) if (topicId[at] !== found[at]) differences++;
  return differences <= 1;
}

/** The content of the file. */
export function partitionMetadata(topicId: Uuid): string {
  return `version: 0\ntopic_id: ${topicId}`;
}

/**
 * Makes the file where there is none. A topic's partitions all have the same, and to give one file another name costs a
 * fraction of making a file: nobody writes into it but to put right what it says.
 *
 * @param like such a file of another partition of the topic
 */
export function makePartitionMetadata(
  disk: Disk,
  path: string,
  topicId: Uuid,
  like: string | undefined,
): void {
  if (like !== undefined) {
    try {
      disk.link(like, path);
      return;
    } catch {
      // It is gone, on another file system, or has as many names as a file may have there.
    }
  }
  disk.writeFile(path, partitionMetadata(topicId));
}
