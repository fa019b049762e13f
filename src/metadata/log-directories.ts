/**
 * Makes sure, before anything else is touched, that the log directories belong together and to this node: each has
 * its meta.properties, all with the same cluster and node id, each with a directory id of its own. New and empty
 * directories get one.
 */
import type { Disk } from "../disk/disk.ts";
import { randomUuid, type Uuid } from "../protocol/uuid.ts";
import { isReservedDirectoryId } from "./directory-id.ts";
import { METADATA_DIRECTORY } from "./log/file-names.ts";
import {
  formatMetaProperties,
  META_PROPERTIES,
  type MetaProperties,
  parseMetaProperties,
} from "./meta-properties.ts";
import { MetadataError } from "./metadata-error.ts";
import { parentOf } from "./parent-of.ts";

export interface LogDirectoriesOptions {
  readonly disk: Disk;
  /** `log.dirs`, and `metadata.log.dir` where that is another one. */
  readonly directories: readonly string[];
  readonly nodeId: number;
  /** The cluster that the directories must be of, where somebody has said so; a new one has this id. */
  readonly clusterId?: string | undefined;
  /** The id of a new cluster where nobody has said so; a random one without it. */
  readonly newClusterId?: string | undefined;
  /** Fills a buffer with random bytes. */
  readonly random: (target: Uint8Array) => void;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface LogDirectories {
  readonly clusterId: string;
  /** The id of each directory. */
  readonly directoryIds: ReadonlyMap<string, Uuid>;
  /** True when no directory had been formatted before. */
  readonly formatted: boolean;
}

interface Found {
  readonly directory: string;
  readonly file: string;
  readonly properties: MetaProperties | undefined;
}

/** What tells a partition's folder from somebody's `backup-2024`. */
const PARTITION_FILE = /^(partition\.metadata|\d{20}\.log)$/;

/**
 * Checks the directories and writes what is missing.
 *
 * @throws MetadataError when they are another node's or cluster's, contradict each other, or hold partitions without
 *   saying whose; nothing has been written then
 */
export function prepareLogDirectories(options: LogDirectoriesOptions): LogDirectories {
  const found = options.directories.map((directory) => read(options.disk, directory));
  for (const one of found) checkOne(options, one);
  const clusterId =
    commonClusterId(found, options.clusterId ?? options.newClusterId) ?? randomUuid(options.random);
  checkDirectoryIds(found);
  const directoryIds = new Map(
    found.map((one) => [one.directory, one.properties?.directoryId ?? newDirectoryId(options.random)]),
  );
  for (const one of found) complete(options, one, clusterId, directoryIds);
  return { clusterId, directoryIds, formatted: found.every(({ properties }) => properties === undefined) };
}

function read(disk: Disk, directory: string): Found {
  const file = `${directory}/${META_PROPERTIES}`;
  const properties = disk.exists(file)
    ? parseMetaProperties(new TextDecoder().decode(disk.readFile(file)), file)
    : undefined;
  return { directory, file, properties };
}

function checkOne({ disk, nodeId, clusterId }: LogDirectoriesOptions, one: Found): void {
  const { directory, file, properties } = one;
  if (properties === undefined) {
    refuseOrphans(disk, directory);
    return;
  }
  if (properties.nodeId !== undefined && properties.nodeId !== nodeId) {
    throw new MetadataError(
      file,
      `the directory is of node ${properties.nodeId}, and the configuration says node.id=${nodeId}. ` +
        `Set node.id=${properties.nodeId}, or give this node a log directory of its own`,
    );
  }
  if (clusterId !== undefined && properties.clusterId !== undefined && properties.clusterId !== clusterId) {
    throw new MetadataError(
      file,
      `the directory is of cluster ${properties.clusterId}, and the cluster id given is ${clusterId}. ` +
        "Leave the cluster id out, or use another log directory",
    );
  }
  if (properties.clusterId === undefined) refuseNameless(disk, directory, file);
  if (properties.version === 0 && !disk.exists(`${directory}/${METADATA_DIRECTORY}`)) {
    const partition = partitionsIn(disk, directory)[0];
    if (partition === undefined) return;
    throw new MetadataError(
      file,
      `the directory is of a Kafka that keeps its metadata in ZooKeeper: what ${partition} and the others are, ` +
        "only ZooKeeper knows. Migrate that cluster to KRaft with Apache Kafka 3.9 first",
    );
  }
}

/** Without meta.properties a directory must be new: otherwise its partitions would be taken for nobody's. */
function refuseOrphans(disk: Disk, directory: string): void {
  const partition = partitionsIn(disk, directory)[0];
  if (partition === undefined) return;
  throw new MetadataError(
    directory,
    `holds ${partition} but no ${META_PROPERTIES}, so it can't be told which cluster it belongs to. ` +
      `Put the ${META_PROPERTIES} back, or use an empty directory`,
  );
}

/** The same where the file is there and damaged: a cluster id made up now would be another cluster's. */
function refuseNameless(disk: Disk, directory: string, file: string): void {
  const partition = partitionsIn(disk, directory)[0];
  if (partition === undefined) return;
  throw new MetadataError(
    file,
    `cluster.id is missing, and ${directory} holds ${partition}. Write the id of its cluster there, or put back the ${META_PROPERTIES} there was`,
  );
}

function partitionsIn(disk: Disk, directory: string): string[] {
  if (!disk.exists(directory)) return [];
  return disk
    .list(directory)
    .filter(({ kind, name }) => kind === "directory" && /^.+-\d+$/.test(name))
    .map(({ name }) => name)
    .filter((name) => disk.list(`${directory}/${name}`).some((file) => PARTITION_FILE.test(file.name)))
    .sort();
}

function commonClusterId(found: readonly Found[], given: string | undefined): string | undefined {
  const named = found.flatMap(({ file, properties }) =>
    properties?.clusterId === undefined ? [] : [{ file, clusterId: properties.clusterId }],
  );
  const [first] = named;
  const other = named.find(({ clusterId }) => clusterId !== first?.clusterId);
  if (first && other) {
    throw new MetadataError(
      other.file,
      `the directory is of cluster ${other.clusterId}, and ${first.file} says ${first.clusterId}. ` +
        "The log directories of one node are of one cluster: take one of them out of log.dirs",
    );
  }
  return first?.clusterId ?? given;
}

function checkDirectoryIds(found: readonly Found[]): void {
  const seen = new Map<Uuid, string>();
  for (const { file, properties } of found) {
    const id = properties?.directoryId;
    if (id === undefined) continue;
    if (isReservedDirectoryId(id)) {
      throw new MetadataError(
        file,
        `directory.id=${id} is reserved. Take the line out and a new id is given`,
      );
    }
    const twin = seen.get(id);
    if (twin !== undefined) {
      throw new MetadataError(
        file,
        `directory.id=${id} is also the id of ${twin}. If this directory is a copy, take it out of log.dirs`,
      );
    }
    seen.set(id, file);
  }
}

function newDirectoryId(random: (target: Uint8Array) => void): Uuid {
  for (;;) {
    const id = randomUuid(random);
    if (!isReservedDirectoryId(id)) return id;
  }
}

function complete(
  { disk, nodeId, now }: LogDirectoriesOptions,
  { directory, file, properties }: Found,
  clusterId: string,
  directoryIds: ReadonlyMap<string, Uuid>,
): void {
  const directoryId = directoryIds.get(directory);
  if (directoryId === undefined) return;
  const whole = properties?.version === 1 && properties.directoryId !== undefined;
  if (whole) return;
  if (!disk.exists(directory)) {
    disk.makeDirectory(directory);
    disk.syncDirectory(parentOf(directory));
  }
  disk.writeFileAtomically(file, formatMetaProperties({ clusterId, nodeId, directoryId }, now));
}
