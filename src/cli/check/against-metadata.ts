/**
 * Compares a log directory's folders with the partitions that the metadata has.
 */
import { isInternalTopic } from "../../api/internal-topics.ts";
import { PARTITION_METADATA, partitionDirectoryName, type TopicPartition } from "../../log/file-names.ts";
import { readPartitionMetadata } from "../../log/partition-metadata.ts";
import { isReservedDirectoryId } from "../../metadata/directory-id.ts";
import type { PartitionImage } from "../../metadata/image/cluster-image.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import type { CheckContext, CheckedDirectory } from "./context.ts";

/** Tells whose folder it is not. */
export function checkOwner(
  { disk, report }: CheckContext,
  directory: CheckedDirectory,
  path: string,
  partition: TopicPartition,
): void {
  const file = `${path}/${PARTITION_METADATA}`;
  const topicId = readPartitionMetadata(disk, file);
  // A broker makes the folder before the file.
  if (topicId === undefined) {
    const state = disk.exists(file) ? "names no topic id" : "is missing";
    report.finding(directory.isInUse, file, `${state}: Apache Kafka would take the folder for a stray`);
  }
  const stray = whyStray(directory, partition, topicId);
  // While a broker works on the directory, the metadata that was read may be older than the folder.
  if (stray !== null) report.finding(directory.isInUse, path, stray);
}

function whyStray(
  directory: CheckedDirectory,
  { topic, partition }: TopicPartition,
  topicId: Uuid | undefined,
): string | null {
  const { image } = directory;
  if (image === null) return null;
  const found = image.topicByName(topic);
  if (found === undefined) return "the metadata has no such topic: a stray, which nobody can read";
  if (topicId !== undefined && topicId !== found.id) {
    return `it belongs to a topic with the id ${topicId}, and the metadata's has ${found.id}`;
  }
  const known = found.partitions[partition];
  if (known === undefined) return `the metadata has only ${found.partitions.length} partitions of the topic`;
  return belongsHere(directory, known)
    ? null
    : "the metadata has it on another node, or in another log directory";
}

/** Names the partitions that ought to lie here and have no folder. Internal topics get theirs when they are written to. */
export function tellUnmade(
  { report }: CheckContext,
  directory: CheckedDirectory,
  hasFolder: (name: string) => boolean,
): void {
  for (const { name, partitions } of directory.image?.topics() ?? []) {
    if (isInternalTopic(name)) continue;
    const missing = partitions
      .filter((partition) => belongsHere(directory, partition, false))
      .filter(({ index }) => !hasFolder(partitionDirectoryName(name, index)))
      .map(({ index }) => index);
    if (missing.length === 0) continue;
    report.note(
      directory.path,
      `${name} has no folder for partition ${missing.join(", ")}; a start makes it, empty`,
    );
  }
}

/** @param unknown what holds where nobody has noted in which directory of the node the partition lies */
function belongsHere(
  { nodeId, directoryId }: CheckedDirectory,
  { replicas, directories }: PartitionImage,
  unknown = true,
): boolean {
  if (nodeId === undefined) return unknown;
  const id = directories[replicas.indexOf(nodeId)];
  if (id === undefined) return false;
  if (isReservedDirectoryId(id) || directoryId === undefined) return unknown;
  return id === directoryId;
}
