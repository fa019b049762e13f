/**
 * Sends the batches of all partitions to their leaders: a batch of each partition in a request, a few requests at a
 * time to each broker, and again what failed in a way that may pass.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { BrokerConnection } from "../broker-connection.ts";
import type { KafkaClient } from "../client.ts";
import { NetworkError, TimeoutError } from "../errors.ts";
import { isRetriable } from "../retry.ts";
import type { ProducerBatch } from "./batch.ts";
import type { ProducerConfig } from "./config.ts";
import { askForIdentity, type ProducerIdentity } from "./identity.ts";
import type { PartitionQueue } from "./partition-queue.ts";
import { type Addressed, connectionForRecords, produce } from "./produce-request.ts";
import type { TopicCache } from "./topic-cache.ts";
import type { Transaction } from "./transaction.ts";

/** The broker misses batches of this producer, or has forgotten it: with a new id all can begin anew. */
const identityLost = new Set([
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
  "UNKNOWN_PRODUCER_ID",
  "INVALID_PRODUCER_EPOCH",
]);

export class Sender {
  readonly queues = new Set<PartitionQueue>();
  /** Set while a transaction is under way. */
  transaction: Transaction | null = null;
  private readonly requests = new Map<number, number>();
  private readonly turns = new Map<number, Promise<unknown>>();
  private identity: ProducerIdentity | null = null;
  private needsIdentity: boolean;
  private askingForIdentity = false;
  private failure: Error | null = null;
  private isWoken = false;
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** @param settled is told when it is known what has become of a batch */
  constructor(
    private readonly client: KafkaClient,
    private readonly config: ProducerConfig,
    private readonly topics: TopicCache,
    private readonly settled: (batch: ProducerBatch) => void,
  ) {
    this.needsIdentity = config.idempotence && config.transactionalId === null;
  }

  /** Gives it the id of a transactional producer. */
  identify(identity: ProducerIdentity): void {
    this.identity = identity;
  }

