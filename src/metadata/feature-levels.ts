/**
 * The features a cluster's metadata can have, and which versions of records metadata.version allows
 * (server-common/…/MetadataVersion.java, and what Apache Kafka 4.4.0 wrote at levels 17, 30 and 33).
 */
export const METADATA_VERSION = "metadata.version";
export const KRAFT_VERSION = "kraft.version";
export const ELIGIBLE_LEADER_REPLICAS_VERSION = "eligible.leader.replicas.version";

/** 3.3-IV3, the lowest that Apache Kafka 4 opens. */
export const MIN_METADATA_VERSION = 7;
/** 4.4-IV2, the highest whose records are known. */
export const MAX_METADATA_VERSION = 33;

const DIRECTORIES_FROM = 17; // 3.7-IV2
const ELIGIBLE_LEADER_REPLICAS_FROM = 23; // 4.0-IV1
const CORDONED_DIRECTORIES_FROM = 30; // 4.3-IV0
const TRANSACTIONS_FROM = 14; // 3.6-IV2

/** The versions in which records of partitions and brokers are written at a metadata.version. */
export interface RecordVersions {
  readonly partition: number;
  readonly partitionChange: number;
  readonly registerBroker: number;
  /** Whether changes of several batches may be put between BEGIN and END (KIP-868). */
  readonly transactions: boolean;
}

/** What a metadata.version allows. */
export function recordVersionsAt(metadataVersion: number): RecordVersions {
  const partition =
    metadataVersion >= ELIGIBLE_LEADER_REPLICAS_FROM ? 2 : metadataVersion >= DIRECTORIES_FROM ? 1 : 0;
  return {
    partition,
    partitionChange: partition,
    registerBroker: registerBrokerVersion(metadataVersion),
    transactions: metadataVersion >= TRANSACTIONS_FROM,
  };
}

function registerBrokerVersion(metadataVersion: number): number {
  if (metadataVersion >= CORDONED_DIRECTORIES_FROM) return 4;
  if (metadataVersion >= DIRECTORIES_FROM) return 3;
  return metadataVersion >= 8 ? 2 : 1;
}

/**
 * The levels that a new directory is given: the lowest metadata.version that holds every record Houska writes, so
 * that the oldest Kafka possible can open the directory. 17 (3.7-IV2) is the first in which a partition says in
 * which log directory it lies; nothing else that is written needs more. (Group, transaction and share features depend
 * on no metadata.version: Apache Kafka 4.4.0 formats each of them at 17.)
 *
 * A feature stands here at the level that all its APIs are served at; 0, or no entry, is off.
 */
export const INITIAL_FEATURE_LEVELS: ReadonlyMap<string, number> = new Map([
  [METADATA_VERSION, 17],
  ["group.version", 1],
  ["transaction.version", 2],
]);
