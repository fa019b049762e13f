/**
 * `kafka-storage format`: prepares the log directories of a broker for its first start.
 */
import { formatDirectories } from "../../../broker/format-directories.ts";
import { StartError } from "../../../broker/start-error.ts";
import type { ServerConfig } from "../../../config/server-config.ts";
import { realDisk } from "../../../disk/real-disk.ts";
import { METADATA_VERSION } from "../../../metadata/feature-levels.ts";
import { META_PROPERTIES } from "../../../metadata/meta-properties.ts";
import { releaseOf } from "../../../metadata/releases.ts";
import { createLogger } from "../../../observe/logger.ts";
import { checkStandalone } from "../../format/format.ts";
import { featureLevelsOf } from "../../format/levels.ts";
import { action } from "../../tool/actions.ts";
import { ToolFailure } from "../../tool/failure.ts";
import { configOption, directoriesOf, storageConfig } from "./storage-config.ts";

const options = {
  ...configOption,
  "cluster-id": { type: "string", takes: "id", description: "The cluster's id.", required: true, short: "t" },
  "ignore-formatted": {
    description: "Leave directories that are formatted already as they are, and format the others.",
    short: "g",
  },
  "release-version": {
    type: "string",
    takes: "release",
    description: "The metadata.version, by the release that brought it: 3.9, 4.4-IV2. 3.7-IV2 when left out.",
    short: "r",
  },
  feature: {
    type: "string",
    takes: "feature=level",
    description: "The level of a feature; may be repeated.",
    repeated: true,
    short: "f",
  },
  standalone: {
    description: "Write into the metadata log that this node is its only voter.",
    short: "s",
    excludes: ["no-initial-controllers", "initial-controllers"],
  },
  "no-initial-controllers": {
    description: "Refused: Houska is always its own and only controller.",
    short: "N",
    excludes: ["initial-controllers"],
  },
  "initial-controllers": {
    type: "string",
    takes: "id@host:port:directory, ...",
    description: "Refused: Houska is always its own and only controller.",
    short: "I",
  },
  "add-scram": {
    type: "string",
    takes: "SCRAM-SHA-256=[name=...,password=...]",
    description: "Refused while there is no SASL.",
    repeated: true,
    short: "S",
  },
} as const;

export const formatAction = action({
  description: "Prepares the log directories of a broker for its first start.",
  options,
  async run(given, { output }) {
    refuse(
      given["no-initial-controllers"],
      "--no-initial-controllers",
      "Houska is its own and only controller",
    );
    refuse(given["initial-controllers"], "--initial-controllers", "Houska is its own and only controller");
    refuse(given["add-scram"].length > 0, "--add-scram", "there is no SASL to use the credential for");
    const featureLevels = featureLevelsOf({
      releaseVersion: given["release-version"],
      features: given.feature,
      standalone: given.standalone,
    });
    const { config, warnings } = await storageConfig(given.config);
    const logger = createLogger(
      "warn",
      (line) => output.complain(line.trimEnd()),
      () => new Date(),
    );
    for (const warning of warnings) logger.warn(warning);
    checkUnformatted(config, given["ignore-formatted"]);
    const clusterId = given["cluster-id"];
    const ignoreFormatted = given["ignore-formatted"];
    try {
      if (given.standalone) checkStandalone(config);
      const { directories } = await formatDirectories({
        ...{ disk: realDisk, config, logger, clusterId, ignoreFormatted, featureLevels },
        standalone: given.standalone,
      });
      for (const line of report(config, featureLevels, directories)) output.line(line);
    } catch (error) {
      if (error instanceof StartError) throw new ToolFailure(error.message);
      throw error;
    }
    return 0;
  },
});

function refuse(isGiven: unknown, option: string, why: string): void {
  if (isGiven) throw new ToolFailure(`${option} can't be done: ${why}`);
}

function checkUnformatted(config: ServerConfig, ignoreFormatted: boolean): void {
  if (ignoreFormatted) return;
  const formatted = directoriesOf(config).find((path) => realDisk.exists(`${path}/${META_PROPERTIES}`));
  if (formatted === undefined) return;
  throw new ToolFailure(
    `Log directory ${formatted} is already formatted. Use --ignore-formatted to ignore this directory and format ` +
      "the others.",
  );
}

function report(
  config: ServerConfig,
  featureLevels: ReadonlyMap<string, number>,
  directories: readonly string[],
): string[] {
  if (directories.length === 0) return ["All of the log directories are already formatted."];
  const level = featureLevels.get(METADATA_VERSION) ?? 0;
  const records = [...featureLevels].map(
    ([name, featureLevel]) =>
      `ApiMessageAndVersion(FeatureLevelRecord(name='${name}', featureLevel=${featureLevel}) at version 0)`,
  );
  const bootstrap = `records=[${records.join(", ")}], metadataVersionLevel=${level}, source=format command`;
  return [
    `Bootstrap metadata: BootstrapMetadata(${bootstrap})`,
    ...directories.map((path) => {
      const kind = path === config.metadataLogDir ? "metadata" : "data";
      return `Formatting ${kind} directory ${path} with ${METADATA_VERSION} ${releaseOf(level)}.`;
    }),
  ];
}
