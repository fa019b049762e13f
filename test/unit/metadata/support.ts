/**
 * What the tests of the metadata share: log directories of Apache Kafka's in memory, and metadata opened on them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../../src/clock.ts";
import { loadServerConfig } from "../../../src/config/load.ts";
import type { Disk } from "../../../src/disk/disk.ts";
import type { NewTopic } from "../../../src/metadata/controller/create-topics.ts";
import type { ClusterImage } from "../../../src/metadata/image/cluster-image.ts";
import { readControlRecords } from "../../../src/metadata/log/control-records.ts";
import { recordsIn } from "../../../src/metadata/log/read-batch.ts";
import { scanBatches } from "../../../src/metadata/log/scan-batches.ts";
import { Metadata, type MetadataOptions } from "../../../src/metadata/metadata.ts";
import { encodeRecord, type NewMetadataRecord } from "../../../src/metadata/records.ts";
import type { Logger } from "../../../src/observe/logger.ts";
import type { Uuid } from "../../../src/protocol/uuid.ts";
import { buildBatch } from "../../../src/records/builder.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { SeededRandom } from "../../support/random.ts";

export const fixtures = join(import.meta.dir, "../../fixtures/metadata");
export const DIRECTORY = "/data";
export const FOLDER = `${DIRECTORY}/__cluster_metadata-0`;
export const LOG = `${FOLDER}/00000000000000000000.log`;
export const DIRECTORY_ID = "c4d6LqSbQ5iA7tMhzvRk1Q" as Uuid;
export const TOPIC_ID = "u967jaW0QsmCFAgZZ82drQ" as Uuid;
const NOW = 1_700_000_000_000;

/** A clock that stands still. */
export const clock: Clock = {
  now: () => NOW,
  monotonic: () => NOW,
  schedule: () => ({ cancel: () => undefined }),
};

/** The bytes of a fixture's file. */
export function fixture(...path: string[]): Buffer {
  return readFileSync(join(fixtures, ...path));
}

/** A disk whose `/data` holds the files of a fixture's folder. */
export function diskOf(name: string, directory = DIRECTORY): SimulatedDisk {
  const disk = new SimulatedDisk();
  copyInto(disk, join(fixtures, name), directory);
  return disk;
}

/** Copies a folder of the machine's into a disk. */
export function copyInto(disk: SimulatedDisk, from: string, to: string): void {
  disk.makeDirectory(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), `${to}/${entry.name}`];
    if (entry.isDirectory()) copyInto(disk, source, target);
    else disk.writeFile(target, readFileSync(source));
  }
}

/** A disk whose metadata log consists of these bytes. */
export function diskWithLog(bytes: Uint8Array): SimulatedDisk {
  const disk = new SimulatedDisk();
  disk.makeDirectory(FOLDER);
  disk.writeFile(LOG, bytes);
  return disk;
}

/** Every file of a disk and what it holds, to see whether anything has been touched. */
export function contents(disk: SimulatedDisk): Map<string, string> {
  return new Map(disk.files().map((path) => [path, disk.readFile(path).toString("base64")]));
}

/** A batch of records as the controller writes them. */
export function batch(
  baseOffset: number,
  records: readonly NewMetadataRecord[],
  partitionLeaderEpoch = 1,
): Buffer {
  return buildBatch({
    baseOffset,
    partitionLeaderEpoch,
    records: records.map((record) => ({ timestamp: NOW, key: null, value: encodeRecord(record) })),
  });
}

export function topic(name: string, topicId: Uuid): NewMetadataRecord {
  return { name: "TopicRecord", version: 0, message: { name, topicId } };
}

export function partition(topicId: Uuid, partitionId: number, leader = 1): NewMetadataRecord {
  return {
    name: "PartitionRecord",
    version: 1,
    message: {
      partitionId,
      topicId,
      replicas: [1],
      isr: [1],
      removingReplicas: [],
      addingReplicas: [],
      leader,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: [DIRECTORY_ID],
    },
  };
}

export function feature(name: string, featureLevel: number): NewMetadataRecord {
  return { name: "FeatureLevelRecord", version: 0, message: { name, featureLevel } };
}

/** Remembers what was logged. */
export class Lines implements Logger {
  readonly lines: string[] = [];
  debug = (message: string) => void this.lines.push(`DEBUG ${message}`);
  info = (message: string) => void this.lines.push(`INFO ${message}`);
  warn = (message: string) => void this.lines.push(`WARN ${message}`);
  error = (message: string) => void this.lines.push(`ERROR ${message}`);
}

/** Fills with bytes that come again with the same seed. */
export function seeded(seed: number): (target: Uint8Array) => void {
  const random = new SeededRandom(seed);
  return (target) => {
    for (let at = 0; at < target.length; at++) target[at] = random.below(256);
  };
}

/** Opens the metadata in `/data`; `overrides` are broker configs, `key=value` each. */
export async function open(
  disk: Disk,
  options: Partial<MetadataOptions> = {},
  ...overrides: string[]
): Promise<Metadata> {
  disk.makeDirectory(DIRECTORY);
  disk.syncDirectory("/");
  const { config } = loadServerConfig({ overrides: [`log.dirs=${DIRECTORY}`, ...overrides] });
  return await Metadata.open({
    disk,
    directory: DIRECTORY,
    readFile: async (path) => disk.readFile(path),
    clock,
    random: seeded(1),
    logger: new Lines(),
    nodeId: 1,
    clusterId: "test-cluster",
    directoryId: DIRECTORY_ID,
    directoryIds: [DIRECTORY_ID],
    config: () => config,
    ...options,
  });
}

/** All that an image says, to compare it with another's. */
export function everythingIn(image: ClusterImage): string[] {
  return [...image.records()].map((record) => Buffer.from(encodeRecord(record)).toString("hex")).sort();
}

/** The log in words: a line for each record, control records first by their type. */
export function inWords(bytes: Buffer): string[] {
  return [...scanBatches(LOG, bytes, [Number(bytes.readBigInt64BE(0))])].flatMap((found) =>
    found.control
      ? [...readControlRecords(found)].map(({ type }) => `${found.epoch} ${type}`)
      : recordsIn(LOG, found).map(({ record: { name, version, message } }) => {
          const text = JSON.stringify(message, (_, value) =>
            typeof value === "bigint" ? `${value}` : value,
          );
          return `${found.epoch} ${name} ${version} ${text}`;
        }),
  );
}

/** A topic as it is asked for: of one partition, unless `fields` say something else. */
export function newTopic(name: string, fields: Partial<NewTopic> = {}): NewTopic {
  return { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [], ...fields };
}
