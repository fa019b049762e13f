/**
 * The groups and offsets of one partition of `__consumer_offsets`. Replaying that partition's log leads to them.
 */
import type { RecordPlace, StateMachine, TransactionResult } from "../coordinator/state-machine.ts";
import type { KafkaError } from "../protocol/errors.ts";
import type { ClassicGroup } from "./classic/group.ts";
import { groupLoaded, groupUnloaded } from "./classic/lifecycle.ts";
import { replayGroupMetadata } from "./classic/replay.ts";
import type { ConsumerGroup } from "./consumer/group.ts";
import { consumerGroupLoaded } from "./consumer/loaded.ts";
import { replayConsumerGroupRecord } from "./consumer/replay.ts";
import type { GroupEnvironment } from "./environment.ts";
import { scheduleExpiry } from "./offsets/expiry.ts";
import { OffsetStore } from "./offsets/offset-store.ts";
import { PendingOffsets } from "./offsets/pending-offsets.ts";
import { replayOffsetCommit, replayOffsetsOfTransaction } from "./offsets/records.ts";
import type { GroupRecord } from "./record.ts";

export type AnyGroup = ClassicGroup | ConsumerGroup;

export class GroupShard implements StateMachine<GroupRecord> {
  /** By group id. A group that only soft state knows of (a first join that waits) is here too. */
  readonly groups = new Map<string, AnyGroup>();
  readonly offsets = new OffsetStore();
  /** Of transactions that haven't ended. */
  readonly pendingOffsets = new PendingOffsets();

  constructor(readonly environment: GroupEnvironment) {}

  replay(record: GroupRecord, place: RecordPlace): void {
    switch (record.type) {
      case "OffsetCommit":
        replayOffsetCommit(this, record, place);
        break;
      case "GroupMetadata":
        replayGroupMetadata(this, record.key, record.value);
        break;
      default:
        replayConsumerGroupRecord(this, record);
    }
  }

  replayTransactionEnd(producerId: bigint, result: TransactionResult): void {
    replayOffsetsOfTransaction(this, producerId, result);
  }

  loaded(nowMs: number): void {
    for (const group of this.groups.values()) {
      if (group.type === "classic") groupLoaded(this, group, nowMs);
      else consumerGroupLoaded(this, group);
    }
    scheduleExpiry(this);
  }

  unloaded(error: KafkaError): void {
    for (const group of this.groups.values()) {
      if (group.type === "classic") groupUnloaded(group, error.errorName);
    }
  }
}
