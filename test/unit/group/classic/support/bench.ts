/**
 * A shard of classic groups on a test bench.
 */
import { peek } from "bun";
import type { Clock } from "../../../../../src/clock.ts";
import type { Outcome } from "../../../../../src/coordinator/outcome.ts";
import { classicGroup } from "../../../../../src/group/classic/find-group.ts";
import type { ClassicGroup } from "../../../../../src/group/classic/group.ts";
import { groupRecordCodec } from "../../../../../src/group/codec.ts";
import type { GroupEnvironment } from "../../../../../src/group/environment.ts";
import type { GroupRecord } from "../../../../../src/group/record.ts";
import type { GroupShard } from "../../../../../src/group/shard.ts";
import { randomUuid } from "../../../../../src/protocol/uuid.ts";
import { ManualClock } from "../../../net/support/manual-clock.ts";
import { ShardBench } from "../../support/shard-bench.ts";

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

export class GroupBench extends ShardBench {
  private ids = 0;

  constructor(readonly clock: TestClock = new ManualClock()) {
    super(3_000);
  }

  run<Reply>(operation: (shard: GroupShard, nowMs: number) => Outcome<GroupRecord, Reply>): Answer<Reply> {
    return new Answer(this.operate(operation).reply);
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

  protected surroundings(): Omit<GroupEnvironment, "config" | "timers"> {
    const nextId = () => ++this.ids;
    return {
      consumerGroupConfig: () => ({
        sessionTimeoutMs: 45_000,
        heartbeatIntervalMs: 5_000,
        assignmentIntervalMs: 0,
      }),
      topics: { byName: () => undefined, byId: () => undefined, names: () => [], version: 0 },
      newUuid: () => randomUuid((bytes) => bytes.fill(nextId())),
      newHexUuid: () => `00000000-0000-4000-8000-${nextId().toString(16).padStart(12, "0")}`,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    };
  }
}
