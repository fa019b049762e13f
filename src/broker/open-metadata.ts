/**
 * Opens the metadata log of a broker's log directories.
 */
import type { Clock } from "../clock.ts";
import type { ServerConfig } from "../config/server-config.ts";
import type { Disk } from "../disk/disk.ts";
import { CLEAN_SHUTDOWN_FILE } from "../log/clean-shutdown.ts";
import type { LogDirectories } from "../metadata/log-directories.ts";
import { type ControllerEndpoint, Metadata } from "../metadata/metadata.ts";
import type { Logger } from "../observe/logger.ts";
import type { Uuid } from "../protocol/uuid.ts";
import type { DynamicConfig } from "./dynamic-config.ts";

interface OpenOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: (target: Uint8Array) => void;
  readonly logger: Logger;
  readonly directories: LogDirectories;
  readonly dynamicConfig: DynamicConfig;
  /** The feature levels of new directories; see MetadataOptions. */
  readonly featureLevels?: ReadonlyMap<string, number> | undefined;
  /** Whether the log of new directories itself names this node as the voter, whatever else the configuration says. */
  readonly standalone?: boolean;
}

/**
 * Reads the metadata, or begins it in new directories.
 *
 * @throws MetadataError when the log can't be used
 */
export function openMetadata(options: OpenOptions): Promise<Metadata> {
  const { disk, clock, random, logger, directories, dynamicConfig, featureLevels } = options;
  const config = dynamicConfig.current;
  const { clusterId, directoryIds, formatted } = directories;
  const idOf = (path: string): Uuid => {
    const id = directoryIds.get(path);
    if (id === undefined) throw new Error(`${path} has not been prepared`);
    return id;
  };
  const wasClosedCleanly = config.logDirs.every((path) => disk.exists(`${path}/${CLEAN_SHUTDOWN_FILE}`));
  const controllerEndpoints = endpointsOf(config, options.standalone ?? false);
  return Metadata.open({
    disk,
    directory: config.metadataLogDir,
    readFile: (path) => Bun.file(path).bytes(),
    clock,
    random,
    logger,
    nodeId: config.nodeId,
    clusterId,
    directoryId: idOf(config.metadataLogDir),
    // One that can't be used has none.
    directoryIds: config.logDirs.flatMap((path) => directoryIds.get(path) ?? []),
    config: () => dynamicConfig.current,
    uncleanShutdown: !formatted && !wasClosedCleanly,
    ...(controllerEndpoints && { controllerEndpoints }),
    ...(featureLevels && { featureLevels }),
  });
}

/**
 * Where the controllers are found by their bootstrap servers, the metadata log itself must name the voters, or Apache
 * Kafka could not go on with the directory.
 */
function endpointsOf(config: ServerConfig, standalone: boolean): ControllerEndpoint[] | undefined {
  if (!standalone && config.controllerQuorumBootstrapServers.length === 0) return undefined;
  const controllers = config.listeners.filter(({ controller }) => controller);
  if (controllers.length === 0) return undefined;
  return controllers.map(({ name, host, port }) => {
    const advertised = config.advertisedListeners.get(name);
    return {
      name,
      host: advertised?.host ?? (host === "" ? "localhost" : host),
      port: advertised?.port ?? port,
    };
  });
}
