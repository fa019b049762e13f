/**
 * The feature levels that clients are told (KIP-584): what Houska supports, and what the cluster has settled on.
 */
interface Support {
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/**
 * A level stands here only when all that it promises to clients is served. metadata.version counts the records
 * that Houska reads; group.version 1 is the consumer group protocol (KIP-848), kraft.version 1 the metadata quorum
 * with voters of its own, transaction.version 2 a new epoch with every transaction (KIP-890).
 */
export const supportedFeatures: readonly Support[] = [
  { name: "group.version", minVersion: 0, maxVersion: 1 },
  { name: "kraft.version", minVersion: 0, maxVersion: 1 },
  { name: "metadata.version", minVersion: 7, maxVersion: 33 },
  { name: "transaction.version", minVersion: 0, maxVersion: 2 },
];

interface Finalized {
  readonly name: string;
  readonly minVersionLevel: number;
  readonly maxVersionLevel: number;
}

/** The cluster's levels. A level that Houska doesn't support is told as the highest that it does. */
export function finalizedFeatures(levels: ReadonlyMap<string, number>): Finalized[] {
  const finalized: Finalized[] = [];
  for (const { name, maxVersion } of supportedFeatures) {
    const level = Math.min(levels.get(name) ?? 0, maxVersion);
    if (level > 0) finalized.push({ name, minVersionLevel: level, maxVersionLevel: level });
  }
  return finalized;
}
