/**
 * A broker with all that transactions touch (metadata, logs, groups, the transaction coordinator) over a disk in memory,
 * which talks to the handlers through the dispatcher, bytes and all. It can be killed, and started again from what it
 * left.
 */
import { addOffsetsToTxn } from "../../src/api/add-offsets-to-txn.ts";
import { addPartitionsToTxn } from "../../src/api/add-partitions-to-txn.ts";
import type { Api } from "../../src/api/api.ts";
import type { BrokerParts } from "../../src/api/context.ts";
import { describeProducers } from "../../src/api/describe-producers.ts";
import { describeTransactions } from "../../src/api/describe-transactions.ts";
import { endTxn } from "../../src/api/end-txn.ts";
import { DelayedFetches } from "../../src/api/fetch/delayed-fetches.ts";
import { FetchSessions } from "../../src/api/fetch/sessions.ts";
import { findCoordinator } from "../../src/api/find-coordinator.ts";
import { initProducerId } from "../../src/api/init-producer-id.ts";
import { listTransactions } from "../../src/api/list-transactions.ts";
import { offsetCommit } from "../../src/api/offset-commit.ts";
import { offsetFetch } from "../../src/api/offset-fetch.ts";
import { produce } from "../../src/api/produce/produce.ts";
import { ProducerIds } from "../../src/api/producer-ids.ts";
import { Replicas } from "../../src/api/replicas.ts";
import { PartitionMarkers } from "../../src/api/transaction-markers.ts";
import { txnOffsetCommit } from "../../src/api/txn-offset-commit.ts";
import { writeTxnMarkers } from "../../src/api/write-txn-markers.ts";
import { GroupCoordinator } from "../../src/group/coordinator.ts";
import type { LogManager } from "../../src/log/log-manager.ts";
import type { PartitionLog } from "../../src/log/partition-log.ts";
import { BrokerMetrics } from "../../src/observe/metrics/broker-metrics.ts";
import type { Uuid } from "../../src/protocol/uuid.ts";
import { TransactionCoordinator } from "../../src/transaction/coordinator.ts";
import { SimulatedDisk } from "../disk/simulated-disk.ts";
import { ManualClock } from "../unit/net/support/manual-clock.ts";
import { DispatchClient } from "./dispatch-client.ts";
import { mortalClock } from "./mortal-clock.ts";
import { createTopic, NODE_ID, openStorage, randomBytes } from "./storage-in-memory.ts";

/** Partitions of each coordinator's topic: one is enough, and quick. */
const internalTopics = ["__transaction_state", "__consumer_offsets"];

const apis: readonly Api[] = [
  addOffsetsToTxn,
  addPartitionsToTxn,
  describeProducers,
  describeTransactions,
  endTxn,
  findCoordinator,
  initProducerId,
  listTransactions,
  offsetCommit,
  offsetFetch,
  produce,
  txnOffsetCommit,
  writeTxnMarkers,
];

interface StartOptions {
  /** Broker configs, `key=value` each. */
  readonly configs?: readonly string[];
  readonly disk?: SimulatedDisk;
  readonly clock?: ManualClock;
  /** Whether the coordinators' topics are there, with a partition each; else they are made when they are needed. */
  readonly withTopics?: boolean;
}

export class TransactionBroker extends DispatchClient {
  private constructor(
    readonly disk: SimulatedDisk,
    readonly clock: ManualClock,
    readonly parts: BrokerParts,
    readonly logs: LogManager,
    readonly logged: readonly string[],
    private readonly configs: readonly string[],
    private readonly life: { isOver: boolean },
  ) {
    super(parts);
  }

  static async start({
    configs = [],
    disk = new SimulatedDisk(),
    clock: hands = new ManualClock(),
    withTopics = true,
  }: StartOptions = {}): Promise<TransactionBroker> {
    const life = { isOver: false };
    const clock = mortalClock(hands, () => !life.isOver);
    const { config, metadata, logs, logger, logged } = await openStorage(configs, disk, clock);
    const common = { nodeId: NODE_ID, config: () => config, metadata, logs, clock, logger };
    const groups = new GroupCoordinator({ ...common, randomBytes });
    const replicas = new Replicas(metadata, logs, NODE_ID);
    const producerIds = new ProducerIds(() => metadata.controller.allocateProducerIds());
    const transactions = new TransactionCoordinator({
      ...common,
      markers: new PartitionMarkers({ replicas, groups, clock }),
      newProducerId: () => producerIds.take(),
    });
    const parts: BrokerParts = {
      config: () => config,
      clock,
      logger,
      metadata,
      replicas,
      fetchSessions: new FetchSessions(clock, config.maxIncrementalFetchSessionCacheSlots),
      delayedFetches: new DelayedFetches(clock),
      producerIds,
      groups,
      transactions,
      apis: new Map(apis.map((api) => [api.key, api])),
      metrics: new BrokerMetrics(),
    };
    const broker = new TransactionBroker(disk, hands, parts, logs, logged, configs, life);
    for (const name of withTopics ? internalTopics : []) {
      if (metadata.image.topicByName(name) === undefined) broker.createTopic(name);
    }
    groups.start();
    transactions.start();
    return broker;
  }

  /** Kills it, and starts another on what it has left. */
  async killed(): Promise<TransactionBroker> {
    this.life.isOver = true;
    const { disk, clock, configs } = this;
    disk.crash("keep");
    return TransactionBroker.start({ configs, disk, clock });
  }

  createTopic(name: string, numPartitions = 1): Uuid {
    return createTopic(this.parts.metadata, name, numPartitions);
  }

  deleteTopic(name: string): void {
    const topic = this.parts.metadata.image.topicByName(name);
    if (topic === undefined) throw new Error(`there is no topic ${name}`);
    this.parts.metadata.controller.deleteTopics([{ name: null, topicId: topic.id }]);
    const indexes = topic.partitions.map(({ index }) => index);
    this.logs.delete(name, indexes);
  }

  log(topic: string, partition = 0): PartitionLog {
    const { id } = this.parts.replicas.topicByName(topic);
    return this.logs.getOrCreate(topic, partition, id);
  }
}
