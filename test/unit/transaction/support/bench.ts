/**
 * The transaction coordinator over real logs on a disk in memory, and producers that do what clients do.
 */

import { maintenanceSettings } from "../../../../src/broker/log-settings.ts";
import { loadServerConfig } from "../../../../src/config/load.ts";
import { logConfigFrom } from "../../../../src/config/topic-config.ts";
import { buildTransactionEnd, type TransactionEnd } from "../../../../src/coordinator/transaction-end.ts";
import { LogManager } from "../../../../src/log/log-manager.ts";
import type { PartitionLog } from "../../../../src/log/partition-log.ts";
import { ChangeCollector, type MetadataChange } from "../../../../src/metadata/image/change.ts";
import { ClusterImage } from "../../../../src/metadata/image/cluster-image.ts";
import { KafkaError } from "../../../../src/protocol/errors.ts";
import { uuidFromBytes } from "../../../../src/protocol/uuid.ts";
import { buildBatch } from "../../../../src/records/builder.ts";
import { RecordCursor } from "../../../../src/records/record-cursor.ts";
import { TransactionCoordinator } from "../../../../src/transaction/coordinator.ts";
import type { MarkerLogs } from "../../../../src/transaction/markers.ts";
import { byTopic } from "../../../../src/transaction/partitions.ts";
import { transactionRecordCodec } from "../../../../src/transaction/record-codec.ts";
import type {
  ProducerIdAndEpoch,
  Transaction,
  TransactionRecord,
} from "../../../../src/transaction/transaction.ts";
import { TRANSACTION_TOPIC } from "../../../../src/transaction/transaction-topic.ts";
import { SimulatedDisk } from "../../../disk/simulated-disk.ts";
import { lonePartition } from "../../../support/lone-partition.ts";
import { mortalClock } from "../../../support/mortal-clock.ts";
import { ManualClock } from "../../net/support/manual-clock.ts";

const NODE_ID = 1;
const DIRECTORY = "/data";
const PRODUCER_IDS_PER_START = 1000n;

export interface BenchOptions {
  readonly disk?: SimulatedDisk;
  readonly clock?: ManualClock;
  /** Broker configs, `key=value` each. */
  readonly configs?: readonly string[];
  readonly transactionVersion?: number;
  /** Topics and how many partitions they have. */
  readonly topics?: Readonly<Record<string, number>>;
  /** Where markers go, around the way they usually go. */
  readonly markers?: (usual: MarkerLogs) => MarkerLogs;
  readonly firstProducerId?: bigint;
}

const defaultTopics = { t: 3, [TRANSACTION_TOPIC]: 1 };

export class Bench {
  readonly disk: SimulatedDisk;
  readonly clock: ManualClock;
  readonly logged: string[] = [];
  readonly logs: LogManager;
  readonly image = new ClusterImage("cluster");
  readonly coordinator: TransactionCoordinator;
  /** What the metadata would tell those who follow it. */
  change: (change: MetadataChange) => void = () => undefined;
  private nextProducerId: bigint;
  private isAlive = true;

  constructor(private readonly options: BenchOptions = {}) {
    const { disk = new SimulatedDisk(), configs = [] } = options;
    this.disk = disk;
    this.clock = options.clock ?? new ManualClock();
    const clock = mortalClock(this.clock, () => this.isAlive);
    this.nextProducerId = options.firstProducerId ?? 0n;
    const { config } = loadServerConfig({ overrides: [`log.dirs=${DIRECTORY}`, ...configs] });
    const log = (message: string) => void this.logged.push(message);
    const logger = { debug: log, info: log, warn: log, error: log };
    if (!disk.exists(DIRECTORY)) disk.makeDirectory(DIRECTORY);
    this.makeTopics();
    this.logs = new LogManager({
      disk,
      clock,
      logger,
      directories: [{ path: DIRECTORY, directoryId: null }],
      configOf: () => logConfigFrom(config, new Map()),
      topicIdOf: (topic) => this.image.topicByName(topic)?.id,
      settings: maintenanceSettings(config),
    });
    this.logs.recover();
    const usual: MarkerLogs = { write: (topic, partition, end) => this.writeMarker(topic, partition, end) };
    this.coordinator = new TransactionCoordinator({
      nodeId: NODE_ID,
      config: () => config,
      metadata: {
        image: this.image,
        subscribe: (listener) => {
          this.change = listener;
          return () => undefined;
        },
      },
      logs: this.logs,
      markers: options.markers?.(usual) ?? usual,
      newProducerId: () => this.nextProducerId++,
      clock,
      logger,
    });
    this.coordinator.start();
  }

  /** Kills this broker, and starts another on what it has left. */
  next(options: BenchOptions = {}): Bench {
    const { disk, clock } = this;
    this.isAlive = false;
    disk.crash("keep");
    const firstProducerId = (this.options.firstProducerId ?? 0n) + PRODUCER_IDS_PER_START;
    return new Bench({ ...this.options, disk, clock, firstProducerId, ...options });
  }

  async stop(): Promise<void> {
    this.coordinator.close();
    await this.logs.shutdown();
  }

