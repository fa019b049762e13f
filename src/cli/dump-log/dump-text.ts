/**
 * Prints the files that are text already, having made sure that they say what such a file says.
 */
import type { Disk } from "../../disk/disk.ts";
import { parseCheckpoint } from "../../log/checkpoint-file.ts";
import { readPartitionMetadata } from "../../log/partition-metadata.ts";
import { parseMetaProperties } from "../../metadata/meta-properties.ts";
import { MetadataError } from "../../metadata/metadata-error.ts";
import type { Output } from "../output.ts";
import { Damage } from "./damage.ts";

function textOf(disk: Disk, path: string): string {
  return disk.readFile(path).toString("utf8");
}

function entriesOf(disk: Disk, path: string, fields: number): string[][] {
  try {
    return parseCheckpoint(textOf(disk, path), fields);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Damage(error.message);
    throw error;
  }
}

/** Prints `leader-epoch-checkpoint`. */
export function dumpLeaderEpochs(disk: Disk, path: string, output: Output): void {
  for (const [epoch, startOffset] of entriesOf(disk, path, 2)) {
    output.line(`epoch: ${epoch} startOffset: ${startOffset}`);
  }
}

/** Prints `recovery-point-offset-checkpoint` and its like. */
export function dumpOffsets(disk: Disk, path: string, output: Output): void {
  for (const [topic, partition, offset] of entriesOf(disk, path, 3)) {
    output.line(`topic: ${topic} partition: ${partition} offset: ${offset}`);
  }
}

/** Prints `partition.metadata`. */
export function dumpPartitionMetadata(disk: Disk, path: string, output: Output): void {
  const id = readPartitionMetadata(disk, path);
  if (id === undefined) throw new Damage("this names no topic id");
  output.line(`topic_id: ${id}`);
}

/** Prints `meta.properties`. */
export function dumpMetaProperties(disk: Disk, path: string, output: Output): void {
  try {
    const { version, clusterId, nodeId, directoryId } = parseMetaProperties(textOf(disk, path), path);
    output.line(`version: ${version}`);
    output.line(`cluster.id: ${clusterId ?? "-"}`);
    output.line(`node.id: ${nodeId ?? "-"}`);
    output.line(`directory.id: ${directoryId ?? "-"}`);
  } catch (error) {
    if (error instanceof MetadataError) throw new Damage(error.message.replace(`${path}: `, ""));
    throw error;
  }
}

/** Prints `quorum-state` and `.kafka_cleanshutdown`: an object in JSON each. */
export function dumpJson(disk: Disk, path: string, output: Output): void {
  const text = textOf(disk, path);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Damage("this is no JSON");
  }
  if (typeof content !== "object" || content === null) throw new Damage("this is no object in JSON");
  for (const [key, value] of Object.entries(content)) output.line(`${key}: ${JSON.stringify(value)}`);
}
