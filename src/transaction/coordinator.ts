/**
 * The transaction coordinator: what the APIs call. It finds the shard that keeps a transactional id, decides there what
 * was asked, and completes what has been decided.
 *
 * All throw KafkaError: INVALID_REQUEST for an empty id; NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS or
 * COORDINATOR_NOT_AVAILABLE where the shard isn't there (yet); else what the decisions say. A promise is returned only
 * where flushing has to be waited for.
 */
import type { Clock, Timer } from "../clock.ts";
import type { ServerConfig } from "../config/server-config.ts";
import type { Outcome } from "../coordinator/outcome.ts";
import { Runtime } from "../coordinator/runtime.ts";
import { type Logs, TopicLogs } from "../coordinator/topic-logs.ts";
import type { MetadataChange } from "../metadata/image/change.ts";
import type { ClusterImage } from "../metadata/image/cluster-image.ts";
import type { Logger } from "../observe/logger.ts";
import { KafkaError } from "../protocol/errors.ts";
import { CompressionType } from "../records/compression/codec.ts";
import { addPartitions, type PartitionsOfTransaction, partitionsNotAdded } from "./add-partitions.ts";
import { type Ended, type EndTransaction, endTransaction } from "./end-transaction.ts";
import { TransactionEnds } from "./ends.ts";
import type { TransactionEnvironment } from "./environment.ts";
import { expireIds, timedOut } from "./expiry.ts";
import { fenced } from "./fence.ts";
import { InOrder } from "./in-order.ts";
import { type Initialized, type InitProducerId, initProducerId } from "./init-producer-id.ts";
import { listTransactions, type TransactionFilter } from "./list.ts";
import type { MarkerLogs } from "./markers.ts";
import type { TopicPartition } from "./partitions.ts";
import { concurrentTransactions } from "./producer-checks.ts";
import { transactionRecordCodec } from "./record-codec.ts";
import { TransactionShard } from "./shard.ts";
import {
  isTimedOut,
  type ProducerIdAndEpoch,
  type Transaction,
  type TransactionRecord,
} from "./transaction.ts";
import { TRANSACTION_TOPIC } from "./transaction-topic.ts";

const TRANSACTION_VERSION = "transaction.version";
/** How long after the start ids are loaded that nobody has asked for: their transactions may wait for their end. */
const LOAD_AFTER_MS = 50;

/** What the transaction coordinator is made of. */
export interface TransactionBroker {
  readonly nodeId: number;
  /** The configuration as it is now, dynamic changes included. */
  readonly config: () => TransactionConfig;
  readonly metadata: {
    readonly image: ClusterImage;
    subscribe(listener: (change: MetadataChange) => void): () => void;
  };
  readonly logs: Logs;
  /** Where the markers go that end transactions. */
  readonly markers: MarkerLogs;
  /** A producer id that nobody has had. */
  readonly newProducerId: () => bigint;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The broker configs that the coordinator acts on, by the fields of ServerConfig. */
export type TransactionConfig = Pick<
  ServerConfig,
  | "transactionMaxTimeoutMs"
  | "transactionalIdExpirationMs"
  | "transactionAbortTimedOutTransactionCleanupIntervalMs"
  | "transactionRemoveExpiredTransactionCleanupIntervalMs"
>;

export class TransactionCoordinator {
  private readonly runtime: Runtime<TransactionRecord, TransactionShard>;
  private readonly ends: TransactionEnds;
  private readonly environment: TransactionEnvironment;
  private readonly intervals = new Set<Timer>();
  private readonly order = new InOrder();
  private unsubscribe: () => void = () => {};

  constructor(private readonly broker: TransactionBroker) {
    const { clock, logger, metadata, logs, nodeId, markers, newProducerId } = broker;
    const topicLogs = new TopicLogs(TRANSACTION_TOPIC, () => metadata.image, logs, nodeId);
    const transactionVersion = () => metadata.image.features.get(TRANSACTION_VERSION) ?? 0;
    this.environment = { newProducerId, transactionVersion };
    this.runtime = new Runtime({
      topic: TRANSACTION_TOPIC,
      partitionCount: () => topicLogs.partitionCount(),
      logOf: (partition) => topicLogs.logOf(partition),
      withLog: () => topicLogs.withLog(),
      codec: transactionRecordCodec(transactionVersion),
      create: (timers) => new TransactionShard(timers, (ids) => this.completeLater(ids)),
      compression: () => CompressionType.none,
      answersAwait: "own",
      clock,
      logger,
    });
    const coordinatorEpoch = (partition: number) =>
      metadata.image.topicByName(TRANSACTION_TOPIC)?.partitions[partition]?.leaderEpoch ?? 0;
    this.ends = new TransactionEnds({ runtime: this.runtime, markers, coordinatorEpoch, logger });
  }

