/**
 * Replaying a partition of `__consumer_offsets` leads to its groups and offsets.
 */
import type { RecordPlace, StateMachine, TransactionResult } from "../coordinator/state-machine.ts";
import type { KafkaError } from "../protocol/errors.ts";
import { groupLoaded, groupUnloaded } from "./classic/lifecycle.ts";
import { replayGroupMetadata } from "./classic/replay.ts";
import { sessionExpired } from "./classic/session-expiry.ts";
import { syncsExpired } from "./classic/sync-expiry.ts";
import { consumerGroupLoaded } from "./consumer/loaded.ts";
import { replayConsumerGroupRecord } from "./consumer/replay.ts";
import { scheduleExpiry } from "./offsets/expiry.ts";
import { replayOffsetCommit, replayOffsetsOfTransaction } from "./offsets/records.ts";
import type { GroupRecord } from "./record.ts";
import { type ClassicExpiry, GroupShard } from "./shard.ts";

export class ReplayedGroupShard extends GroupShard implements StateMachine<GroupRecord> {
  readonly expiry: ClassicExpiry = {
    session: (groupId, memberId, nowMs) => sessionExpired(this, groupId, memberId, nowMs),
    syncs: (groupId, generationId, nowMs) => syncsExpired(this, groupId, generationId, nowMs),
  };

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
