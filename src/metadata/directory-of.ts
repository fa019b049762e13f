/**
 * In which log directory a partition lies, as the metadata has it.
 */
import type { Uuid } from "../protocol/uuid.ts";
import { isReservedDirectoryId } from "./directory-id.ts";
import type { PartitionImage } from "./image/partition-image.ts";

/** The id of the directory in which a node's replica lies; undefined where that was not recorded. */
export function directoryOf(partition: PartitionImage | undefined, nodeId: number): Uuid | undefined {
  if (partition === undefined) return undefined;
  const id = partition.directories[partition.replicas.indexOf(nodeId)];
  return id === undefined || isReservedDirectoryId(id) ? undefined : id;
}
