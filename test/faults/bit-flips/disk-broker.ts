/**
 * A whole broker but for its listeners, in this process, on any disk: put together as src/broker.ts does it.
 */

import { DelayedFetches } from "../../../src/api/fetch/delayed-fetches.ts";
import { FetchSessions } from "../../../src/api/fetch/sessions.ts";
import { ProducerIds } from "../../../src/api/producer-ids.ts";
import { apis } from "../../../src/api/registry.ts";
import { Replicas } from "../../../src/api/replicas.ts";
import { PartitionMarkers } from "../../../src/api/transaction-markers.ts";
import { DynamicConfig } from "../../../src/broker/dynamic-config.ts";
import { cleanerSettings, maintenanceSettings } from "../../../src/broker/log-settings.ts";
import { TopicConfigs } from "../../../src/broker/topic-configs.ts";
import { followMetadata } from "../../../src/broker/topic-logs.ts";
import type { Clock } from "../../../src/clock.ts";
import { loadServerConfig } from "../../../src/config/load.ts";
import type { Disk } from "../../../src/disk/disk.ts";
import { GroupCoordinator } from "../../../src/group/coordinator.ts";
import { CLEAN_SHUTDOWN_FILE } from "../../../src/log/clean-shutdown.ts";
import { LogManager } from "../../../src/log/log-manager.ts";
import { prepareLogDirectories } from "../../../src/metadata/log-directories.ts";
import { Metadata } from "../../../src/metadata/metadata.ts";
import { BrokerMetrics } from "../../../src/observe/metrics/broker-metrics.ts";
import type { Decoded, Definition, Encodable, Fields } from "../../../src/protocol/schema.ts";
import { TransactionCoordinator } from "../../../src/transaction/coordinator.ts";
import { DispatchClient } from "../../support/dispatch-client.ts";
import { ManualClock } from "../../unit/net/support/manual-clock.ts";

const NODE_ID = 1;
export const DIRECTORY = "/data";

export class DiskBroker {
  private constructor(
    readonly metadata: Metadata,
    readonly logs: LogManager,
    private readonly coordinators: readonly { close(): void }[],
    private readonly client: DispatchClient,
    /** Warnings and errors, a line each. */
    readonly logged: readonly string[],
  ) {}

  /** Opens what lies in `/data`, with configs as arguments give them. Throws what keeps a broker from starting. */
  static async open(
    disk: Disk,
    clock: Clock = new ManualClock(),
    overrides: readonly string[] = [],
  ): Promise<DiskBroker> {
    const logged: string[] = [];
    const log = (message: string) => void logged.push(message);
    const logger = { debug: () => {}, info: () => {}, warn: log, error: log };
    const random = (target: Uint8Array) => void crypto.getRandomValues(target);
    const { config } = loadServerConfig({ overrides: [`log.dirs=${DIRECTORY}`, ...overrides] });
    const { clusterId, directoryIds, formatted } = prepareLogDirectories({
      ...{ disk, directories: [DIRECTORY], nodeId: NODE_ID, random, now: clock.now() },
    });
    const directoryId = directoryIds.get(DIRECTORY);
    if (directoryId === undefined) throw new Error("the directory has no id");
    const dynamicConfig = new DynamicConfig(config, logger);
    const metadata = await Metadata.open({
      ...{ disk, clock, random, logger, nodeId: NODE_ID, clusterId, directoryId },
      directory: DIRECTORY,
      directoryIds: [directoryId],
      readFile: async (path) => disk.readFile(path),
      config: () => dynamicConfig.current,
      uncleanShutdown: !formatted && !disk.exists(`${DIRECTORY}/${CLEAN_SHUTDOWN_FILE}`),
    });
    const { image } = metadata;
    dynamicConfig.follow(image);
    const topicConfigs = new TopicConfigs(image, () => dynamicConfig.current);
    const logs = new LogManager({
      ...{ disk, clock, logger, directories: [{ path: DIRECTORY, directoryId }] },
      configOf: (topic) => topicConfigs.of(topic),
      topicIdOf: (topic) => image.topicByName(topic)?.id,
      settings: maintenanceSettings(config),
      cleaner: () => cleanerSettings(config),
    });
    logs.reportStrays();
    logs.recover();
    followMetadata(metadata, logs, dynamicConfig);
    const parts = {
      ...{ nodeId: NODE_ID, config: () => dynamicConfig.current, metadata, logs, clock, logger },
      randomBytes: random,
    };
    const groups = new GroupCoordinator(parts);
    const replicas = new Replicas(metadata, logs, NODE_ID);
    const producerIds = new ProducerIds(() => metadata.controller.allocateProducerIds());
    const transactions = new TransactionCoordinator({
      ...parts,
      markers: new PartitionMarkers({ replicas, groups, clock }),
      newProducerId: () => producerIds.take(),
    });
    const client = new DispatchClient({
      ...{ config: parts.config, clock, logger, metadata, groups, apis },
      ...{ replicas, producerIds, transactions },
      fetchSessions: new FetchSessions(clock, 10),
      delayedFetches: new DelayedFetches(clock),
      metrics: new BrokerMetrics(),
    });
    groups.start();
    transactions.start();
    const coordinators = [transactions, groups];
    return new DiskBroker(metadata, logs, coordinators, client, logged);
  }

  /** Asks as a client would, bytes and all, and waits for the answer. */
  request<Q extends Fields, R extends Fields>(
    request: Definition<Q>,
    response: Definition<R>,
    version: number,
    body: Encodable<Definition<Q>>,
  ): Promise<Decoded<Definition<R>>> {
    return this.client.ask([request, response], version, body);
  }

  /** Stops it in an orderly way. */
  async stop(): Promise<void> {
    for (const coordinator of this.coordinators) coordinator.close();
    await this.logs.shutdown(this.metadata.brokerEpoch);
    this.metadata.close();
  }
}
