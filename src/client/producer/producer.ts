/**
 * A producer: takes records, and sees to it that they get to their partitions.
 *
 * @example
 * const producer = new Producer(client, producerConfig(properties));
 * await producer.send({ topic: "words", key: null, value: Buffer.from("word") });
 * await producer.close();
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { NewRecord } from "../../records/builder.ts";
import type { KafkaClient } from "../client.ts";
import { TimeoutError } from "../errors.ts";
import type { TopicInfo } from "../topics.ts";
import { type Delivered, type ProducerBatch, recordSize } from "./batch.ts";
import type { ProducerConfig } from "./config.ts";
import { askForIdentity } from "./identity.ts";
import { PartitionQueue } from "./partition-queue.ts";
import { partitionOfKey, StickyPartition } from "./partitioner.ts";
import { Sender } from "./sender.ts";
import { TopicCache } from "./topic-cache.ts";
import { Transaction } from "./transaction.ts";

export interface ProducerRecord {
  readonly topic: string;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: NewRecord["headers"];
  /** Milliseconds since 1970; now where it is left out. */
  readonly timestamp?: number;
}

export class Producer {
  private readonly topics: TopicCache;
  private readonly sender: Sender;
  private readonly queues = new Map<string, PartitionQueue[]>();
  private readonly sticky = new Map<string, StickyPartition>();
  private readonly waitingForRoom: (() => void)[] = [];
  private buffered = 0;
  private transaction: Transaction | null = null;

  constructor(
    private readonly client: KafkaClient,
    private readonly config: ProducerConfig,
  ) {
    this.topics = new TopicCache(client, config.metadataMaxAgeMs, config.maxBlockMs);
    this.sender = new Sender(client, config, this.topics, (batch) => this.settled(batch));
  }

  /**
   * Takes a record. Returns a promise where that has to wait: for the topic to be known, or for room.
   *
   * @param delivered is told what has become of it
   */
  send(record: ProducerRecord, delivered?: Delivered): Promise<void> | undefined {
    const topic = this.topics.get(record.topic);
    if (topic === undefined || this.buffered >= this.config.bufferMemory) {
      return this.sendLater(record, delivered);
    }
    this.add(topic, record, delivered);
    return undefined;
  }

  /** Sends what it has, and resolves when it is known what has become of it all. */
  async flush(): Promise<void> {
    const batches: ProducerBatch[] = [];
    for (const queue of this.sender.queues) {
      queue.closeBatch();
      batches.push(...queue.unsettled());
    }
    this.sender.wake();
    await Promise.all(batches.map(({ settled }) => settled));
  }

  /** Takes the transactional id from whoever had it. Rejects with a KafkaError, and as `KafkaClient.retry` does. */
  async initTransactions(): Promise<void> {
    const { transactionalId } = this.config;
    if (transactionalId === null) throw new Error("the producer has no transactional.id");
    const identity = await askForIdentity(this.client, this.config);
    this.sender.identify(identity);
    this.transaction = new Transaction(this.client, transactionalId, identity);
    this.sender.transaction = this.transaction;
  }

  /** Commits what was sent since the last commit. Rejects as `initTransactions` does. */
  async commitTransaction(): Promise<void> {
    await this.flush();
    await this.transaction?.end(true);
  }

  /** Sends what is left. What a transaction has under way is given up. */
  async close(): Promise<void> {
    await this.flush();
    await this.transaction?.end(false);
    this.sender.close();
  }

  private async sendLater(record: ProducerRecord, delivered: Delivered | undefined): Promise<void> {
    const deadline = performance.now() + this.config.maxBlockMs;
    try {
      const topic = this.topics.get(record.topic) ?? (await this.topics.refresh(record.topic));
      while (this.buffered >= this.config.bufferMemory) await this.room(deadline);
      this.add(topic, record, delivered);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      if (delivered === undefined) throw failure;
      delivered(failure);
    }
  }

  private async room(deadline: number): Promise<void> {
    const { maxBlockMs } = this.config;
    if (performance.now() >= deadline) {
      throw new TimeoutError(
        `Failed to allocate memory within the configured max blocking time ${maxBlockMs} ms.`,
      );
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waitingForRoom.push(resolve);
    const timer = setTimeout(resolve, Math.max(1, deadline - performance.now()));
    await promise;
    clearTimeout(timer);
  }

  private add(topic: TopicInfo, record: ProducerRecord, delivered: Delivered | undefined): void {
    const size = recordSize(record);
    if (size > this.config.maxRequestSize) {
      const why = `which is larger than ${this.config.maxRequestSize}, which is the value of the max.request.size configuration.`;
      delivered?.(new KafkaError("MESSAGE_TOO_LARGE", `The message is ${size} bytes when serialized ${why}`));
      return;
    }
    const nowMs = performance.now();
    const queue = this.queue(topic.name, this.partitionFor(topic, record, size));
    const { key, value, headers = [], timestamp = Date.now() } = record;
    const hasBegunBatch = queue.append({ key, value, headers, timestamp }, delivered, nowMs);
    this.buffered += size;
    if (hasBegunBatch) this.sender.wake();
  }

  private partitionFor(topic: TopicInfo, { key }: ProducerRecord, size: number): number {
    if (key !== null && !this.config.ignoresKeys) return partitionOfKey(key, topic.partitions.length);
    let sticky = this.sticky.get(topic.name);
    if (sticky === undefined) {
      sticky = new StickyPartition(this.config.batchSize);
      this.sticky.set(topic.name, sticky);
    }
    return sticky.next(topic.partitions, size);
  }

  private queue(topic: string, partition: number): PartitionQueue {
    let queues = this.queues.get(topic);
    if (queues === undefined) {
      queues = [];
      this.queues.set(topic, queues);
    }
    let queue = queues[partition];
    if (queue === undefined) {
      queue = new PartitionQueue(topic, partition, this.config.batchSize);
      queues[partition] = queue;
      this.sender.queues.add(queue);
    }
    return queue;
  }

  private settled(batch: ProducerBatch): void {
    this.buffered -= batch.bytes;
    if (this.buffered >= this.config.bufferMemory) return;
    for (const resolve of this.waitingForRoom.splice(0)) resolve();
  }
}
