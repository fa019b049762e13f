/**
 * UpdateFeatures: other levels for the cluster's features (KIP-584). All of them are changed, or none.
 */
import { KafkaError } from "../../protocol/errors.ts";
import { KRAFT_VERSION, METADATA_VERSION } from "../feature-levels.ts";
import type { ClusterImage } from "../image/cluster-image.ts";
import type { NewMetadataRecord } from "../records.ts";
import type { Outcome } from "./outcome.ts";

/** How a level may change, by the codes of FeatureUpdate.UpgradeType. */
const UpgradeType = { upgrade: 1, safeDowngrade: 2, unsafeDowngrade: 3 } as const;

export interface FeatureUpdate {
  readonly name: string;
  readonly level: number;
  readonly upgradeType: number;
}

/** Which levels of a feature this node knows. */
export interface SupportedLevels {
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** The levels of metadata.version that brought records or fields that older ones can't hold (MetadataVersion, 4.4.0). */
const metadataChangedAt = [7, 8, 11, 13, 14, 15, 17, 23, 30, 32, 33];

/**
 * The records of the new levels.
 *
 * @throws KafkaError INVALID_UPDATE_VERSION for the first update that can't be made
 */
export function updateFeatures(
  image: ClusterImage,
  nodeId: number,
  updates: readonly FeatureUpdate[],
  supported: readonly SupportedLevels[],
): Outcome<void> {
  const records = updates.flatMap((update) => updateOne(image, nodeId, update, supported));
  return { records, reply: undefined };
}

function updateOne(
  image: ClusterImage,
  nodeId: number,
  { name, level, upgradeType }: FeatureUpdate,
  supported: readonly SupportedLevels[],
): NewMetadataRecord[] {
  const refuse = (why: string) => invalid(`Invalid update version ${level} for feature ${name}. ${why}`);
  if (!Object.values<number>(UpgradeType).includes(upgradeType)) {
    throw refuse("The controller does not support the given upgrade type.");
  }
  if (level < 0) throw refuse("A feature version cannot be less than 0.");
  const support = supported.find((feature) => feature.name === name);
  const why = whyUnsupported(nodeId, level, support);
  if (why !== null) throw refuse(why);
  if (support === undefined) throw refuse(`Feature ${name} not found.`);
  const current = name === METADATA_VERSION ? image.metadataVersion : (image.features.get(name) ?? 0);
  if (level < current && upgradeType === UpgradeType.upgrade) {
    throw refuse(
      "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
    );
  }
  if (level > current && upgradeType !== UpgradeType.upgrade)
    throw refuse("Can't downgrade to a newer version.");
  if (name === KRAFT_VERSION) {
    if (level === current) return [];
    throw refuse(
      level < current
        ? "Can't downgrade the version of this feature."
        : "The voters of this quorum are in the configuration, and stay there.",
    );
  }
  if (name === METADATA_VERSION) checkMetadataVersion(current, level, upgradeType);
  return [{ name: "FeatureLevelRecord", version: 0, message: { name, featureLevel: level } }];
}

function whyUnsupported(nodeId: number, level: number, support: SupportedLevels | undefined): string | null {
  if (support === undefined || support.maxVersion === 0) {
    return level === 0 ? null : `Local controller ${nodeId} does not support this feature.`;
  }
  const { minVersion, maxVersion } = support;
  if (level >= minVersion && level <= maxVersion) return null;
  return `Local controller ${nodeId} only supports versions ${minVersion}-${maxVersion}`;
}

/** A lower metadata.version must be able to hold all that the higher one could. */
function checkMetadataVersion(current: number, level: number, upgradeType: number): void {
  if (!metadataChangedAt.some((changed) => changed > level && changed <= current)) return;
  throw invalid(
    `Unsupported metadata.version downgrade from ${current} to ${level}. ` +
      (upgradeType === UpgradeType.unsafeDowngrade
        ? "Unsafe metadata downgrade is not supported in this version."
        : "Refusing to perform the requested downgrade because it might delete metadata information."),
  );
}

function invalid(message: string): KafkaError {
  return new KafkaError("INVALID_UPDATE_VERSION", message);
}
