/**
 * The levels of features that new directories get: Houska's own, and over them what was asked for.
 */
import { supportedFeatures } from "../../api/features.ts";
import {
  INITIAL_FEATURE_LEVELS,
  KRAFT_VERSION,
  MAX_METADATA_VERSION,
  METADATA_VERSION,
} from "../../metadata/feature-levels.ts";
import { knownReleases, metadataVersionOf, releaseOf } from "../../metadata/releases.ts";
import { WrongUse } from "../command.ts";

export interface WantedLevels {
  /** `4.0` or `4.0-IV3`. */
  readonly releaseVersion: string | undefined;
  /** `name=level` each. */
  readonly features: readonly string[];
  readonly standalone: boolean;
}

/** @throws WrongUse for a release, a feature or a level that isn't known, and for what contradicts itself */
export function featureLevelsOf({
  releaseVersion,
  features,
  standalone,
}: WantedLevels): ReadonlyMap<string, number> {
  const levels = new Map(INITIAL_FEATURE_LEVELS);
  if (releaseVersion !== undefined) levels.set(METADATA_VERSION, levelOfRelease(releaseVersion));
  for (const text of features) {
    const { name, level } = featureOf(text);
    if (name === METADATA_VERSION && releaseVersion !== undefined) {
      throw new WrongUse(`--feature ${text} and --release-version ${releaseVersion} both say which it is`);
    }
    // The quorum's level is not among those that the records of the state begin with: it follows from its voters.
    if (name === KRAFT_VERSION) checkQuorum(text, level, standalone);
    else levels.set(name, level);
  }
  return levels;
}

function levelOfRelease(release: string): number {
  const level = metadataVersionOf(release);
  if (level !== undefined) return level;
  const { first, last } = knownReleases;
  throw new WrongUse(`--release-version ${release} is not known; there are ${first} to ${last}`);
}

function featureOf(text: string): { name: string; level: number } {
  const match = /^([^=]+)=(\d+)$/.exec(text);
  if (match === null) throw new WrongUse(`--feature ${text} must have the form name=level`);
  const [, name = "", digits = ""] = match;
  const support = supportedFeatures.find((feature) => feature.name === name);
  if (support === undefined) {
    const names = supportedFeatures.map((feature) => feature.name).join(", ");
    throw new WrongUse(`--feature ${text}: there is no such feature; there are ${names}`);
  }
  const level = Number(digits);
  if (level < support.minVersion || level > support.maxVersion) {
    const newest = name === METADATA_VERSION ? ` (${releaseOf(MAX_METADATA_VERSION)})` : "";
    throw new WrongUse(
      `--feature ${text}: its levels go from ${support.minVersion} to ${support.maxVersion}${newest}`,
    );
  }
  return { name, level };
}

function checkQuorum(text: string, level: number, standalone: boolean): void {
  if (level > 0 === standalone) return;
  throw new WrongUse(`--feature ${text}: ${KRAFT_VERSION} is 1 with --standalone, and 0 without`);
}
