/**
 * A broker's transactions, groups and logs over a disk that may lose its power at any write, without what takes long to
 * start. The handlers of the APIs are called as the dispatcher calls them, with messages instead of bytes.
 */

import type { Api } from "../../../../src/api/api.ts";
import type { BrokerParts, RequestContext } from "../../../../src/api/context.ts";
import { ProducerIds } from "../../../../src/api/producer-ids.ts";
import { Replicas } from "../../../../src/api/replicas.ts";
import { PartitionMarkers } from "../../../../src/api/transaction-markers.ts";
import { asKafkaError } from "../../../../src/api/unexpected.ts";
import { maintenanceSettings } from "../../../../src/broker/log-settings.ts";
import { loadServerConfig } from "../../../../src/config/load.ts";
import type { ServerConfig } from "../../../../src/config/server-config.ts";
import { type LogConfig, logConfigFrom } from "../../../../src/config/topic-config.ts";
import { GroupCoordinator } from "../../../../src/group/coordinator.ts";
import { LogManager } from "../../../../src/log/log-manager.ts";
import type { PartitionLog } from "../../../../src/log/partition-log.ts";
import { ChangeCollector } from "../../../../src/metadata/image/change.ts";
import { ClusterImage } from "../../../../src/metadata/image/cluster-image.ts";
import type { Metadata } from "../../../../src/metadata/metadata.ts";
import { BrokerMetrics } from "../../../../src/observe/metrics/broker-metrics.ts";
import { KafkaError } from "../../../../src/protocol/errors.ts";
import type { Decoded, Definition, Fields } from "../../../../src/protocol/schema.ts";
import { uuidFromBytes } from "../../../../src/protocol/uuid.ts";
import { TransactionCoordinator } from "../../../../src/transaction/coordinator.ts";
import type { SimulatedDisk } from "../../../disk/simulated-disk.ts";
import { TestConnection } from "../../../support/dispatch-client.ts";
import { lonePartition } from "../../../support/lone-partition.ts";
import { mortalClock } from "../../../support/mortal-clock.ts";
import type { ManualClock } from "../../net/support/manual-clock.ts";

const NODE_ID = 1;
const DIRECTORY = "/data";
const TOPICS = { t: 3, __transaction_state: 2, __consumer_offsets: 2 };

/** What outlives a broker. */
export interface Machine {
  readonly disk: SimulatedDisk;
  readonly clock: ManualClock;
  readonly settings: Settings;
  nextProducerId: bigint;
}

/** A configuration, and what follows from it for every topic. */
interface Settings {
  readonly config: ServerConfig;
  readonly logConfig: LogConfig;
}

/** Whether everything is flushed before it is acknowledged: then a power cut is survived, and else only a kill. */
export function settingsFor(flushes: boolean): Settings {
  const overrides = [`log.dirs=${DIRECTORY}`, "transaction.partition.verification.enable=true"];
  if (flushes) overrides.push("log.flush.interval.messages=1");
  const { config } = loadServerConfig({ overrides });
  return { config, logConfig: logConfigFrom(config, new Map()) };
}

const connection = new TestConnection();

export class SimulatedBroker {
  private readonly parts: BrokerParts;
  private readonly logs: LogManager;
  private isAlive = true;
  private readonly dies = Promise.withResolvers<void>();
  private readonly errors: string[] = [];

  /** Throws when the power goes while it starts. */
  constructor(private readonly machine: Machine) {
    const { disk, settings } = machine;
    const { config, logConfig } = settings;
    const clock = mortalClock(this.machine.clock, () => this.isAlive);
    const silent = () => undefined;
    const logger = {
      debug: silent,
      info: silent,
      warn: silent,
      error: (line: string) => void this.errors.push(line),
    };
    const image = new ClusterImage("cluster");
    makeTopics(image);
    if (!disk.exists(DIRECTORY)) disk.makeDirectory(DIRECTORY);
    this.logs = new LogManager({
      disk,
      clock,
      logger,
      directories: [{ path: DIRECTORY, directoryId: null }],
      configOf: () => logConfig,
      topicIdOf: (topic) => image.topicByName(topic)?.id,
      settings: maintenanceSettings(config),
    });
    this.logs.recover();
    // The image is all that the handlers ask the metadata for.
    const metadata = { image, subscribe: () => silent } as unknown as Metadata;
    const common = { nodeId: NODE_ID, config: () => config, metadata, logs: this.logs, clock, logger };
    const replicas = new Replicas(metadata, this.logs, NODE_ID);
    const groups = new GroupCoordinator({ ...common, randomBytes: (target) => void target.fill(1) });
    const producerIds = new ProducerIds(() => ({ firstProducerId: machine.nextProducerId++, count: 1 }));
    const transactions = new TransactionCoordinator({
      ...common,
      markers: new PartitionMarkers({ replicas, groups, clock }),
      newProducerId: () => producerIds.take(),
    });
    const parts: Omit<BrokerParts, "fetchSessions" | "delayedFetches" | "apis"> = {
      config: () => config,
      clock,
      logger,
      metadata,
      replicas,
      producerIds,
      groups,
      transactions,
      metrics: new BrokerMetrics(),
    };
    // No simulated client fetches.
    this.parts = parts as BrokerParts;
    groups.start();
    transactions.start();
  }

  /** It is gone, in the middle of whatever it was doing. */
  kill(): void {
    this.isAlive = false;
    this.dies.resolve();
  }

  log(topic: string, partition: number): PartitionLog {
    const { id } = this.parts.replicas.topicByName(topic);
    return this.logs.getOrCreate(topic, partition, id);
  }

  /** Errors that nobody should see but where the power went. */
  get unexpected(): readonly string[] {
    return this.errors;
  }

  /** Asks a handler; what it throws is put into the answer, as the dispatcher does. A dead broker ends connections. */
  async ask<Q extends Fields, R extends Fields>(
    api: Api,
    _messages: readonly [Definition<Q>, Definition<R>],
    apiVersion: number,
    body: Partial<Decoded<Definition<Q>>>,
  ): Promise<Decoded<Definition<R>>> {
    const context: RequestContext = {
      apiVersion,
      correlationId: 0,
      startedMs: 0,
      clientId: "c",
      connection,
      broker: this.parts,
    };
    const failed = (error: unknown) => api.fail(body, asKafkaError(error, api.name, context), context);
    const answered = (async () => api.handle(body, context))().catch(failed);
    const disconnected = this.dies.promise.then(() =>
      failed(new KafkaError("NETWORK_EXCEPTION", "it is dead")),
    );
    return (await Promise.race([disconnected, answered])) as Decoded<Definition<R>>;
  }
}

function makeTopics(image: ClusterImage): void {
  const change = new ChangeCollector();
  image.parts.features.set("transaction.version", 2);
  Object.entries(TOPICS).forEach(([name, count], index) => {
    const topicId = uuidFromBytes(Buffer.alloc(16, index + 1));
    image.parts.topics.create({ name, topicId }, change);
    for (let partitionId = 0; partitionId < count; partitionId++) {
      image.parts.topics.putPartition({ ...lonePartition(NODE_ID), topicId, partitionId }, change);
    }
  });
}
