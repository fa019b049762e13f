/**
 * Real metadata and real logs over a disk in memory, as a broker has them when it has started.
 */
import { maintenanceSettings } from "../../src/broker/log-settings.ts";
import type { Clock } from "../../src/clock.ts";
import { loadServerConfig } from "../../src/config/load.ts";
import { logConfigFrom } from "../../src/config/topic-config.ts";
import { LogManager } from "../../src/log/log-manager.ts";
import { Metadata, type MetadataOptions } from "../../src/metadata/metadata.ts";
import { type Uuid, uuidFromBytes } from "../../src/protocol/uuid.ts";
import type { SimulatedDisk } from "../disk/simulated-disk.ts";

export const NODE_ID = 1;
export const CLUSTER_ID = "4L6g3nShT-eMCtK--X86sw";
export const DIRECTORY = "/data";
export const DIRECTORY_ID = uuidFromBytes(Buffer.alloc(16, 7));
const TOPIC_RESOURCE = 2;

/** A logger that keeps what it is told. */
export function keepingLogger() {
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  return { logged, logger: { debug: log, info: log, warn: log, error: log } };
}

export const randomBytes = (target: Uint8Array) => void crypto.getRandomValues(target);

/** The metadata of a node whose only log directory is on `disk`. */
export function openMetadata(
  own: Pick<MetadataOptions, "clock" | "logger" | "config"> & { readonly disk: SimulatedDisk },
): Promise<Metadata> {
  own.disk.makeDirectory(DIRECTORY);
  return Metadata.open({
    ...own,
    directory: DIRECTORY,
    readFile: (path) => Promise.resolve(own.disk.readFile(path)),
    random: randomBytes,
    nodeId: NODE_ID,
    clusterId: CLUSTER_ID,
    directoryId: DIRECTORY_ID,
    directoryIds: [DIRECTORY_ID],
  });
}

/**
 * @param configs broker configs, `key=value` each
 * @param disk empty, or as another broker has left it
 */
export async function openStorage(configs: readonly string[], disk: SimulatedDisk, clock: Clock) {
  const { config } = loadServerConfig({ overrides: [`log.dirs=${DIRECTORY}`, ...configs] });
  const { logged, logger } = keepingLogger();
  const metadata = await openMetadata({ disk, clock, logger, config: () => config });
  const { image } = metadata;
  const logs = new LogManager({
    disk,
    clock,
    logger,
    directories: [{ path: DIRECTORY, directoryId: DIRECTORY_ID }],
    configOf: (topic) => logConfigFrom(config, image.configs(TOPIC_RESOURCE, topic)),
    topicIdOf: (topic) => image.topicByName(topic)?.id,
    settings: maintenanceSettings(config),
  });
  logs.recover();
  return { config, metadata, logs, logger, logged };
}

/** Makes a topic, as a client's request would. */
export function createTopic({ controller }: Metadata, name: string, numPartitions: number): Uuid {
  const topic = { name, numPartitions, replicationFactor: 1, assignments: [], configs: [] };
  const [result] = controller.createTopics([topic], { validateOnly: false });
  if (result === undefined || result.error !== undefined) throw result?.error ?? new Error("no answer");
  return result.topicId;
}
