/**
 * A shard of groups on a test bench: its log is a list, its clock stands still until a test moves it, writes fail when a
 * test says so, and it can be loaded anew from its log.
 */
import type { Clock } from "../../../../src/clock.ts";
import type { Outcome } from "../../../../src/coordinator/outcome.ts";
import { ShardTimers } from "../../../../src/coordinator/shard-timers.ts";
import { groupRecordCodec } from "../../../../src/group/codec.ts";
import type { GroupConfig, GroupEnvironment } from "../../../../src/group/environment.ts";
import type { GroupRecord } from "../../../../src/group/record.ts";
import { ReplayedGroupShard } from "../../../../src/group/replayed-shard.ts";
import type { GroupShard } from "../../../../src/group/shard.ts";
import { KafkaError } from "../../../../src/protocol/errors.ts";

export interface LoggedRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

export type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Where a record stands doesn't matter to groups. */
const PLACE = { offset: 0, timestampMs: 0, producerId: -1n };

export abstract class ShardBench {
  abstract readonly clock: Clock;
  readonly config: Writable<GroupConfig>;
  readonly log: LoggedRecord[] = [];
  /** What the next write is to fail with. */
  failure: KafkaError | undefined;
  /** Writes that have failed. */
  failedWrites = 0;
  /** Called after every operation. */
  afterOperation: () => void = () => {};
  private loadedShard: ReplayedGroupShard | undefined;
  private loadedTimers: ShardTimers<GroupRecord> | undefined;

  /** @param initialRebalanceDelayMs how long the first rebalance of a classic group waits */
  constructor(initialRebalanceDelayMs: number) {
    this.config = {
      groupMinSessionTimeoutMs: 6_000,
      groupMaxSessionTimeoutMs: 1_800_000,
      groupInitialRebalanceDelayMs: initialRebalanceDelayMs,
      groupMaxSize: 2_147_483_647,
      groupCoordinatorRebalanceProtocols: ["classic", "consumer"],
      groupConsumerMaxSize: 2_147_483_647,
      groupConsumerAssignors: ["uniform", "range"],
      groupConsumerMigrationPolicy: "bidirectional",
      groupConsumerRegexRefreshIntervalMs: 600_000,
      offsetMetadataMaxBytes: 4_096,
      offsetsRetentionMinutes: 10_080,
      offsetsRetentionCheckIntervalMs: 600_000,
    };
  }

  /** What the shard is given besides its config and its timers. */
  protected abstract surroundings(): Omit<GroupEnvironment, "config" | "timers">;

  /** Told of every timer that has run and written something. */
  protected timerHasWritten(_records: readonly GroupRecord[]): void {}

  get shard(): ReplayedGroupShard {
    this.loadedShard ??= this.newShard();
    return this.loadedShard;
  }

  /** Runs an operation as the coordinator does: writes, replays, and then lets follow what follows. */
  protected operate<Reply>(operation: (shard: GroupShard, nowMs: number) => Outcome<GroupRecord, Reply>) {
    const { records, reply, afterwards } = operation(this.shard, this.clock.now());
    if (this.failure !== undefined && records.length > 0) {
      const failure = this.failure;
      this.failure = undefined;
      this.failedWrites++;
      afterwards?.(failure);
      this.afterOperation();
      throw failure;
    }
    for (const record of records) this.log.push(groupRecordCodec.encode(record));
    for (const record of records) this.shard.replay(record, PLACE);
    afterwards?.();
    this.afterOperation();
    return { reply, records };
  }

  hasTimer(key: string): boolean {
    return this.timers.has(key);
  }

  /** The coordinator ends, and is loaded again from its log. */
  restart(): void {
    this.stop();
    this.start();
  }

  /** The coordinator ends: whoever waits is sent away, and no timer runs any more. */
  stop(): void {
    this.timers.clear();
    this.shard.unloaded(new KafkaError("NOT_COORDINATOR", "The coordinator ends."));
    this.loadedShard = this.newShard();
  }

  /** The coordinator is loaded from its log. */
  start(): void {
    this.loadedTimers = undefined;
    this.loadedShard = this.loaded();
    this.loadedShard.loaded(this.clock.now());
  }

  /** What a log leads to. */
  loaded(log: readonly LoggedRecord[] = this.log): ReplayedGroupShard {
    const shard = this.newShard();
    for (const { key, value } of log) {
      // Views of a buffer that is used again, as when a log is read.
      const [keyView, valueView] = [Buffer.from(key), value === null ? null : Buffer.from(value)];
      const record = groupRecordCodec.decode(keyView, valueView);
      if (typeof record !== "number") shard.replay(record, PLACE);
      keyView.fill(0xee);
      valueView?.fill(0xee);
    }
    return shard;
  }

  /** What compaction leaves of the log: each key's last record, tombstones among them. */
  compacted(): LoggedRecord[] {
    const lastByKey = new Map(this.log.map((record) => [Buffer.from(record.key).toString("hex"), record]));
    return this.log.filter((record) => lastByKey.get(Buffer.from(record.key).toString("hex")) === record);
  }

  private get timers(): ShardTimers<GroupRecord> {
    this.loadedTimers ??= this.newTimers();
    return this.loadedTimers;
  }

  private newTimers(): ShardTimers<GroupRecord> {
    return new ShardTimers<GroupRecord>(this.clock, (_key, expire) => {
      try {
        const { records } = this.operate((_shard, nowMs) => expire(nowMs));
        if (records.length > 0) this.timerHasWritten(records);
        return true;
      } catch (error) {
        if (error instanceof KafkaError) return false;
        throw error;
      }
    });
  }

  private newShard(): ReplayedGroupShard {
    return new ReplayedGroupShard({
      ...this.surroundings(),
      config: this.config,
      timers: this.timers,
    });
  }
}
