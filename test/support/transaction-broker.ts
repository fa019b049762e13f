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
import { createDispatcher } from "../../src/api/dispatch.ts";
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
import type { Clock } from "../../src/clock.ts";
import { loadServerConfig } from "../../src/config/load.ts";
import { logConfigFrom } from "../../src/config/topic-config.ts";
import { GroupCoordinator } from "../../src/group/coordinator.ts";
import { LogManager } from "../../src/log/log-manager.ts";
import type { PartitionLog } from "../../src/log/partition-log.ts";
import { Metadata } from "../../src/metadata/metadata.ts";
import { BrokerMetrics } from "../../src/observe/metrics/broker-metrics.ts";
import type { Decoded, Definition, Encodable, Fields } from "../../src/protocol/schema.ts";
import { type Uuid, uuidFromBytes } from "../../src/protocol/uuid.ts";
import { TransactionCoordinator } from "../../src/transaction/coordinator.ts";
import { SimulatedDisk } from "../disk/simulated-disk.ts";
import { ManualClock } from "../unit/net/support/manual-clock.ts";
import { TestConnection } from "./api-broker.ts";
import { readResponse, requestFrame } from "./raw-client.ts";

const NODE_ID = 1;
const DIRECTORY = "/data";
const DIRECTORY_ID = uuidFromBytes(Buffer.alloc(16, 7));
const CLUSTER_ID = "4L6g3nShT-eMCtK--X86sw";
const TOPIC_RESOURCE = 2;
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

export class TransactionBroker {
  private nextCorrelationId = 1;
  private readonly dispatch: ReturnType<typeof createDispatcher>;

  private constructor(
    readonly disk: SimulatedDisk,
    readonly clock: ManualClock,
    readonly parts: BrokerParts,
    readonly logs: LogManager,
    readonly logged: readonly string[],
    private readonly configs: readonly string[],
    private readonly life: { isOver: boolean },
  ) {
    this.dispatch = createDispatcher(parts);
  }

  static async start({
    configs = [],
    disk = new SimulatedDisk(),
    clock: hands = new ManualClock(),
    withTopics = true,
  }: StartOptions = {}): Promise<TransactionBroker> {
    const { config } = loadServerConfig({ overrides: [`log.dirs=${DIRECTORY}`, ...configs] });
    const logged: string[] = [];
    const log = (message: string) => void logged.push(message);
    const logger = { debug: log, info: log, warn: log, error: log };
    const randomBytes = (target: Uint8Array) => void crypto.getRandomValues(target);
    const life = { isOver: false };
    const clock = mortal(hands, life);
    disk.makeDirectory(DIRECTORY);
    const metadata = await Metadata.open({
      disk,
      directory: DIRECTORY,
      readFile: (path) => Promise.resolve(disk.readFile(path)),
      clock,
      random: randomBytes,
      logger,
      nodeId: NODE_ID,
      clusterId: CLUSTER_ID,
      directoryId: DIRECTORY_ID,
      directoryIds: [DIRECTORY_ID],
      config: () => config,
    });
    const { image } = metadata;
    const logs = new LogManager({
      disk,
      clock,
      logger,
      directories: [{ path: DIRECTORY, directoryId: DIRECTORY_ID }],
      configOf: (topic) => logConfigFrom(config, image.configs(TOPIC_RESOURCE, topic)),
      topicIdOf: (topic) => image.topicByName(topic)?.id,
      settings: {
        retentionCheckIntervalMs: config.logRetentionCheckIntervalMs,
        checkpointIntervalMs: config.logFlushOffsetCheckpointIntervalMs,
        producerIdExpirationMs: config.producerIdExpirationMs,
        producerIdExpirationCheckIntervalMs: 600_000,
      },
    });
    logs.recover();
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
      if (image.topicByName(name) === undefined) broker.createTopic(name);
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
    const topic = { name, numPartitions, replicationFactor: 1, assignments: [], configs: [] };
    const [result] = this.parts.metadata.controller.createTopics([topic], { validateOnly: false });
    if (result === undefined || result.error !== undefined) throw result?.error ?? new Error("no answer");
    return result.topicId;
  }

  deleteTopic(name: string): void {
    const topic = this.parts.metadata.image.topicByName(name);
    if (topic === undefined) throw new Error(`there is no topic ${name}`);
    this.parts.metadata.controller.deleteTopics([{ name: null, topicId: topic.id }]);
    for (const { index } of topic.partitions) this.logs.delete(name, index);
  }

  log(topic: string, partition = 0): PartitionLog {
    const { id } = this.parts.replicas.topicByName(topic);
    return this.logs.getOrCreate(topic, partition, id);
  }

  /** Asks as a client would, and waits for the answer. */
  async ask<Q extends Fields, R extends Fields>(
    [request, response]: readonly [Definition<Q>, Definition<R>],
    version: number,
    body: Encodable<Definition<Q>>,
  ): Promise<Decoded<Definition<R>>> {
    const correlationId = this.nextCorrelationId++;
    const frame = requestFrame(request, version, correlationId, body, "client");
    const reply = await this.dispatch(frame, new TestConnection());
    if (reply === null) throw new Error(`${request.name} has not been answered`);
    const bytes = Buffer.from(Buffer.concat(reply.buffers).subarray(4));
    reply.release();
    return readResponse(response, version, correlationId, bytes);
  }
}

/** A clock whose timers are gone when the process is. */
function mortal(clock: ManualClock, life: { isOver: boolean }): Clock {
  return {
    now: () => clock.now(),
    schedule: (delayMs, run) =>
      clock.schedule(delayMs, () => {
        if (!life.isOver) run();
      }),
  };
}
