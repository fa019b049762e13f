/**
 * A coordinator: the partitions of its topic, each loaded when it is first asked for, or soon after the start when
 * there is something to load.
 */
import type { Clock, Timer } from "../clock.ts";
import type { Logger } from "../observe/logger.ts";
import { KafkaError } from "../protocol/errors.ts";
import type { CompressionType } from "../records/compression/codec.ts";
import type { CoordinatorLog, RecordCodec } from "./coordinator-log.ts";
import type { Outcome } from "./outcome.ts";
import { partitionOf } from "./partition-of.ts";
import { LOAD_SLICE_MS, notCoordinator, Shard } from "./shard.ts";
import type { StateMachine } from "./state-machine.ts";
import type { Timers } from "./timers.ts";
import type { TransactionEnd } from "./transaction-end.ts";
import type { TransactionalProducer } from "./writer.ts";

/** How often a start with much to load looks whether it may go on. */
const NEXT_LOAD_MS = 5;
/** A state that couldn't be loaded is not tried again sooner. */
const RETRY_LOAD_MS = 1000;

export interface RuntimeOptions<Record, State extends StateMachine<Record>> {
  readonly topic: string;
  /** How many partitions the topic has, 0 while there is no such topic. */
  readonly partitionCount: () => number;
  /** The log of a partition. Throws KafkaError when this broker doesn't lead it. */
  readonly logOf: (partition: number) => CoordinatorLog;
  /** The partitions that have a log: others have nothing to load. */
  readonly withLog: () => Iterable<number>;
  readonly codec: RecordCodec<Record>;
  readonly create: (timers: Timers<Record>) => State;
  /** What batches of records are compressed with. */
  readonly compression: () => CompressionType;
  /** See `ShardOptions`. */
  readonly answersAwait: "own" | "all";
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Held<Record, State extends StateMachine<Record>> {
  readonly shard: Shard<Record, State>;
  readonly sinceMs: number;
}

export class Runtime<Record, State extends StateMachine<Record>> {
  private readonly shards = new Map<number, Held<Record, State>>();
  private closed = false;
  private start: Timer | undefined;

  constructor(private readonly options: RuntimeOptions<Record, State>) {}

  /** The partition that keeps `id`. Throws NOT_COORDINATOR while the topic isn't there, as Kafka does. */
  partitionFor(id: string): number {
    const count = this.options.partitionCount();
    if (count === 0) throw notCoordinator();
    return partitionOf(id, count);
  }

  /** See `Shard.write`. */
  write<Reply>(
    partition: number,
    operation: (state: State, nowMs: number) => Outcome<Record, Reply>,
    producer?: TransactionalProducer,
  ): Reply | Promise<Reply> {
    return this.shard(partition).write(operation, producer);
  }

  /** See `Shard.read`. */
  read<Reply>(partition: number, operation: (state: State, nowMs: number) => Reply): Reply {
    return this.shard(partition).read(operation);
  }

  /** Reads every partition that may have a state. Throws COORDINATOR_LOAD_IN_PROGRESS until all are loaded. */
  readAll<Reply>(operation: (state: State, nowMs: number) => Reply): Reply[] {
    this.loadAll();
    return [...this.shards.values()].map(({ shard }) => shard.read(operation));
  }

  /** Runs an operation on every partition that may have a state, once it is loaded; `failed` is told what fails. */
  writeAll(
    operation: (state: State, nowMs: number) => Outcome<Record, void>,
    failed: (partition: number, error: unknown) => void,
  ): void {
    this.loadAll();
    for (const [partition, { shard }] of this.shards) {
      shard.whenLoaded(() => {
        try {
          const done = shard.write(operation);
          if (done instanceof Promise) done.catch((error: unknown) => failed(partition, error));
        } catch (error) {
          failed(partition, error);
        }
      });
    }
  }

  /** See `Shard.endTransaction`. */
  endTransaction(partition: number, end: TransactionEnd): Promise<void> | undefined {
    return this.shard(partition).endTransaction(end);
  }

  /** Begins to load a partition, so that it is likely to be ready when the first request comes. */
  touch(partition: number): void {
    this.shard(partition);
  }

  /** Loads, `delayMs` from now and one after the other, what there is to load: timers of its groups begin to run. */
  loadLater(delayMs: number): void {
    const queue = [...this.options.withLog()];
    const next = (): void => {
      if (![...this.shards.values()].some(({ shard }) => shard.isLoading)) this.loadFirst(queue);
      if (queue.length > 0) this.start = this.options.clock.schedule(NEXT_LOAD_MS, next);
    };
    this.start = this.options.clock.schedule(delayMs, next);
  }

  private loadFirst(queue: number[]): void {
    const partition = queue.shift();
    if (partition === undefined || partition >= this.options.partitionCount()) return;
    try {
      this.touch(partition);
    } catch (error) {
      this.options.logger.warn(`${this.options.topic}-${partition} could not be loaded: ${error}`);
    }
  }

  /** Gives up all states, because the topic is gone. */
  unload(): void {
    for (const { shard } of this.shards.values()) shard.unload(notCoordinator());
    this.shards.clear();
  }

  /** Gives up all states and takes no more requests. */
  close(): void {
    this.closed = true;
    this.start?.cancel();
    this.unload();
  }

  private loadAll(): void {
    const { clock, partitionCount, withLog } = this.options;
    const count = partitionCount();
    const endMs = clock.now() + LOAD_SLICE_MS;
    for (const partition of withLog()) {
      if (partition < count) this.shard(partition, Math.max(0, endMs - clock.now()));
    }
  }

  private shard(partition: number, firstSliceMs?: number): Shard<Record, State> {
    if (this.closed) {
      throw new KafkaError("COORDINATOR_NOT_AVAILABLE", "The coordinator is not available.");
    }
    const { clock, topic, logOf } = this.options;
    const held = this.shards.get(partition);
    if (held !== undefined && !(held.shard.hasFailed && clock.now() - held.sinceMs >= RETRY_LOAD_MS)) {
      return held.shard;
    }
    const options = { ...this.options, name: `${topic}-${partition}`, log: logOf(partition) };
    const shard = new Shard(options, firstSliceMs);
    this.shards.set(partition, { shard, sinceMs: clock.now() });
    return shard;
  }
}
