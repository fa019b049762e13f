/**
 * Prepares a broker's log directories without starting it: what a first start would do, with the cluster's id and the
 * levels of its features given.
 */
import { systemClock } from "../clock.ts";
import type { ServerConfig } from "../config/server-config.ts";
import type { Disk } from "../disk/disk.ts";
import { lockDirectories } from "../log/directory-locks.ts";
import { prepareLogDirectories } from "../metadata/log-directories.ts";
import { META_PROPERTIES } from "../metadata/meta-properties.ts";
import type { Logger } from "../observe/logger.ts";
import { DynamicConfig } from "./dynamic-config.ts";
import { openMetadata } from "./open-metadata.ts";
import { StartError, startErrorOf } from "./start-error.ts";

export interface FormatOptions {
  readonly disk: Disk;
  readonly config: ServerConfig;
  readonly logger: Logger;
  /** A new one where it isn't given. */
  readonly clusterId: string | undefined;
  /** Whether directories that are formatted already are left as they are; otherwise they are an error. */
  readonly ignoreFormatted: boolean;
  readonly featureLevels: ReadonlyMap<string, number>;
  /** Whether the metadata log names this node as the voter (KIP-853). */
  readonly standalone: boolean;
}

export interface Formatted {
  readonly clusterId: string;
  /** Those that were formatted now. */
  readonly directories: readonly string[];
}

const random = (target: Uint8Array) => void crypto.getRandomValues(target);

/**
 * Formats the directories that the configuration names.
 *
 * @throws StartError when one of them is formatted already, is in use, or can't be formatted
 */
export async function formatDirectories(options: FormatOptions): Promise<Formatted> {
  const { disk, config, ignoreFormatted } = options;
  const paths = [...new Set([...config.logDirs, config.metadataLogDir])];
  const isFormatted = (path: string) => disk.exists(`${path}/${META_PROPERTIES}`);
  const formatted = paths.filter(isFormatted);
  if (formatted.length > 0 && !ignoreFormatted) {
    throw new StartError(
      `${formatted.join(", ")}: already formatted, for there is a ${META_PROPERTIES}. --ignore-formatted leaves that ` +
        "as it is and formats the others",
    );
  }
  try {
    const releaseLocks = lockDirectories(disk, paths);
    try {
      return await formatLocked(
        options,
        paths,
        paths.filter((path) => !isFormatted(path)),
      );
    } finally {
      releaseLocks();
    }
  } catch (error) {
    throw startErrorOf(error);
  }
}

async function formatLocked(
  { disk, config, logger, clusterId, featureLevels, standalone }: FormatOptions,
  paths: readonly string[],
  unformatted: readonly string[],
): Promise<Formatted> {
  const clock = systemClock;
  const directories = prepareLogDirectories({
    disk,
    directories: paths,
    nodeId: config.nodeId,
    clusterId,
    random,
    now: clock.now(),
  });
  if (unformatted.includes(config.metadataLogDir)) {
    const dynamicConfig = new DynamicConfig(config, logger);
    const metadata = await openMetadata({
      ...{ disk, clock, random, logger, directories, dynamicConfig, featureLevels, standalone },
    });
    metadata.close();
  }
  return { clusterId: directories.clusterId, directories: unformatted };
}
