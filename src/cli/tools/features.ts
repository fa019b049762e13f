/**
 * kafka-features: the levels of a cluster's features.
 */

import { serverError } from "../../client/check-error.ts";
import type { KafkaClient } from "../../client/client.ts";
import { METADATA_VERSION } from "../../metadata/feature-levels.ts";
import { metadataVersionOf, releaseOf } from "../../metadata/releases.ts";
import type { KafkaError } from "../../protocol/errors.ts";
import { UpdateFeaturesRequest, UpdateFeaturesResponse } from "../../protocol/messages/update-features.ts";
import type { Output } from "../output.ts";
import { action, toolWithActions } from "../tool/actions.ts";
import { brokerOrControllerOptions } from "../tool/connect.ts";
import { ToolFailure } from "../tool/failure.ts";
import { ask } from "./admin/ask.ts";
import {
  featureDependencies,
  levelsOfRelease,
  metadataVersionOfRelease,
  nameAndLevel,
  versionMapping,
} from "./admin/release-features.ts";

const UpgradeType = { upgrade: 1, safeDowngrade: 2, unsafeDowngrade: 3 } as const;

const changeOptions = {
  ...brokerOrControllerOptions,
  feature: {
    type: "string",
    takes: "feature=level",
    description: "The feature and its new level; may be repeated.",
    repeated: true,
  },
  "dry-run": { description: "Only find out whether it could be done." },
} as const;

const releaseOptions = {
  "release-version": {
    type: "string",
    takes: "release",
    description: "All features at the levels that came with a release, such as 3.9 or 4.0-IV3.",
    excludes: ["feature", "metadata"],
  },
  metadata: {
    type: "string",
    takes: "release",
    description: "The metadata.version by its release (deprecated).",
  },
} as const;

const unsafe = { unsafe: { description: "Even if something may be lost by it." } } as const;

export const features = toolWithActions({
  description: "Shows and changes the levels of a cluster's features.",
  actions: {
    describe: action({
      description: "Shows the features with their levels.",
      options: {
        ...brokerOrControllerOptions,
        "node-id": { type: "integer", takes: "id", description: "Which broker to ask; any when left out." },
      },
      json: true,
      async run(given, { connect, output, json }) {
        const node = given["node-id"];
        if (node !== undefined && node < 0) {
          throw new ToolFailure(`Invalid node id ${node}: must be non-negative.`);
        }
        const client = connect(given);
        const { apiVersions } = await ask(client, () =>
          client.connection(node === undefined ? "any" : { node }),
        );
        const found = describedFeatures(apiVersions);
        if (json) output.line(JSON.stringify(found));
        else for (const feature of found) output.line(featureLine(feature));
        return 0;
      },
    }),
    upgrade: action({
      description: "Raises the levels of features.",
      options: { ...changeOptions, ...releaseOptions },
      async run(given, { connect, output }) {
        const levels = wantedLevels(given, output);
        // A release doesn't turn off what is on.
        const raised = given["release-version"] === undefined ? levels : withoutZeros(levels);
        return change("upgrade", connect(given), raised, UpgradeType.upgrade, given["dry-run"], output);
      },
    }),
    downgrade: action({
      description: "Lowers the levels of features.",
      options: { ...changeOptions, ...releaseOptions, ...unsafe },
      async run(given, { connect, output }) {
        const type = given.unsafe ? UpgradeType.unsafeDowngrade : UpgradeType.safeDowngrade;
        return change(
          "downgrade",
          connect(given),
          wantedLevels(given, output),
          type,
          given["dry-run"],
          output,
        );
      },
    }),
    disable: action({
      description: "Turns features off, which is to lower their levels to zero.",
      options: { ...changeOptions, ...unsafe },
      async run(given, { connect, output }) {
        const type = given.unsafe ? UpgradeType.unsafeDowngrade : UpgradeType.safeDowngrade;
        const levels = new Map(given.feature.map((name) => [name, 0]));
        checkOnce(given.feature);
        return change("disable", connect(given), levels, type, given["dry-run"], output);
      },
    }),
    "version-mapping": versionMapping,
    "feature-dependencies": featureDependencies,
  },
});

interface DescribedFeature {
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly level: number;
  readonly epoch: number;
}

