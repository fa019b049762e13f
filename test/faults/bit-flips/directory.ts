/**
 * The closed directory whose bytes are flipped, and what it holds.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../src/clock.ts";
import { parseDirectoryName } from "../../../src/log/file-names.ts";
import { baseOffset, sizeInBytes } from "../../../src/records/batch-header.ts";
import expected from "../../fixtures/logdirs/kafka-4.3.1.expected.json" with { type: "json" };
import { unpackGoldenDirectory } from "../../support/golden-directory.ts";
import { TRAFFIC_GROUP, Traffic } from "../../support/traffic.ts";
import { DIRECTORY, DiskBroker } from "./disk-broker.ts";
import { MemoryDisk } from "./memory-disk.ts";

/** A batch as it lies in a log. */
export interface StoredBatch {
  readonly base: number;
  readonly file: string;
  readonly position: number;
  readonly bytes: Buffer;
}

export interface StoredPartition {
  readonly topic: string;
  readonly partition: number;
  /** By base offset, in order. */
  readonly batches: ReadonlyMap<number, StoredBatch>;
}

/** By group, then by `topic-partition`. */
type CommittedOffsets = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface ClosedDirectory {
  readonly disk: MemoryDisk;
  readonly partitions: readonly StoredPartition[];
  readonly committed: CommittedOffsets;
}

/** What Apache Kafka 4.3.1 left, without the partitions of internal topics that nothing was ever written to. */
export function goldenDirectory(): ClosedDirectory {
  const source = unpackGoldenDirectory();
  const disk = new MemoryDisk();
  disk.makeDirectory(DIRECTORY);
  for (const name of readdirSync(source)) {
    const path = join(source, name);
    if (!statSync(path).isDirectory()) disk.put(`${DIRECTORY}/${name}`, readFileSync(path));
    else copyFolder(disk, path, name);
  }
  const committed = Object.entries(expected.groups).map(([group, offsets]) => {
    const numbers = Object.entries(offsets).map(([name, text]) => [name, Number.parseInt(text, 10)] as const);
    return [group, new Map(numbers)] as const;
  });
  return { disk, partitions: storedPartitions(disk), committed: new Map(committed) };
}

/** What Houska itself leaves, after traffic of every kind, by a clean stop. */
export async function houskaDirectory(): Promise<ClosedDirectory> {
  const disk = new MemoryDisk();
  const broker = await DiskBroker.open(disk, systemClock);
  const traffic = new Traffic({ client: broker, hop: 1 });
  await traffic.run();
  const lines = (await traffic.contents()).committed;
  await broker.stop();
  const offsets = lines
    .map((line) => line.split(" "))
    .map(([name = "", offset]) => [name, Number(offset)] as const);
  return {
    disk: new MemoryDisk(disk),
    partitions: storedPartitions(disk),
    committed: new Map([[TRAFFIC_GROUP, new Map(offsets)]]),
  };
}

function copyFolder(disk: MemoryDisk, path: string, name: string): void {
  const files = readdirSync(path).map((file) => [file, readFileSync(join(path, file))] as const);
  const isEmpty = files.every(([file, bytes]) => !file.endsWith(".log") || bytes.length === 0);
  if (isEmpty && name.startsWith("__")) return;
  disk.makeDirectory(`${DIRECTORY}/${name}`);
  for (const [file, bytes] of files) disk.put(`${DIRECTORY}/${name}/${file}`, bytes);
}

/** The partitions of topics that clients read, with their batches. */
export function storedPartitions(disk: MemoryDisk): StoredPartition[] {
  const partitions: StoredPartition[] = [];
  for (const { name, kind } of disk.list(DIRECTORY)) {
    const parsed = kind === "directory" ? parseDirectoryName(name) : undefined;
    if (parsed === undefined || parsed.topic === "__cluster_metadata") continue;
    const { topic, partition } = parsed;
    partitions.push({ topic, partition, batches: storedBatches(disk, `${DIRECTORY}/${name}`) });
  }
  return partitions;
}

function storedBatches(disk: MemoryDisk, folder: string): Map<number, StoredBatch> {
  const batches = new Map<number, StoredBatch>();
  const logs = disk.list(folder).filter(({ name }) => name.endsWith(".log"));
  for (const { name } of logs.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = `${folder}/${name}`;
    const log = disk.content(file);
    for (let at = 0; at < log.length; at += sizeInBytes(log, at)) {
      const base = baseOffset(log, at);
      const bytes = log.subarray(at, at + sizeInBytes(log, at));
      batches.set(base, { base, file, position: at, bytes });
    }
  }
  return batches;
}
