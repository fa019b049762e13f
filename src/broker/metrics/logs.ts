/**
 * The logs on this node: Kafka's Log and LogManager, kafka_exporter's offsets of partitions, and the room that is left.
 * A log that nobody has opened yet is as its checkpoints and its files say; looking doesn't open it.
 */
import { type Disk, isDiskError } from "../../disk/disk.ts";
import { partitionDirectoryName } from "../../log/file-names.ts";
import type { Hosted, LogDirectory } from "../../log/log-directory.ts";
import type { LogManager } from "../../log/log-manager.ts";
import type { Family, Sample } from "../../observe/metrics/exposition.ts";
import { Bean, family, sample } from "./jmx-names.ts";

const log = new Bean("kafka.log", "Log");
const manager = new Bean("kafka.log", "LogManager");
const replicaManager = new Bean("kafka.server", "ReplicaManager");

/** So many logs are looked at before others have their turn. */
const LOGS_PER_TURN = 500;

/** Offsets of a partition's log, opened or not. */
export function offsetsOf({ log, logStartOffset, highWatermark }: Hosted) {
  return {
    start: log?.logStartOffset ?? logStartOffset,
    highWatermark: log?.highWatermark ?? highWatermark,
    end: log?.logEndOffset ?? highWatermark,
  };
}

/** A partition, if it is on this node. */
export function hostedBy({ directories }: LogManager, topic: string, partition: number): Hosted | undefined {
  const name = partitionDirectoryName(topic, partition);
  for (const { hosted } of directories) {
    const found = hosted.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What unopened logs hold doesn't change, and costs looking into their directories. */
const unopened = new WeakMap<Hosted, { size: number; segments: number }>();

/** The families of the logs in all log directories. */
export async function logFamilies(logs: LogManager, disk: Disk): Promise<Family[]> {
  const sizes: Sample[] = [];
  const segmentCounts: Sample[] = [];
  const starts: Sample[] = [];
  const ends: Sample[] = [];
  const readable: Sample[] = [];
  let producers = 0;
  let seen = 0;
  for (const directory of logs.directories) {
    for (const hosted of [...directory.hosted.values()]) {
      if (++seen % LOGS_PER_TURN === 0) await new Promise<void>((resolve) => setImmediate(resolve));
      const labels = { topic: hosted.topic, partition: hosted.partition };
      const { start, highWatermark, end } = offsetsOf(hosted);
      const { size, segments } = filesOf(directory, hosted);
      sizes.push(sample(size, labels));
      segmentCounts.push(sample(segments, labels));
      starts.push(sample(start, labels));
      ends.push(sample(end, labels));
      readable.push(sample(highWatermark, labels));
      if (hosted.log !== null) for (const _ of hosted.log.producers) producers++;
    }
  }
  return [
    log.values("Size", "Bytes in a partition's log.", sizes),
    log.values("NumLogSegments", "Segments of a partition's log.", segmentCounts),
    log.values("LogStartOffset", "The first offset in a partition's log.", starts),
    log.values("LogEndOffset", "The offset that a partition's next record gets.", ends),
    family("gauge", "kafka_topic_partition_oldest_offset", "The first offset that can be read.", starts),
    family("gauge", "kafka_topic_partition_current_offset", "The offset up to which can be read.", readable),
    replicaManager.values("ProducerIdCount", "Idempotent producers that logs remember.", producers),
    ...directoryFamilies(logs, disk),
  ];
}

function filesOf(directory: LogDirectory, hosted: Hosted): { size: number; segments: number } {
  if (hosted.log !== null) return { size: hosted.log.sizeInBytes, segments: hosted.log.segmentCount };
  const known = unopened.get(hosted);
  if (known !== undefined) return known;
  const files = lookedUp(directory, hosted);
  unopened.set(hosted, files);
  return files;
}

/** A directory that can't be read holds nothing that anybody could count. */
function lookedUp(directory: LogDirectory, hosted: Hosted): { size: number; segments: number } {
  try {
    return { size: directory.sizeOf(hosted), segments: directory.segmentsOf(hosted) };
  } catch (error) {
    if (isDiskError(error)) return { size: Number.NaN, segments: Number.NaN };
    throw error;
  }
}

/** Nothing where the directory has just gone away: the next write notices. */
function roomOf(logdirectory: string, disk: Disk) {
  try {
    return [{ logdirectory, ...disk.space(logdirectory) }];
  } catch (error) {
    if (isDiskError(error)) return [];
    throw error;
  }
}

function directoryFamilies({ directories }: LogManager, disk: Disk): Family[] {
  const online = directories.filter(({ health }) => health.isOnline);
  const room = online.flatMap(({ path }) => roomOf(path, disk));
  return [
    manager.values(
      "OfflineLogDirectoryCount",
      "Log directories that have failed.",
      directories.length - online.length,
    ),
    manager.values(
      "LogDirectoryOffline",
      "Whether a log directory has failed.",
      directories.map(({ path, health }) => sample(health.isOnline ? 0 : 1, { logdirectory: path })),
    ),
    family(
      "gauge",
      "houska_log_directory_free_bytes",
      "Room that is left on a log directory's file system.",
      room.map(({ freeBytes, logdirectory }) => sample(freeBytes, { logdirectory })),
    ),
    family(
      "gauge",
      "houska_log_directory_size_bytes",
      "The size of a log directory's file system.",
      room.map(({ totalBytes, logdirectory }) => sample(totalBytes, { logdirectory })),
    ),
  ];
}