function describedFeatures({
  supportedFeatures,
  finalizedFeatures,
  finalizedFeaturesEpoch,
}: {
  readonly supportedFeatures: readonly { name: string; minVersion: number; maxVersion: number }[];
  readonly finalizedFeatures: readonly { name: string; maxVersionLevel: number }[];
  readonly finalizedFeaturesEpoch: bigint;
}): DescribedFeature[] {
  const levels = new Map(finalizedFeatures.map(({ name, maxVersionLevel }) => [name, maxVersionLevel]));
  return supportedFeatures
    .map(({ name, minVersion, maxVersion }) => ({
      ...{ name, minVersion, maxVersion },
      level: levels.get(name) ?? 0,
      epoch: Number(finalizedFeaturesEpoch),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function featureLine({ name, minVersion, maxVersion, level, epoch }: DescribedFeature): string {
  const text = (value: number) => levelText(name, value).padEnd(15);
  return (
    `Feature: ${name.padEnd(40)}  SupportedMinVersion: ${text(minVersion)}  SupportedMaxVersion: ${text(maxVersion)}  ` +
    `FinalizedVersionLevel: ${text(level)}  Epoch: ${epoch < 0 ? "-" : epoch}`
  );
}

function levelText(name: string, level: number): string {
  if (name !== METADATA_VERSION) return String(level);
  const release = releaseOf(level);
  return metadataVersionOf(release) === level ? release : `UNKNOWN ${level}`;
}

interface WantedLevels {
  readonly feature: readonly string[];
  readonly metadata: string | undefined;
  readonly "release-version": string | undefined;
}

function wantedLevels(given: WantedLevels, output: Output): Map<string, number> {
  const release = given["release-version"];
  if (release !== undefined) return levelsOfRelease(metadataVersionOfRelease(release));
  const named = given.feature.map(nameAndLevel);
  checkOnce(named.map(({ name }) => name));
  const levels = new Map(named.map(({ name, level }) => [name, level]));
  if (given.metadata !== undefined) {
    output.line(" `metadata` flag is deprecated and may be removed in a future release.");
    levels.set(METADATA_VERSION, metadataVersionOfRelease(given.metadata));
  }
  return levels;
}

function checkOnce(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ToolFailure(`Feature ${twice} was specified more than once.`);
}

function withoutZeros(levels: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...levels].filter(([, level]) => level > 0));
}

/** Changes levels, prints what came of each, and resolves to the exit code. */
async function change(
  operation: "upgrade" | "downgrade" | "disable",
  client: KafkaClient,
  levels: ReadonlyMap<string, number>,
  upgradeType: number,
  dryRun: boolean,
  output: Output,
): Promise<number> {
  if (levels.size === 0) throw new ToolFailure(`You must specify at least one feature to ${operation}`);
  const error = await update(client, levels, upgradeType, dryRun);
  for (const [name, level] of [...levels].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const target = operation === "disable" ? "" : ` to ${level}`;
    if (error !== null) {
      output.line(`${dryRun ? "Can not" : "Could not"} ${operation} ${name}${target}. ${error.message}`);
    } else {
      output.line(`${name} ${dryRun ? "can be" : "was"} ${operation}d${target}.`);
    }
  }
  if (error === null) return 0;
  output.complain(`${levels.size} out of ${levels.size} operation(s) failed.`);
  return 1;
}

/** All levels are changed, or none: resolves to why not. */
async function update(
  client: KafkaClient,
  levels: ReadonlyMap<string, number>,
  upgradeType: number,
  validateOnly: boolean,
): Promise<KafkaError | null> {
  const answer = await client.send("controller", UpdateFeaturesRequest, UpdateFeaturesResponse, {
    timeoutMs: client.config.requestTimeoutMs,
    featureUpdates: [...levels].map(([feature, maxVersionLevel]) => ({
      feature,
      maxVersionLevel,
      upgradeType,
      allowDowngrade: upgradeType !== UpgradeType.upgrade,
    })),
    validateOnly,
  });
  const ofOne = answer.results.find(({ errorCode }) => errorCode !== 0);
  return (
    serverError(answer.errorCode, answer.errorMessage) ??
    serverError(ofOne?.errorCode ?? 0, ofOne?.errorMessage)
  );
}
