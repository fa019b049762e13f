/**
 * The parts of a broker that handlers work with, over a disk in memory and a clock whose hands a test moves, and a
 * client that talks to the handlers through the dispatcher, bytes and all.
 */

import type { Api, ApiTable } from "../../src/api/api.ts";
import type { BrokerParts } from "../../src/api/context.ts";
import { DelayedFetches } from "../../src/api/fetch/delayed-fetches.ts";
import { FetchSessions } from "../../src/api/fetch/sessions.ts";
import { ProducerIds } from "../../src/api/producer-ids.ts";
import { Replicas } from "../../src/api/replicas.ts";
import { PartitionMarkers } from "../../src/api/transaction-markers.ts";
import { maintenanceSettings } from "../../src/broker/log-settings.ts";
import { loadServerConfig } from "../../src/config/load.ts";
import { logConfigFrom } from "../../src/config/topic-config.ts";
import { GroupCoordinator } from "../../src/group/coordinator.ts";
import { LogManager } from "../../src/log/log-manager.ts";
import type { PartitionLog } from "../../src/log/partition-log.ts";
import { ChangeCollector } from "../../src/metadata/image/change.ts";
import { ClusterImage, type TopicImage } from "../../src/metadata/image/cluster-image.ts";
import type { Metadata } from "../../src/metadata/metadata.ts";
import type { RecordMessage } from "../../src/metadata/records.ts";
import { BrokerMetrics } from "../../src/observe/metrics/broker-metrics.ts";
import { type ErrorName, KafkaError } from "../../src/protocol/errors.ts";
import type { Decoded, Definition, Encodable, Fields } from "../../src/protocol/schema.ts";
import { type Uuid, uuidFromBytes } from "../../src/protocol/uuid.ts";
import { TransactionCoordinator } from "../../src/transaction/coordinator.ts";
import { SimulatedDisk } from "../disk/simulated-disk.ts";
import { ManualClock } from "../unit/net/support/manual-clock.ts";
import { type AskOptions, DispatchClient, TestConnection } from "./dispatch-client.ts";
import { lonePartition } from "./lone-partition.ts";

export const NODE_ID = 1;
const LOG_DIRECTORY = "/data";
const TOPIC_RESOURCE = 2;

type PartitionRecord = RecordMessage<"PartitionRecord">;

interface TopicOptions {
  /** A random one if not given. */
  readonly id?: Uuid;
  readonly partitions?: number;
  readonly configs?: Record<string, string>;
  /** What differs from a partition that this node leads alone, in epoch 0. */
  readonly partition?: Partial<PartitionRecord>;
}

export class TestBroker {
  readonly clock = new ManualClock();
  readonly disk = new SimulatedDisk();
  readonly logged: string[] = [];
  readonly connection = new TestConnection();
  readonly logs: LogManager;
  readonly parts: BrokerParts;
  private readonly image = new ClusterImage("cluster");
  private readonly client: DispatchClient;
  private nextProducerIds = 0n;
  private allocateProducerIds = () => {
    const firstProducerId = this.nextProducerIds;
    this.nextProducerIds += 1000n;
    return { firstProducerId, count: 1000 };
  };

  /** @param overrides broker configs, `key=value` each */
  constructor(apis: readonly Api[], ...overrides: string[]) {
    const { config } = loadServerConfig({ overrides: [`log.dirs=${LOG_DIRECTORY}`, ...overrides] });
    const configOf = (topic: string) => logConfigFrom(config, this.image.configs(TOPIC_RESOURCE, topic));
    const log = (message: string) => void this.logged.push(message);
    const logger = { debug: log, info: log, warn: log, error: log };
    this.disk.makeDirectory(LOG_DIRECTORY);
    this.logs = new LogManager({
      disk: this.disk,
      clock: this.clock,
      logger,
      directories: [{ path: LOG_DIRECTORY, directoryId: null }],
      configOf,
      topicIdOf: (topic) => this.image.topicByName(topic)?.id,
      settings: maintenanceSettings(config),
    });
    // Handlers read the image and nothing else; there is no metadata log behind it.
    const metadata = { image: this.image } as unknown as Metadata;
    const replicas = new Replicas(metadata, this.logs, NODE_ID);
    const producerIds = new ProducerIds(() => this.allocateProducerIds());
    const groups = new GroupCoordinator({
      nodeId: NODE_ID,
      config: () => config,
      metadata,
      logs: this.logs,
      clock: this.clock,
      randomBytes: (target) => void crypto.getRandomValues(target),
      logger,
    });
    this.parts = {
      config: () => config,
      clock: this.clock,
      logger,
      metadata,
      replicas,
      fetchSessions: new FetchSessions(this.clock, config.maxIncrementalFetchSessionCacheSlots),
      delayedFetches: new DelayedFetches(this.clock),
      producerIds,
      groups,
      transactions: new TransactionCoordinator({
        nodeId: NODE_ID,
        config: () => config,
        metadata,
        logs: this.logs,
        markers: new PartitionMarkers({ replicas, groups, clock: this.clock }),
        newProducerId: () => producerIds.take(),
        clock: this.clock,
        logger,
      }),
      apis: new Map(apis.map((api) => [api.key, api])) satisfies ApiTable,
      metrics: new BrokerMetrics(),
    };
    this.client = new DispatchClient(this.parts, this.connection);
  }

  createTopic(
    name: string,
    { partitions = 1, configs = {}, partition = {}, id }: TopicOptions = {},
  ): TopicImage {
    const topicId = id ?? uuidFromBytes(crypto.getRandomValues(Buffer.alloc(16)));
    const parts = this.image.parts;
    const change = new ChangeCollector();
    parts.topics.create({ name, topicId }, change);
    for (let partitionId = 0; partitionId < partitions; partitionId++) {
      parts.topics.putPartition({ ...lonePartition(NODE_ID), ...partition, topicId, partitionId }, change);
    }
    for (const [config, value] of Object.entries(configs)) {
      parts.configs.put({ resourceType: TOPIC_RESOURCE, resourceName: name, name: config, value }, change);
    }
    return this.parts.replicas.topicByName(name);
  }

  /** Gives no more producer ids than there are in the current block. */
  failProducerIds(error: ErrorName): void {
    this.allocateProducerIds = () => {
      throw new KafkaError(error, "no producer ids are to be had");
    };
  }

  deleteTopic(name: string): void {
    const { id: topicId, partitions } = this.parts.replicas.topicByName(name);
    this.image.parts.topics.remove({ topicId }, new ChangeCollector());
    this.image.parts.configs.removeTopic(name);
    const indexes = partitions.map(({ index }) => index);
    this.logs.delete(name, indexes);
  }

  /** From now on handlers that come to this topic fail as nobody foresaw. */
  breakTopic(name: string): void {
    const topics = this.parts.replicas;
    const leader = topics.leader.bind(topics);
    topics.leader = (topic, ...rest) => {
      if (topic.name === name) throw new TypeError("something is not what it should be");
      return leader(topic, ...rest);
    };
  }

  log(topic: string, partition = 0): PartitionLog {
    const { id } = this.parts.replicas.topicByName(topic);
    return this.logs.getOrCreate(topic, partition, id);
  }

  /** Asks, and waits for the answer; null when there is none. */
  ask<Q extends Fields, R extends Fields>(
    messages: readonly [Definition<Q>, Definition<R>],
    version: number,
    body: Encodable<Definition<Q>>,
    options?: AskOptions,
  ): Promise<Decoded<Definition<R>> | null> {
    return this.client.askUnanswered(messages, version, body, options);
  }
}
