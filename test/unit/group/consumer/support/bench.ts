/**
 * A shard of consumer groups on a test bench.
 */
import type { Outcome } from "../../../../../src/coordinator/outcome.ts";
import type { ConsumerGroup } from "../../../../../src/group/consumer/group.ts";
import type { ConsumerGroupConfig, GroupEnvironment } from "../../../../../src/group/environment.ts";
import type { GroupRecord } from "../../../../../src/group/record.ts";
import type { GroupShard } from "../../../../../src/group/shard.ts";
import { randomUuid, type Uuid } from "../../../../../src/protocol/uuid.ts";
import { SimulatedClock } from "../../simulation/classic/clock.ts";
import { type LoggedRecord, ShardBench, type Writable } from "../../support/shard-bench.ts";
import { TestTopics } from "./topics.ts";

export class ConsumerBench extends ShardBench {
  readonly groupConfig: Writable<ConsumerGroupConfig> = {
    sessionTimeoutMs: 45_000,
    heartbeatIntervalMs: 5_000,
    assignmentIntervalMs: 0,
  };
  readonly topics = new TestTopics();
  readonly clock = new SimulatedClock();
  /** The records of each timer that wrote any, with the time at which it did. */
  readonly timerWrites: { atMs: number; records: readonly GroupRecord[] }[] = [];
  /** What the shard had to complain of. */
  readonly complaints: string[] = [];
  /** The uuids that are handed out next; others are made up. */
  readonly nextUuids: Uuid[] = [];
  private ids = 0;

  constructor() {
    super(0);
  }

  run<Reply>(operation: (shard: GroupShard, nowMs: number) => Outcome<GroupRecord, Reply>) {
    return this.operate(operation);
  }

  /** What compaction leaves of the log when the tombstones have had their time. */
  override compacted(): LoggedRecord[] {
    return super.compacted().filter(({ value }) => value !== null);
  }

  group(groupId = "group"): ConsumerGroup {
    const group = this.shard.groups.get(groupId);
    if (group?.type !== "consumer") throw new Error(`there is no consumer group ${groupId}`);
    return group;
  }

  protected override timerHasWritten(records: readonly GroupRecord[]): void {
    this.timerWrites.push({ atMs: this.clock.now(), records });
  }

  protected surroundings(): Omit<GroupEnvironment, "config" | "timers"> {
    const complain = (message: string) => void this.complaints.push(message);
    return {
      consumerGroupConfig: () => this.groupConfig,
      topics: this.topics,
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
