/**
 * The releases of Apache Kafka by the level of metadata.version that each brought
 * (server-common/…/MetadataVersion.java of 4.4.0).
 */
import { MIN_METADATA_VERSION } from "./feature-levels.ts";

/** From `MIN_METADATA_VERSION` on, without a gap. */
const releases = [
  "3.3-IV3",
  "3.4-IV0",
  "3.5-IV0",
  "3.5-IV1",
  "3.5-IV2",
  "3.6-IV0",
  "3.6-IV1",
  "3.6-IV2",
  "3.7-IV0",
  "3.7-IV1",
  "3.7-IV2",
  "3.7-IV3",
  "3.7-IV4",
  "3.8-IV0",
  "3.9-IV0",
  "4.0-IV0",
  "4.0-IV1",
  "4.0-IV2",
  "4.0-IV3",
  "4.1-IV0",
  "4.1-IV1",
  "4.2-IV0",
  "4.2-IV1",
  "4.3-IV0",
  "4.4-IV0",
  "4.4-IV1",
  "4.4-IV2",
];

/** `3.7-IV2` for 17; the number itself where no release is known. */
export function releaseOf(metadataVersion: number): string {
  return releases[metadataVersion - MIN_METADATA_VERSION] ?? String(metadataVersion);
}

/** The level for `3.7-IV2`, or for a release such as `3.7` or `3.7.1` the highest it brought; undefined for none. */
export function metadataVersionOf(release: string): number | undefined {
  const match = /^(\d+\.\d+)(\.\d+)*(-IV\d+)?$/.exec(release);
  if (match === null) return undefined;
  const [, minor, , level] = match;
  const index = releases.findLastIndex((name) =>
    level === undefined ? name.startsWith(`${minor}-`) : name === `${minor}${level}`,
  );
  return index < 0 ? undefined : index + MIN_METADATA_VERSION;
}

/** The first and the last release that there are levels of. */
export const knownReleases = { first: releases[0] ?? "", last: releases.at(-1) ?? "" };