  /** Loads what there is to load, and from now on aborts and forgets what is due. */
  start(): void {
    const { config, metadata } = this.broker;
    this.unsubscribe = metadata.subscribe((change) => this.metadataChanged(change));
    this.runtime.loadLater(LOAD_AFTER_MS);
    this.every(
      () => config().transactionAbortTimedOutTransactionCleanupIntervalMs,
      () => this.abortTimedOut(),
    );
    this.every(
      () => config().transactionRemoveExpiredTransactionCleanupIntervalMs,
      () => this.expireIds(),
    );
  }

  /** Takes no more requests. Ends that are decided and not complete are completed after the next start. */
  close(): void {
    this.unsubscribe();
    for (const timer of this.intervals) timer.cancel();
    this.intervals.clear();
    this.runtime.close();
  }

  /** FindCoordinator: begins to load the id's shard. Throws NOT_COORDINATOR when another broker leads. */
  prepare(transactionalId: string): void {
    this.runtime.touch(this.partitionFor(transactionalId));
  }

  /** The partition of `__transaction_state` that keeps the id. Throws NOT_COORDINATOR while there is no such topic. */
  partitionFor(transactionalId: string): number {
    return this.runtime.partitionFor(transactionalId);
  }

  /**
   * Gives a producer its epoch.
   *
   * @throws KafkaError INVALID_TRANSACTION_TIMEOUT above `transaction.max.timeout.ms`; CONCURRENT_TRANSACTIONS, also
   *   where a transaction of the producer before has been aborted: the client is to ask again; PRODUCER_FENCED
   */
  initProducerId(request: InitProducerId): ProducerIdAndEpoch | Promise<ProducerIdAndEpoch> {
    const { transactionalId, timeoutMs } = request;
    requireId(transactionalId);
    if (timeoutMs <= 0 || timeoutMs > this.broker.config().transactionMaxTimeoutMs)
      throw invalidTimeout(timeoutMs);
    const done = this.write(transactionalId, (shard, nowMs) =>
      initProducerId(shard, request, this.environment, nowMs),
    );
    return andThen(done, (reply: Initialized) => {
      if (reply !== "aborts") return reply;
      return andThen(this.ends.complete(transactionalId), () => {
        throw concurrentTransactions();
      });
    });
  }

  /** See `addPartitions` in add-partitions.ts. */
  addPartitions(request: PartitionsOfTransaction, clientTransactionVersion: number): void | Promise<void> {
    requireId(request.transactionalId);
    return this.write(request.transactionalId, (shard, nowMs) =>
      addPartitions(shard, request, clientTransactionVersion, nowMs),
    );
  }

  /** See `partitionsNotAdded` in add-partitions.ts. */
  partitionsNotAdded(request: PartitionsOfTransaction): TopicPartition[] {
    requireId(request.transactionalId);
    return this.read(request.transactionalId, (shard) => partitionsNotAdded(shard, request));
  }

  /**
   * Ends a transaction; the markers have been tried once when it is answered. What the producer goes on with: -1 each
   * where it keeps what it has. See `endTransaction` in end-transaction.ts.
   */
  endTransaction(request: EndTransaction): ProducerIdAndEpoch | Promise<ProducerIdAndEpoch> {
    const { transactionalId } = request;
    requireId(transactionalId);
    const done = this.write(transactionalId, (shard, nowMs) =>
      endTransaction(shard, request, this.environment, nowMs),
    );
    return andThen(done, ({ producer, isDecided }: Ended) =>
      isDecided ? andThen(this.ends.complete(transactionalId), () => producer) : producer,
    );
  }

  /** Throws TRANSACTIONAL_ID_NOT_FOUND. */
  describe(transactionalId: string): Transaction {
    requireId(transactionalId);
    const transaction = this.read(transactionalId, (shard) => shard.transactions.get(transactionalId));
    if (transaction !== undefined) return transaction;
    throw new KafkaError("TRANSACTIONAL_ID_NOT_FOUND", `There is no transactional id ${transactionalId}.`);
  }

  /** The transactional ids that pass the filter. */
  list(filter: TransactionFilter): Transaction[] {
    return this.runtime.readAll((shard, nowMs) => listTransactions(shard, filter, nowMs)).flat();
  }

