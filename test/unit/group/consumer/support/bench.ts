/**
 * A shard of consumer groups on a test bench: its log is a list, its clock stands still until a test moves it, and it can
 * be loaded anew from its log.
 */
import type { Outcome } from "../../../../../src/coordinator/outcome.ts";
import { ShardTimers } from "../../../../../src/coordinator/shard-timers.ts";
import { groupRecordCodec } from "../../../../../src/group/codec.ts";
import type { ConsumerGroup } from "../../../../../src/group/consumer/group.ts";
import type {
  ConsumerGroupConfig,
  GroupConfig,
  GroupEnvironment,
} from "../../../../../src/group/environment.ts";
import type { GroupRecord } from "../../../../../src/group/record.ts";
import { ReplayedGroupShard } from "../../../../../src/group/replayed-shard.ts";
import type { GroupShard } from "../../../../../src/group/shard.ts";
import { KafkaError } from "../../../../../src/protocol/errors.ts";
import { randomUuid, type Uuid } from "../../../../../src/protocol/uuid.ts";
import { SimulatedClock } from "../../simulation/classic/clock.ts";
import { TestTopics } from "./topics.ts";

interface LoggedRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Where a record stands doesn't matter to groups. */
const PLACE = { offset: 0, timestampMs: 0, producerId: -1n };

export class ConsumerBench {
  readonly config: Writable<GroupConfig> = {
    groupMinSessionTimeoutMs: 6_000,
    groupMaxSessionTimeoutMs: 1_800_000,
    groupInitialRebalanceDelayMs: 0,
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
  readonly groupConfig: Writable<ConsumerGroupConfig> = {
    sessionTimeoutMs: 45_000,
    heartbeatIntervalMs: 5_000,
    assignmentIntervalMs: 0,
  };
  readonly topics = new TestTopics();
  readonly clock = new SimulatedClock();
  readonly log: LoggedRecord[] = [];
  /** The records of each timer that wrote any, with the time at which it did. */
  readonly timerWrites: { atMs: number; records: readonly GroupRecord[] }[] = [];
  /** What the shard had to complain of. */
  readonly complaints: string[] = [];
  /** Called after every operation. */
  afterOperation: () => void = () => {};
  /** What the next write is to fail with. */
  failure: KafkaError | undefined;
  /** Writes that have failed. */
  failedWrites = 0;
  /** The uuids that are handed out next; others are made up. */
  readonly nextUuids: Uuid[] = [];
  shard: ReplayedGroupShard;
  private timers: ShardTimers<GroupRecord>;
  private ids = 0;

  constructor() {
    this.timers = this.newTimers();
    this.shard = new ReplayedGroupShard(this.environment());
  }

  /** Runs an operation as the coordinator does: writes, replays, and then lets follow what follows. */
  run<Reply>(operation: (shard: GroupShard, nowMs: number) => Outcome<GroupRecord, Reply>) {
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

  /** The coordinator ends: no timer runs any more. */
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

  /** What a log leads to. */
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
    return this.log.filter(
      (record) => record.value !== null && lastByKey.get(Buffer.from(record.key).toString("hex")) === record,
    );
  }

  group(groupId = "group"): ConsumerGroup {
    const group = this.shard.groups.get(groupId);
    if (group?.type !== "consumer") throw new Error(`there is no consumer group ${groupId}`);
    return group;
  }

  private newTimers(): ShardTimers<GroupRecord> {
    return new ShardTimers<GroupRecord>(this.clock, (_key, expire) => {
      try {
        const { records } = this.run((_shard, nowMs) => expire(nowMs));
        if (records.length > 0) this.timerWrites.push({ atMs: this.clock.now(), records });
        return true;
      } catch (error) {
        if (error instanceof KafkaError) return false;
        throw error;
      }
    });
  }

  private environment(): GroupEnvironment {
    const complain = (message: string) => void this.complaints.push(message);
    return {
      config: this.config,
      consumerGroupConfig: () => this.groupConfig,
      topics: this.topics,
      timers: this.timers,
      newUuid: () => this.nextUuids.shift() ?? randomUuid((bytes) => this.fill(bytes)),
      newHexUuid: () => `00000000-0000-4000-8000-${(++this.ids).toString(16).padStart(12, "0")}`,
      logger: { debug() {}, info() {}, warn() {}, error: complain },
    };
  }

  private fill(bytes: Uint8Array): void {
    new DataView(bytes.buffer).setUint32(0, ++this.ids);
    new DataView(bytes.buffer).setUint32(12, Math.imul(this.ids, 0x9e3779b1));
  }
}
