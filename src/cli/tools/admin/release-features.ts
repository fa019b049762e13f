/**
 * Which levels of features each release of Apache Kafka brought (server-common/…/Feature.java of 4.4.0), and the tools'
 * two actions that show them.
 */
import { METADATA_VERSION, MIN_METADATA_VERSION } from "../../../metadata/feature-levels.ts";
import { knownReleases, metadataVersionOf, releaseOf } from "../../../metadata/releases.ts";
import { action } from "../../tool/actions.ts";
import { ToolFailure } from "../../tool/failure.ts";

interface ReleasedFeature {
  readonly name: string;
  /** The level that is the default from a metadata.version on, lowest first. */
  readonly defaults: readonly { readonly level: number; readonly from: number }[];
  readonly maxLevel: number;
  /** The metadata.version that a level can't do without. */
  readonly needs?: { readonly level: number; readonly metadataVersion: number };
}

const features: readonly ReleasedFeature[] = [
  { name: "kraft.version", defaults: [{ level: 1, from: 21 }], maxLevel: 1 },
  { name: "transaction.version", defaults: [{ level: 2, from: 24 }], maxLevel: 2 },
  { name: "group.version", defaults: [{ level: 1, from: 22 }], maxLevel: 1 },
  {
    name: "eligible.leader.replicas.version",
    defaults: [{ level: 1, from: 26 }],
    maxLevel: 1,
    needs: { level: 1, metadataVersion: 23 },
  },
  {
    name: "share.version",
    defaults: [
      { level: 1, from: 28 },
      { level: 2, from: 31 },
    ],
    maxLevel: 2,
  },
  { name: "streams.version", defaults: [{ level: 1, from: 29 }], maxLevel: 1 },
];

/**
 * The metadata.version of a release.
 *
 * @throws ToolFailure when there is no such release
 */
export function metadataVersionOfRelease(release: string): number {
  const level = metadataVersionOf(release);
  if (level !== undefined) return level;
  const first = metadataVersionOf(knownReleases.first) ?? MIN_METADATA_VERSION;
  const last = metadataVersionOf(knownReleases.last) ?? first;
  const names = Array.from({ length: last - first + 1 }, (_, index) => releaseOf(first + index));
  throw new ToolFailure(
    `Unknown metadata.version '${release}'. Supported metadata.version are: ${names.join(", ")}`,
  );
}

/** The levels that a release brought, by the features' names, metadata.version first. */
export function levelsOfRelease(metadataVersion: number): Map<string, number> {
  const levels = features.map(
    ({ name, defaults }) =>
      [name, defaults.findLast(({ from }) => from <= metadataVersion)?.level ?? 0] as const,
  );
  return new Map([[METADATA_VERSION, metadataVersion], ...levels]);
}

/**
 * A feature and its level of `name=level`.
 *
 * @throws ToolFailure
 */
export function nameAndLevel(text: string): { name: string; level: number } {
  const at = text.indexOf("=");
  if (at < 0) throw new ToolFailure(`Can't parse feature=level string ${text}: equals sign not found.`);
  const name = text.slice(0, at).trim();
  const level = text.slice(at + 1).trim();
  if (!/^[+-]?\d{1,5}$/.test(level)) {
    throw new ToolFailure(`Can't parse feature=level string ${text}: unable to parse ${level} as a short.`);
  }
  return { name, level: Number(level) };
}

/** `version-mapping`. */
export const versionMapping = action({
  description: "Shows the levels of features that came with a release of Apache Kafka.",
  options: {
    "release-version": {
      type: "string",
      takes: "release",
      description: `The release, such as 3.9 or 4.0-IV3; ${knownReleases.last} when left out.`,
    },
  },
  json: true,
  async run(given, { output, json }) {
    const release = given["release-version"] ?? knownReleases.last;
    const levels = levelsOfRelease(metadataVersionOfRelease(release));
    if (json) output.line(JSON.stringify(Object.fromEntries(levels)));
    else for (const [name, level] of levels) output.line(levelText(name, level, release));
    return 0;
  },
});

/** `feature-dependencies`. */
export const featureDependencies = action({
  description: "Shows which other features a level of a feature needs.",
  options: {
    feature: {
      type: "string",
      takes: "feature=level",
      description: "The feature and its level; may be repeated.",
      repeated: true,
    },
  },
  async run(given, { output }) {
    for (const text of given.feature) for (const line of dependencyLines(text)) output.line(line);
    return 0;
  },
});

function levelText(name: string, level: number, release = releaseOf(level)): string {
  return name === METADATA_VERSION ? `${name}=${level} (${release})` : `${name}=${level}`;
}

function dependencyLines(text: string): string[] {
  const { name, level } = nameAndLevel(text);
  if (name === METADATA_VERSION) {
    if (metadataVersionOf(releaseOf(level)) !== level)
      throw new ToolFailure(`Unknown metadata.version ${level}`);
    return [`${levelText(name, level)} has no dependencies.`];
  }
  const feature = features.find((one) => one.name === name);
  if (feature === undefined) throw new ToolFailure(`Unknown feature: ${name}`);
  if (level < 0 || level > feature.maxLevel) {
    throw new ToolFailure(`Feature level ${level} is not supported for feature ${name}`);
  }
  if (feature.needs?.level !== level) return [`${levelText(name, level)} has no dependencies.`];
  return [
    `${levelText(name, level)} requires:`,
    `    ${levelText(METADATA_VERSION, feature.needs.metadataVersion)}`,
  ];
}