  /** Runs what is written in a producer's transactions in the order of the calls, even where one of them has to wait. */
  inOrder<T>(transactionalId: string, write: () => T | Promise<T>): T | Promise<T> {
    return this.order.run(transactionalId, write);
  }

  /** Writes, and lets nobody build on what was written before it is durable. */
  private write<Reply>(
    transactionalId: string,
    operation: (shard: TransactionShard, nowMs: number) => Outcome<TransactionRecord, Reply>,
  ): Reply | Promise<Reply> {
    const partition = this.partitionFor(transactionalId);
    let before: Transaction | undefined;
    const done = this.runtime.write(partition, (shard, nowMs) => {
      before = shard.transactions.get(transactionalId);
      return operation(shard, nowMs);
    });
    if (!(done instanceof Promise)) return done;
    const pending = this.runtime.read(partition, (shard) => shard.pending.set(transactionalId, before));
    return done.finally(() => pending.delete(transactionalId));
  }

  private read<Reply>(transactionalId: string, operation: (shard: TransactionShard) => Reply): Reply {
    return this.runtime.read(this.partitionFor(transactionalId), operation);
  }

  private completeLater(transactionalIds: readonly string[]): void {
    this.broker.clock.schedule(0, () => {
      for (const transactionalId of transactionalIds) this.ends.complete(transactionalId);
    });
  }

  private abortTimedOut(): void {
    this.runtime.writeAll(
      (shard, nowMs) => {
        const ids = timedOut(shard, nowMs);
        const afterwards = () => {
          for (const transactionalId of ids) this.abort(transactionalId);
        };
        return { records: [], reply: undefined, afterwards };
      },
      (partition, error) =>
        this.failed(`transactions of partition ${partition} could not be looked at`, error),
    );
  }

  private abort(transactionalId: string): void {
    const failed = (error: unknown) => this.failed(`${transactionalId} could not be aborted`, error);
    try {
      const done = andThen(
        this.write(transactionalId, (shard, nowMs) => this.fence(shard, transactionalId, nowMs)),
        () => this.ends.complete(transactionalId),
      );
      if (done instanceof Promise) done.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  private fence(
    shard: TransactionShard,
    transactionalId: string,
    nowMs: number,
  ): Outcome<TransactionRecord, void> {
    const transaction = shard.transactions.get(transactionalId);
    if (transaction === undefined || !isTimedOut(transaction, nowMs))
      return { records: [], reply: undefined };
    const { timeoutMs } = transaction;
    this.broker.logger.info(
      `The transaction of ${transactionalId} is aborted: it took more than ${timeoutMs} ms`,
    );
    return {
      records: [{ transactionalId, transaction: fenced(transaction, this.environment, nowMs) }],
      reply: undefined,
    };
  }

  private expireIds(): void {
    const { transactionalIdExpirationMs } = this.broker.config();
    this.runtime.writeAll(
      (shard, nowMs) => expireIds(shard, transactionalIdExpirationMs, nowMs),
      (partition, error) => this.failed(`ids of partition ${partition} could not be expired`, error),
    );
  }

  private every(intervalMs: () => number, run: () => void): void {
    const timer = this.broker.clock.schedule(intervalMs(), () => {
      this.intervals.delete(timer);
      this.every(intervalMs, run);
      run();
    });
    this.intervals.add(timer);
  }

  private metadataChanged({ deletedTopics }: MetadataChange): void {
    if (deletedTopics.some(({ name }) => name === TRANSACTION_TOPIC)) this.runtime.unload();
  }

  private failed(what: string, error: unknown): void {
    this.broker.logger.error(`${TRANSACTION_TOPIC}: ${what}: ${error}`);
  }
}

/** Goes on at once where there is nothing to wait for. */
function andThen<A, B>(value: A | Promise<A>, next: (value: A) => B | Promise<B>): B | Promise<B> {
  return value instanceof Promise ? value.then(next) : next(value);
}

function requireId(transactionalId: string): void {
  if (transactionalId !== "") return;
  throw new KafkaError("INVALID_REQUEST", "A transactional id may not be empty.");
}

function invalidTimeout(timeoutMs: number): KafkaError {
  return new KafkaError(
    "INVALID_TRANSACTION_TIMEOUT",
    `A transaction timeout of ${timeoutMs} ms is not positive, or larger than transaction.max.timeout.ms.`,
  );
}
