/**
 * One partition of a coordinator's topic: its log, the state that has been replayed from it, and its timers. Operations
 * run one after the other; each writes its records, replays them, and only then counts.
 */
import type { Clock } from "../clock.ts";
import type { Logger } from "../observe/logger.ts";
import { KafkaError } from "../protocol/errors.ts";
import type { CompressionType } from "../records/compression/codec.ts";
import type { CoordinatorLog, RecordCodec } from "./coordinator-log.ts";
import type { Outcome } from "./outcome.ts";
import { LogReplay } from "./replay-log.ts";
import { ShardTimers } from "./shard-timers.ts";
import type { StateMachine } from "./state-machine.ts";
import { storageError } from "./storage-error.ts";
import type { Timers } from "./timers.ts";
import { buildTransactionEnd, type TransactionEnd } from "./transaction-end.ts";
import { divide, type TransactionalProducer, type Written, writeBatch } from "./writer.ts";

/** How long a load may hold up the broker at a time. */
export const LOAD_SLICE_MS = 20;

export interface ShardOptions<Record, State extends StateMachine<Record>> {
  /** For log lines: "__consumer_offsets-3". */
  readonly name: string;
  readonly log: CoordinatorLog;
  readonly codec: RecordCodec<Record>;
  readonly create: (timers: Timers<Record>) => State;
  readonly compression: () => CompressionType;
  /**
   * What an answer waits for, where the topic has a flush policy: the flush of its own records, or of all that is in the
   * log when it is given. "own" is for states that see to it themselves that nobody builds on what may yet be lost.
   */
  readonly answersAwait: "own" | "all";
  readonly clock: Clock;
  readonly logger: Logger;
}

type Status = "loading" | "loaded" | "failed" | "unloaded";

const NO_PRODUCER = -1n;

export class Shard<Record, State extends StateMachine<Record>> {
  private status: Status = "loading";
  private readonly state: State;
  private readonly timers: ShardTimers<Record>;
  private readonly awaitLoad: (() => void)[] = [];
  /** The last flush that is under way. */
  private flushing: Promise<void> | null = null;

  /**
   * Begins to load; a short log is loaded when this returns.
   *
   * @param firstSliceMs how long this may hold up the caller; the rest is loaded in the background
   */
  constructor(
    private readonly options: ShardOptions<Record, State>,
    firstSliceMs = LOAD_SLICE_MS,
  ) {
    this.timers = new ShardTimers(options.clock, (key, expire) => this.expire(key, expire));
    this.state = options.create(this.timers);
    const { log, codec, clock } = options;
    this.load(new LogReplay(log, codec, this.state), clock.now(), firstSliceMs);
  }

  get isLoading(): boolean {
    return this.status === "loading";
  }

  /** Whether the log couldn't be replayed, or what was written couldn't be: the state is worth nothing. */
  get hasFailed(): boolean {
    return this.status === "failed";
  }

  /**
   * Runs an operation that may write.
   *
   * @throws KafkaError COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR, what the operation throws, or storageError of what
   *   the log throws
   */
  write<Reply>(
    operation: (state: State, nowMs: number) => Outcome<Record, Reply>,
    producer?: TransactionalProducer,
  ): Reply | Promise<Reply> {
    this.check();
    const nowMs = this.options.clock.now();
    const { records, divisible, reply, afterwards } = operation(this.state, nowMs);
    let flushed: Promise<void> | null = null;
    try {
      for (const part of this.parts(records, divisible)) flushed = this.commit(part, nowMs, producer);
    } catch (error) {
      // The reply, if it is still awaited, has been overtaken by the error.
      if (reply instanceof Promise) reply.catch(() => undefined);
      afterwards?.(error instanceof KafkaError ? storageError(error) : unexpected());
      throw error instanceof KafkaError ? storageError(error) : error;
    }
    afterwards?.();
    return this.whenFlushed(reply, flushed ?? this.flushing);
  }

  /** Runs an operation that only looks. Throws as `write` does. */
  read<Reply>(operation: (state: State, nowMs: number) => Reply): Reply {
    this.check();
    return operation(this.state, this.options.clock.now());
  }

  /** Runs `run` at once, or when the log is loaded; never if it can't be. */
  whenLoaded(run: () => void): void {
    if (this.isLoading) this.awaitLoad.push(run);
    else run();
  }

  /** Ends a producer's transaction in this partition. Throws as `write` does. */
  endTransaction(end: TransactionEnd): Promise<void> | undefined {
    this.check();
    try {
      const batch = buildTransactionEnd(end, this.options.clock.now());
      const { flushed } = this.options.log.append(batch, end.transactionVersion);
      this.follow(flushed);
      this.replay(() => this.state.replayTransactionEnd?.(end.producerId, end.result));
      return flushed?.catch(rethrow);
    } catch (error) {
      rethrow(error);
    }
  }

