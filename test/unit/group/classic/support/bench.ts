/**
 * A shard of groups on a test bench: its log is a list, its clock stands still until a test moves it, writes fail when
 * a test says so, and it can be loaded anew from its log.
 */
import { peek } from "bun";
import type { Clock } from "../../../../../src/clock.ts";
import type { Outcome } from "../../../../../src/coordinator/outcome.ts";
import { ShardTimers } from "../../../../../src/coordinator/shard-timers.ts";
import { classicGroup } from "../../../../../src/group/classic/find-group.ts";
import type { ClassicGroup } from "../../../../../src/group/classic/group.ts";
import { groupRecordCodec } from "../../../../../src/group/codec.ts";
import type { GroupConfig, GroupEnvironment } from "../../../../../src/group/environment.ts";
import type { GroupRecord } from "../../../../../src/group/record.ts";
import { ReplayedGroupShard } from "../../../../../src/group/replayed-shard.ts";
import type { GroupShard } from "../../../../../src/group/shard.ts";
import { KafkaError } from "../../../../../src/protocol/errors.ts";
import { randomUuid } from "../../../../../src/protocol/uuid.ts";
import { ManualClock } from "../../../net/support/manual-clock.ts";

interface LoggedRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** Where a record stands doesn't matter to classic groups. */
const PLACE = { offset: 0, timestampMs: 0, producerId: -1n };

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A reply that may have come or not. */
export class Answer<Reply> {
  constructor(private readonly reply: Reply | Promise<Reply>) {}

  /** The reply, once it has come. */
  get value(): Reply | undefined {
    const value = peek(this.reply);
    return value instanceof Promise ? undefined : value;
  }
}

/** A clock that a test moves. */
export interface TestClock extends Clock {
  advance(ms: number): void;
  /** Timers that have neither run nor been called off. */
  readonly pending: number;
}

export class GroupBench {
  readonly config: Writable<GroupConfig> = {
    groupMinSessionTimeoutMs: 6_000,
    groupMaxSessionTimeoutMs: 1_800_000,
    groupInitialRebalanceDelayMs: 3_000,
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
  readonly log: LoggedRecord[] = [];
  /** What the next write is to fail with. */
  failure: KafkaError | undefined;
  /** Writes that have failed. */
  failedWrites = 0;
  /** Called after every operation. */
  afterOperation: () => void = () => {};
  shard: ReplayedGroupShard;
  private timers: ShardTimers<GroupRecord>;
  private ids = 0;

  constructor(readonly clock: TestClock = new ManualClock()) {
    this.timers = this.newTimers();
    this.shard = new ReplayedGroupShard(this.environment());
  }

  /** Runs an operation as the coordinator does: writes, replays, and then lets follow what follows. */
  run<Reply>(operation: (shard: GroupShard, nowMs: number) => Outcome<GroupRecord, Reply>): Answer<Reply> {
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
    return new Answer(reply);
  }

  hasTimer(key: string): boolean {
    return this.timers.has(key);
  }

  /** The coordinator ends and is loaded again from its log. */
  restart(): void {
    this.stop();
    this.start();
  }

  /** The coordinator ends: whoever waits is sent away, and no timer runs any more. */
  stop(): void {
    this.timers.clear();
    this.shard.unloaded(new KafkaError("NOT_COORDINATOR", "The coordinator ends."));
    this.shard = new ReplayedGroupShard(this.environment());
  }

  /** The coordinator is loaded from its log. */
  start(): void {
    this.timers = this.newTimers();
    this.shard = this.loaded();
    this.shard.loaded(this.clock.now());
  }

  /** What the log leads to. */
  loaded(log: readonly LoggedRecord[] = this.log): ReplayedGroupShard {
    const shard = new ReplayedGroupShard(this.environment());
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

  /** What compaction leaves of the log. */
  compacted(): LoggedRecord[] {
    const lastByKey = new Map(this.log.map((record) => [Buffer.from(record.key).toString("hex"), record]));
    return this.log.filter((record) => lastByKey.get(Buffer.from(record.key).toString("hex")) === record);
  }

  group(groupId = "group"): ClassicGroup {
    const group = classicGroup(this.shard, groupId);
    if (group === undefined) throw new Error(`there is no group ${groupId}`);
    return group;
  }

  /** The records in the log from that one on, read again. */
  records(from = 0): GroupRecord[] {
    return this.log.slice(from).flatMap(({ key, value }) => {
      const record = groupRecordCodec.decode(key, value);
      return typeof record === "number" ? [] : [record];
    });
  }

  private newTimers(): ShardTimers<GroupRecord> {
    return new ShardTimers<GroupRecord>(this.clock, (_key, expire) => {
      try {
        this.run((_shard, nowMs) => expire(nowMs));
        return true;
      } catch (error) {
        if (error instanceof KafkaError) return false;
        throw error;
      }
    });
  }

  private environment(): GroupEnvironment {
    const nextId = () => ++this.ids;
    return {
      config: this.config,
      consumerGroupConfig: () => ({
        sessionTimeoutMs: 45_000,
        heartbeatIntervalMs: 5_000,
        assignmentIntervalMs: 0,
      }),
      topics: { byName: () => undefined, byId: () => undefined, names: () => [], version: 0 },
      timers: this.timers,
      newUuid: () => randomUuid((bytes) => bytes.fill(nextId())),
      newHexUuid: () => `00000000-0000-4000-8000-${nextId().toString(16).padStart(12, "0")}`,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    };
  }
}
