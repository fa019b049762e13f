/**
 * `houska format`: prepares log directories as kafka-storage.sh format does, so that the cluster's id and the levels of
 * its features are chosen by a person. The broker formats directories that are new by itself, too.
 */
import { formatDirectories } from "../../broker/format-directories.ts";
import { StartError } from "../../broker/start-error.ts";
import { ConfigError } from "../../config/load.ts";
import type { ServerConfig } from "../../config/server-config.ts";
import { realDisk } from "../../disk/real-disk.ts";
import { METADATA_VERSION } from "../../metadata/feature-levels.ts";
import { releaseOf } from "../../metadata/releases.ts";
import { createLogger } from "../../observe/logger.ts";
import { type Command, WrongUse } from "../command.ts";
import { loadConfig } from "../load-config.ts";
import { parseOptions } from "../options.ts";
import type { Output } from "../output.ts";
import { featureLevelsOf } from "./levels.ts";

const usage = `usage: houska format [--config server.properties] [options]

Prepares the directories of log.dirs and metadata.log.dir for a first start. Needed only where the cluster's id or the
levels of its features are to be chosen: the broker prepares new directories itself.

  -c, --config FILE              the properties file; without one as the broker does without one
  --override key=value           sets a property, stronger than the file; may be repeated
  -t, --cluster-id ID            the cluster's id; without it a new one, which is printed
  -s, --standalone               the metadata log names this node as its only voter, and not the configuration
  -g, --ignore-formatted         leaves directories that are formatted already as they are, and formats the others
  -r, --release-version VERSION  the metadata.version, by the release of Kafka it came with: 3.9, 4.4-IV2
  -f, --feature NAME=LEVEL       the level of a feature; may be repeated
`;

/** What kafka-storage.sh takes and Houska, which is a quorum of its own, has no use for. */
const otherQuorums = ["no-initial-controllers", "initial-controllers"] as const;

export const format: Command = { usage, run: formatWith };

async function formatWith(words: readonly string[], output: Output): Promise<number> {
  const request = requestOf(words);
  const featureLevels = featureLevelsOf(request);
  const logger = createLogger(
    "info",
    (line) => output.complain(line.trimEnd()),
    () => new Date(),
  );
  try {
    const { config, warnings } = await loadConfig(request.propertiesFile, request.overrides);
    for (const warning of warnings) logger.warn(warning);
    if (request.standalone) checkStandalone(config);
    const { clusterId, directories } = await formatDirectories({
      ...{ disk: realDisk, config, logger, featureLevels },
      ...request,
    });
    if (directories.length === 0) output.line("All log directories are formatted already.");
    const release = releaseOf(featureLevels.get(METADATA_VERSION) ?? 0);
    for (const directory of directories) {
      output.line(`Formatted ${directory} for node ${config.nodeId} of cluster ${clusterId}`);
      if (directory === config.metadataLogDir) output.line(`  with ${METADATA_VERSION} ${release}`);
    }
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) output.complain(`The configuration is wrong:\n${error.message}`);
    else if (error instanceof StartError) output.complain(`houska can't format: ${error.message}`);
    else throw error;
    return 1;
  }
}

function requestOf(words: readonly string[]) {
  const { values, positionals } = parseOptions(words, {
    config: { type: "string", short: "c" },
    override: { type: "string", multiple: true },
    "cluster-id": { type: "string", short: "t" },
    standalone: { type: "boolean", short: "s" },
    "ignore-formatted": { type: "boolean", short: "g" },
    "release-version": { type: "string", short: "r" },
    feature: { type: "string", short: "f", multiple: true },
    "no-initial-controllers": { type: "boolean", short: "N" },
    "initial-controllers": { type: "string", short: "I" },
  });
  const [unexpected] = positionals;
  if (unexpected !== undefined) {
    throw new WrongUse(`${unexpected} is not expected; a properties file is given by --config`);
  }
  for (const option of otherQuorums) {
    if (values[option] === undefined) continue;
    throw new WrongUse(`--${option}: Houska runs as the only controller; leave it out, or use --standalone`);
  }
  const clusterId = values["cluster-id"];
  if (clusterId?.trim() === "") throw new WrongUse("--cluster-id is empty");
  return {
    propertiesFile: values.config,
    overrides: values.override ?? [],
    clusterId,
    standalone: values.standalone ?? false,
    ignoreFormatted: values["ignore-formatted"] ?? false,
    releaseVersion: values["release-version"],
    features: values.feature ?? [],
  };
}

/** What the log says of the voters and what the configuration says must not differ. */
export function checkStandalone(config: ServerConfig): void {
  if (config.controllerQuorumVoters.length > 0) {
    throw new StartError(
      "with --standalone the metadata log names the voters, and controller.quorum.voters does so, too. Take out one " +
        "of them",
    );
  }
  if (!config.listeners.some(({ controller }) => controller)) {
    throw new StartError("--standalone needs a listener that controller.listener.names names");
  }
}
