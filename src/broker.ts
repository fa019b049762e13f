/**
 * Puts the parts together and takes them apart again. The only file that knows them all.
 */
import type { BrokerParts } from "./api/context.ts";
import { createDispatcher } from "./api/dispatch.ts";
import { DelayedFetches } from "./api/fetch/delayed-fetches.ts";
import { FetchSessions } from "./api/fetch/sessions.ts";
import { ProducerIds } from "./api/producer-ids.ts";
import { apis } from "./api/registry.ts";
import { Replicas } from "./api/replicas.ts";
import { PartitionMarkers } from "./api/transaction-markers.ts";
import type { AdminServer } from "./broker/admin/admin-server.ts";
import { DynamicConfig } from "./broker/dynamic-config.ts";
import { openListeners } from "./broker/listeners.ts";
import { cleanerSettings, maintenanceSettings } from "./broker/log-settings.ts";
import { type ClusterIdentity, type OpenDirectories, openDirectories } from "./broker/open-directories.ts";
import { openMetadata } from "./broker/open-metadata.ts";
import { startErrorOf } from "./broker/start-error.ts";
import { TopicConfigs } from "./broker/topic-configs.ts";
import { followMetadata } from "./broker/topic-logs.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { ServerConfig } from "./config/server-config.ts";
import type { Disk } from "./disk/disk.ts";
import { realDisk } from "./disk/real-disk.ts";
import { GroupCoordinator } from "./group/coordinator.ts";
import { LogManager } from "./log/log-manager.ts";
import { directoryOf } from "./metadata/directory-of.ts";
import type { Listener } from "./net/listener.ts";
import type { Logger } from "./observe/logger.ts";
import { BrokerMetrics } from "./observe/metrics/broker-metrics.ts";
import { TransactionCoordinator } from "./transaction/coordinator.ts";

export interface RunningBroker {
  readonly nodeId: number;
  readonly clusterId: string;
  /** How many topics there were at the start. */
  readonly topicCount: number;
  /** The listeners that are open, with the ports they really have. */
  readonly listeners: readonly Listener[];
  /** Where metrics and health are told, if they are. */
  readonly admin: { readonly hostname: string; readonly port: number } | null;
  /**
   * Takes no more requests, finishes those under way, and puts everything on disk. Resolves to false where a log
   * directory that failed could not be closed.
   */
  stop(): Promise<boolean>;
}

/** How long clients may take their last replies when the broker stops. */
const STOP_GRACE_MS = 500;

const clock: Clock = systemClock;
const disk: Disk = realDisk;
const random = (target: Uint8Array) => void crypto.getRandomValues(target);

/**
 * Starts a broker: locks and, where they are new, formats its log directories, reads the metadata, recovers logs that
 * were not closed cleanly, and listens.
 *
 * @throws StartError when it can't, with what to do about it; nothing is left open then
 */
export async function startBroker(
  config: ServerConfig,
  logger: Logger,
  identity?: ClusterIdentity,
): Promise<RunningBroker> {
  try {
    const opened = openDirectories({ disk, config, identity, random, now: clock.now() });
    let admin: AdminServer | null = null;
    try {
      admin = await openAdmin(config, logger);
      return await startOn(config, logger, opened, admin);
    } catch (error) {
      await admin?.close();
      opened.releaseLocks();
      throw error;
    }
  } catch (error) {
    throw startErrorOf(error);
  }
}

/** Nothing of it is loaded where nobody wants it. */
async function openAdmin({ houskaAdminHost, houskaAdminPort, nodeId }: ServerConfig, logger: Logger) {
  if (houskaAdminPort < 0) return null;
  const { AdminServer } = await import("./broker/admin/admin-server.ts");
  return new AdminServer({ hostname: houskaAdminHost, port: houskaAdminPort, nodeId, clock, logger });
}

async function startOn(
  config: ServerConfig,
  logger: Logger,
  { directories, failures, releaseLocks }: OpenDirectories,
  admin: AdminServer | null,
): Promise<RunningBroker> {
  const { nodeId } = config;
  const dynamicConfig = new DynamicConfig(config, logger);
  const metadata = await openMetadata({ disk, clock, random, logger, directories, dynamicConfig });
  const { image } = metadata;
  dynamicConfig.follow(image);
  const currentConfig = () => dynamicConfig.current;
  const topicConfigs = new TopicConfigs(image, currentConfig);
  const logs = new LogManager({
    disk,
    clock,
    logger,
    directories: config.logDirs.map((path) => ({
      path,
      directoryId: directories.directoryIds.get(path) ?? null,
      failure: failures.get(path),
    })),
    configOf: (topic) => topicConfigs.of(topic),
    topicIdOf: (topic) => image.topicByName(topic)?.id,
    directoryIdOf: (topic, index) => directoryOf(image.topicByName(topic)?.partitions[index], nodeId),
    settings: maintenanceSettings(config),
    cleaner: () => cleanerSettings(dynamicConfig.current),
    releaseLocks,
  });
  admin?.recovering();
  logs.reportStrays();
  await logs.recoverInTurns();
  followMetadata(metadata, logs, dynamicConfig);
  const delayedFetches = new DelayedFetches(clock);
  const groups = new GroupCoordinator({
    nodeId,
    config: currentConfig,
    metadata,
    logs,
    clock,
    randomBytes: random,
    logger,
  });
  const replicas = new Replicas(metadata, logs, nodeId);
  const producerIds = new ProducerIds(() => metadata.controller.allocateProducerIds());
  const transactions = new TransactionCoordinator({
    nodeId,
    config: currentConfig,
    metadata,
    logs,
    markers: new PartitionMarkers({ replicas, groups, clock }),
    newProducerId: () => producerIds.take(),
    clock,
    logger,
  });
  const metrics = new BrokerMetrics(admin !== null);
  metadata.subscribe(({ deletedTopics }) => {
    for (const { name } of deletedTopics) metrics.topics.forget(name);
  });
  const parts: BrokerParts = {
    config: currentConfig,
    clock,
    logger,
    metadata,
    replicas,
    fetchSessions: new FetchSessions(clock, config.maxIncrementalFetchSessionCacheSlots),
    delayedFetches,
    producerIds,
    groups,
    transactions,
    apis,
    metrics,
  };
  const dispatch = createDispatcher(parts);
  const putAway = async () => {
    transactions.close();
    groups.close();
    const isComplete = await logs.shutdown(metadata.brokerEpoch);
    metadata.close();
    return isComplete;
  };
  const listeners = await openListeners({ config: currentConfig, clock, logger, dispatch }).catch(
    async (error) => {
      await putAway();
      throw error;
    },
  );
  logs.start();
  groups.start();
  transactions.start();
  admin?.running({ parts, logs, topicConfigs, listeners, disk });
  return {
    nodeId,
    clusterId: image.clusterId,
    topicCount: image.topicNames().length,
    listeners,
    admin,
    async stop() {
      admin?.stopping();
      const closed = listeners.map((listener) => listener.close(STOP_GRACE_MS));
      delayedFetches.completeAll();
      groups.close();
      await Promise.all(closed);
      const isComplete = await putAway();
      await admin?.close();
      return isComplete;
    },
  };
}