  /** Sends what may be sent now, when whoever calls has done what it is at. */
  wake(): void {
    if (this.isWoken) return;
    this.isWoken = true;
    queueMicrotask(() => {
      this.isWoken = false;
      this.dispatch();
    });
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private dispatch(): void {
    const nowMs = performance.now();
    for (const queue of this.queues) {
      queue.closeLingering(nowMs, this.config.lingerMs);
      this.expire(queue, nowMs);
    }
    if (!this.hasIdentity()) return;
    for (const [node, addressed] of this.addressed(nowMs)) {
      const requests = this.requests.get(node) ?? 0;
      if (requests >= this.config.maxInFlight) continue;
      this.requests.set(node, requests + 1);
      this.transmit(node, this.taken(addressed));
      // More may be waiting for the same broker.
      this.wake();
    }
    this.wakeLater(nowMs);
  }

  /** Whether the producer has the id that it needs; asks for one when all that was sent under the old one is back. */
  private hasIdentity(): boolean {
    if (!this.needsIdentity) return true;
    if (this.askingForIdentity || [...this.queues].some((queue) => queue.hasBatchesOnTheirWay)) return false;
    if ([...this.queues].every((queue) => queue.isIdle)) return false;
    this.askingForIdentity = true;
    askForIdentity(this.client, this.config)
      .then(
        (identity) => {
          this.identity = identity;
          this.needsIdentity = false;
          for (const queue of this.queues) queue.restartSequence();
        },
        (error) => this.failAll(error),
      )
      .finally(() => {
        this.askingForIdentity = false;
        this.wake();
      });
    return false;
  }

  /** The next batch of every partition, by the brokers that lead them. */
  private addressed(nowMs: number): Map<number, Addressed[]> {
    const byNode = new Map<number, Addressed[]>();
    for (const queue of this.queues) {
      const batch = queue.sendable(nowMs);
      if (batch === undefined) continue;
      const topic = this.topics.get(queue.topic);
      const leader = topic?.partitions[queue.partition]?.leader ?? -1;
      if (topic === undefined || leader < 0) {
        this.topics.refresh(queue.topic).then(
          () => this.wake(),
          () => {},
        );
        continue;
      }
      const others = byNode.get(leader);
      if (others === undefined) byNode.set(leader, [{ queue, batch, topic }]);
      else others.push({ queue, batch, topic });
    }
    return byNode;
  }

  /** As many of the batches as a request may hold, taken out of their queues. */
  private taken(addressed: readonly Addressed[]): Addressed[] {
    const taken: Addressed[] = [];
    let bytes = 0;
    for (const one of addressed) {
      bytes += one.batch.writer.sizeInBytes;
      if (taken.length > 0 && bytes > this.config.maxRequestSize) break;
      one.queue.take(this.config.idempotence);
      taken.push(one);
    }
    return taken;
  }

  private async transmit(node: number, batches: readonly Addressed[]): Promise<void> {
    let results: (Error | null)[];
    try {
      const connection = await this.turn(node, batches);
      for (const { batch } of batches) batch.attempts++;
      results = await produce(connection, this.config, this.identity, batches);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      results = batches.map(() => failure);
    }
    this.requests.set(node, (this.requests.get(node) ?? 1) - 1);
    for (const [index, addressed] of batches.entries()) this.finish(addressed, results[index] ?? null);
    this.wake();
  }

  /**
   * Resolves when it is the batches' turn: what they need may take longer than what later ones need, and nothing may
   * overtake them.
   */
  private turn(node: number, batches: readonly Addressed[]): Promise<BrokerConnection> {
    const before = this.turns.get(node) ?? Promise.resolve();
    const turn = before
      .catch(() => {})
      .then(() => this.addToTransaction(batches))
      .then(() => connectionForRecords(this.client, node));
    this.turns.set(node, turn);
    return turn;
  }

  private async addToTransaction(batches: readonly Addressed[]): Promise<void> {
    const partitions = batches.map(({ queue: { topic, partition } }) => ({ topic, partition }));
    const missing = this.transaction?.missing(partitions) ?? [];
    if (missing.length > 0) await this.transaction?.add(missing);
  }

  private finish(addressed: Addressed, error: Error | null): void {
    const { queue, batch, topic } = addressed;
    if (error === null || !this.mayTryAgain(addressed, error)) {
      queue.finish(batch);
      this.settle(batch, error);
      return;
    }
    queue.takeBack(batch, performance.now() + this.client.config.retryBackoffMs);
    this.topics.refresh(topic.name).catch(() => {});
  }

  private mayTryAgain({ queue, batch }: Addressed, error: Error): boolean {
    if (this.failure !== null || batch.attempts > this.config.retries) return false;
    if (performance.now() - batch.createdMs >= this.config.deliveryTimeoutMs) return false;
    const isLost = this.identity !== null && error instanceof KafkaError && identityLost.has(error.errorName);
    if (!isLost) return isRetriable(error) || error instanceof TimeoutError;
    if (!queue.isFirst(batch)) return true;
    this.needsIdentity = this.config.transactionalId === null;
    return this.needsIdentity;
  }

  /** Gives up batches that have waited too long to be sent. */
  private expire(queue: PartitionQueue, nowMs: number): void {
    for (let batch = queue.sendable(nowMs); batch !== undefined; batch = queue.sendable(nowMs)) {
      const ageMs = nowMs - batch.createdMs;
      if (this.failure === null && ageMs < this.config.deliveryTimeoutMs) return;
      queue.finish(batch);
      const what = `${batch.writer.count} record(s) for ${queue.topic}-${queue.partition}`;
      const why = `${Math.round(ageMs)} ms has passed since batch creation`;
      this.settle(batch, this.failure ?? new TimeoutError(`Expiring ${what}:${why}`));
    }
  }

  private settle(batch: ProducerBatch, error: Error | null): void {
    const told = error instanceof NetworkError ? new KafkaError("NETWORK_EXCEPTION", error.message) : error;
    batch.settle(told);
    this.settled(batch);
  }

  /** Without an id there is nothing more that it could do. */
  private failAll(error: unknown): void {
    this.failure = error instanceof Error ? error : new Error(String(error));
    this.needsIdentity = false;
    for (const queue of this.queues) queue.closeBatch();
  }

  private wakeLater(nowMs: number): void {
    this.close();
    const due = [...this.queues]
      .map((queue) => queue.dueMs(this.config.lingerMs))
      .filter((dueMs): dueMs is number => dueMs !== null && dueMs > nowMs);
    if (due.length === 0) return;
    this.timer = setTimeout(() => this.wake(), Math.max(1, Math.min(...due) - nowMs));
  }
}