  log(topic: string, partition = 0): PartitionLog {
    const id = this.image.topicByName(topic)?.id;
    if (id === undefined) throw new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", "no such topic");
    return this.logs.getOrCreate(topic, partition, id);
  }

  /** The records of `__transaction_state`'s first partition, in order. */
  records(): TransactionRecord[] {
    return recordsIn(this.log(TRANSACTION_TOPIC));
  }

  init(transactionalId: string, timeoutMs = 60_000, expected?: ProducerIdAndEpoch) {
    return this.coordinator.initProducerId({ transactionalId, timeoutMs, expected });
  }

  /** InitProducerId, answered at once. */
  initNow(transactionalId: string, timeoutMs = 60_000, expected?: ProducerIdAndEpoch): ProducerIdAndEpoch {
    return atOnce(this.init(transactionalId, timeoutMs, expected));
  }

  add(transactionalId: string, producer: ProducerIdAndEpoch, partitions: number[], topic = "t", version = 2) {
    const request = { transactionalId, ...producer, partitions: [{ topic, partitions }] };
    return this.coordinator.addPartitions(request, version);
  }

  end(transactionalId: string, producer: ProducerIdAndEpoch, result: "commit" | "abort", version = 2) {
    return this.coordinator.endTransaction({
      transactionalId,
      ...producer,
      result,
      clientTransactionVersion: version,
    });
  }

  /** EndTxn, answered at once. */
  endNow(...request: Parameters<Bench["end"]>): ProducerIdAndEpoch {
    return atOnce(this.end(...request));
  }

  /** Puts a record into `__transaction_state`, before anybody has loaded it. */
  write(transaction: Transaction): void {
    const { transactionalId } = transaction;
    const { key, value } = transactionRecordCodec(() => 2).encode({ transactionalId, transaction });
    const records = [{ timestamp: this.clock.now(), key, value }];
    const batch = buildBatch({ baseOffset: 0, partitionLeaderEpoch: 0, records });
    this.log(TRANSACTION_TOPIC).append(batch, { leaderEpoch: 0, origin: "coordinator" });
  }

  private makeTopics(): void {
    const { topics = defaultTopics, transactionVersion = 2 } = this.options;
    const { parts } = this.image;
    const collector = new ChangeCollector();
    parts.features.set("transaction.version", transactionVersion);
    Object.entries(topics).forEach(([name, count], index) => {
      const topicId = uuidFromBytes(Buffer.alloc(16, index + 1));
      parts.topics.create({ name, topicId }, collector);
      for (let partitionId = 0; partitionId < count; partitionId++) {
        parts.topics.putPartition({ ...lonePartition(NODE_ID), topicId, partitionId }, collector);
      }
    });
  }

  private writeMarker(topic: string, partition: number, end: TransactionEnd): Promise<void> | undefined {
    const { transactionVersion } = end;
    const batch = buildTransactionEnd(end, this.clock.now());
    const options = { leaderEpoch: 0, origin: "coordinator", transactionVersion } as const;
    return this.log(topic, partition).append(batch, options).flushed ?? undefined;
  }
}

/** The records of a log of `__transaction_state`. */
export function recordsIn(log: PartitionLog): TransactionRecord[] {
  const codec = transactionRecordCodec(() => 2);
  const found: TransactionRecord[] = [];
  for (const { buffer, at } of log.readBatches()) {
    const cursor = new RecordCursor(buffer, at);
    while (cursor.next()) {
      const record = codec.decode(cursor.key(), cursor.value());
      if (typeof record !== "number") found.push(record);
    }
  }
  return found;
}

/** A record in short: id, state, producer, and what else there is to say. */
export function told({ transactionalId, transaction }: TransactionRecord): string {
  if (transaction === null) return `${transactionalId} -`;
  const { state, producerId, previousProducerId, nextProducerId, producerEpoch, timeoutMs } = transaction;
  const partitions = byTopic(transaction.partitions)
    .flatMap(({ topic, partitions }) => partitions.map((partition) => `${topic}-${partition}`))
    .sort()
    .join(",");
  const ids = `${previousProducerId}>${producerId}>${nextProducerId}`;
  const version = transaction.clientTransactionVersion;
  return `${transactionalId} ${state} ${ids} epoch ${producerEpoch} timeout ${timeoutMs} version ${version} [${partitions}]`;
}

/** What is not a promise. */
export function atOnce<T>(reply: T | Promise<T>): T {
  if (reply instanceof Promise) throw new Error("it has to be waited for");
  return reply;
}

/** An id that nothing is going on with. */
export function idle(transactionalId: string, producer: ProducerIdAndEpoch): Transaction {
  return {
    transactionalId,
    ...producer,
    previousProducerId: producer.producerId,
    nextProducerId: -1n,
    lastProducerEpoch: -1,
    timeoutMs: 60_000,
    state: "Empty",
    partitions: new Map(),
    startMs: -1,
    lastUpdateMs: 1_700_000_000_000,
    clientTransactionVersion: 2,
  };
}