  /** Gives the state up. Whoever waits is answered with `error`. */
  unload(error: KafkaError): void {
    if (this.status === "unloaded") return;
    this.status = "unloaded";
    this.timers.clear();
    this.state.unloaded?.(error);
  }

  private check(): void {
    if (this.status === "loaded") return;
    if (this.status === "loading") {
      throw new KafkaError(
        "COORDINATOR_LOAD_IN_PROGRESS",
        "The coordinator is loading and hence can't process requests.",
      );
    }
    throw notCoordinator();
  }

  private load(replay: LogReplay<Record>, startMs: number, sliceMs = LOAD_SLICE_MS): void {
    if (this.status !== "loading") return;
    const { clock, logger, name } = this.options;
    try {
      const sliceStartMs = clock.now();
      if (!replay.slice(() => clock.now() - sliceStartMs >= sliceMs)) {
        clock.schedule(0, () => this.load(replay, startMs));
        return;
      }
      this.status = "loaded";
      this.state.loaded?.(clock.now());
    } catch (error) {
      logger.error(`${name} could not be loaded: ${trace(error)}`);
      this.fail();
      return;
    }
    for (const [type, count] of replay.unknownTypes) {
      logger.warn(
        `${name} holds ${count} records of type ${type}, which nobody here knows; they are left alone`,
      );
    }
    if (replay.records > 0) {
      logger.debug(`${name}: ${replay.records} records loaded in ${clock.now() - startMs} ms`);
    }
    for (const run of this.awaitLoad.splice(0)) run();
  }

  private *parts(records: readonly Record[], divisible: boolean | undefined): Generator<readonly Record[]> {
    if (divisible) yield* divide(this.options.codec, records);
    else if (records.length > 0) yield records;
  }

  private commit(
    records: readonly Record[],
    timestampMs: number,
    producer: TransactionalProducer | undefined,
  ): Promise<void> | null {
    const { log, codec, compression } = this.options;
    const options = { timestampMs, compression: compression(), producer };
    const written: Written<Record> = writeBatch(log, codec, records, options);
    this.follow(written.flushed);
    const producerId = producer?.producerId ?? NO_PRODUCER;
    this.replay(() => {
      let offset = written.firstOffset;
      for (const record of records) this.state.replay(record, { offset: offset++, timestampMs, producerId });
    });
    return written.flushed;
  }

  private follow(flushed: Promise<void> | null): void {
    if (flushed === null || this.options.answersAwait === "own") return;
    this.flushing = flushed;
    const end = (): void => {
      if (this.flushing === flushed) this.flushing = null;
    };
    flushed.then(end, end);
  }

  /** The reply, once its own records are flushed (`flushed`) and all others that it may have been made of. */
  private whenFlushed<Reply>(
    reply: Reply | Promise<Reply>,
    flushed: Promise<void> | null,
  ): Reply | Promise<Reply> {
    const own = flushed === null ? reply : flushed.then(() => reply, rethrow);
    // One that waits for others may be given by what they write.
    return reply instanceof Promise
      ? Promise.resolve(own).then((given) => this.whenFlushed(given, this.flushing))
      : own;
  }

  /** What is in the log must be in the state; where that fails, the state is loaded anew from the log. */
  private replay(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.options.logger.error(`${this.options.name} is loaded again, after an error: ${trace(error)}`);
      this.fail();
      throw notCoordinator();
    }
  }

  private fail(): void {
    this.status = "failed";
    this.timers.clear();
    this.state.unloaded?.(notCoordinator());
  }

  private expire(key: string, expire: (nowMs: number) => Outcome<Record, void>): boolean {
    if (this.status !== "loaded") return true;
    try {
      const done = this.write((_state, nowMs) => expire(nowMs));
      if (done instanceof Promise) done.catch((error: unknown) => this.timerFailed(key, error));
      return true;
    } catch (error) {
      this.timerFailed(key, error);
      return this.hasFailed;
    }
  }

  private timerFailed(key: string, error: unknown): void {
    this.options.logger.error(`${this.options.name}: the timer ${key} failed: ${trace(error)}`);
  }
}

/** Tells clients to look for the coordinator again. */
export function notCoordinator(): KafkaError {
  return new KafkaError("NOT_COORDINATOR", "This is not the correct coordinator.");
}

function unexpected(): KafkaError {
  return new KafkaError(
    "UNKNOWN_SERVER_ERROR",
    "The server experienced an unexpected error when processing the request.",
  );
}

function rethrow(error: unknown): never {
  throw error instanceof KafkaError ? storageError(error) : error;
}

function trace(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
