/**
 * What a metadata log begins with: the levels of the cluster's features. They come from what `kafka-storage.sh format`
 * left (beside the log up to Kafka 4.3, in a snapshot before its beginning from 4.4 on), or are Houska's own.
 */
import type { Disk } from "../disk/disk.ts";
import { ELIGIBLE_LEADER_REPLICAS_VERSION, METADATA_VERSION, recordVersionsAt } from "./feature-levels.ts";
import { BOOTSTRAP_CHECKPOINT } from "./log/file-names.ts";
import { readSnapshot } from "./log/read-snapshot.ts";
import { writeSnapshot } from "./log/write-snapshot.ts";
import { MetadataError } from "./metadata-error.ts";
import type { MetadataRecord, NewMetadataRecord } from "./records.ts";

/** The cluster's default for brokers, as a resource that has configs. */
const CLUSTER_DEFAULT = { resourceType: 4, resourceName: "" };

export interface BootstrapOptions {
  readonly disk: Disk;
  /** The log directory that holds the metadata log's folder. */
  readonly logDirectory: string;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  /** What was found in the snapshot before the log's beginning. */
  readonly found: readonly MetadataRecord[];
  /** The levels where nothing was left by anybody. */
  readonly featureLevels: ReadonlyMap<string, number>;
  /** min.insync.replicas of the broker: what the cluster's default becomes where eligible leader replicas are on. */
  readonly minInsyncReplicas: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The records that make a log without feature levels whole. Where nothing was found, `bootstrap.checkpoint` is
 * written beside the log, as Kafka's own formatting did.
 *
 * @throws MetadataError when the file is damaged or doesn't say which metadata.version it is
 */
export async function bootstrapRecords(options: BootstrapOptions): Promise<NewMetadataRecord[]> {
  const records = await recordsLeft(options);
  const levels = new Map<string, number>();
  for (const record of records) {
    if (record.name === "FeatureLevelRecord") levels.set(record.message.name, record.message.featureLevel);
  }
  const metadataVersion = levels.get(METADATA_VERSION);
  if (metadataVersion === undefined) {
    throw new MetadataError(options.logDirectory, "nothing says which metadata.version the directory has");
  }
  if ((levels.get(ELIGIBLE_LEADER_REPLICAS_VERSION) ?? 0) > 0) {
    const value = String(options.minInsyncReplicas);
    const message = { ...CLUSTER_DEFAULT, name: "min.insync.replicas", value };
    records.push({ name: "ConfigRecord", version: 0, message });
  }
  if (!recordVersionsAt(metadataVersion).transactions) return records;
  return [
    { name: "BeginTransactionRecord", version: 0, message: { name: "Bootstrap records" } },
    ...records,
    { name: "EndTransactionRecord", version: 0, message: {} },
  ];
}

async function recordsLeft(options: BootstrapOptions): Promise<NewMetadataRecord[]> {
  const { disk, logDirectory, featureLevels, now } = options;
  const path = `${logDirectory}/${BOOTSTRAP_CHECKPOINT}`;
  if (disk.exists(path)) return await recordsOfFile(path, options.readFile);
  if (options.found.length > 0) return [...options.found];
  const records = featureRecords(featureLevels);
  const snapshot = { control: [], records, epoch: 0, lastContainedLogTimestamp: 0, timestamp: now };
  // The log begins in the same directory before anything counts, and flushes it.
  writeSnapshot(disk, path, snapshot, false);
  return records;
}

async function recordsOfFile(
  path: string,
  readFile: BootstrapOptions["readFile"],
): Promise<NewMetadataRecord[]> {
  const bytes = await readFile(path);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return [...readSnapshot(path, buffer)].flatMap(({ records }) => [...records]);
}

/** metadata.version first, then the others by name; a level of 0 takes no record. */
function featureRecords(levels: ReadonlyMap<string, number>): NewMetadataRecord[] {
  const others = [...levels.keys()].filter((name) => name !== METADATA_VERSION).sort();
  return [METADATA_VERSION, ...others].flatMap((name): NewMetadataRecord[] => {
    const featureLevel = levels.get(name) ?? 0;
    if (featureLevel === 0) return [];
    return [{ name: "FeatureLevelRecord", version: 0, message: { name, featureLevel } }];
  });
}
