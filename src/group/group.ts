/**
 * What groups of all protocols have in common, as far as committed offsets, listing and deletion ask.
 */
import type { Uuid } from "../protocol/uuid.ts";
import type { CommittedOffset } from "./offsets/committed-offset.ts";
import type { GroupRecord } from "./record.ts";

/** Who commits offsets, as its request says. */
export interface OffsetCommitter {
  /** "" where an administrator, or a consumer that assigns itself, commits. */
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  /** The generation of a classic group, or the member's epoch in a consumer group; -1 as with memberId "". */
  readonly generationIdOrMemberEpoch: number;
  /** True for TxnOffsetCommit. */
  readonly transactional: boolean;
  /** Of the OffsetCommit or TxnOffsetCommit request. */
  readonly apiVersion: number;
}

/** Checks one partition of a commit; throws KafkaError STALE_MEMBER_EPOCH for one that isn't the member's any more. */
export type PartitionValidator = (topic: string, topicId: Uuid, partition: number) => void;

export interface Group {
  readonly groupId: string;
  readonly type: "classic" | "consumer";
  /** The state as ListGroups and the describing APIs tell it: "Stable", "Empty", "PreparingRebalance", … */
  readonly stateName: string;
  /** "consumer" for consumer groups; what the members say in classic ones, "" where there is none. */
  readonly protocolType: string;

  /**
   * Whether that member may commit now: throws KafkaError UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION,
   * REBALANCE_IN_PROGRESS, FENCED_INSTANCE_ID, STALE_MEMBER_EPOCH, UNSUPPORTED_VERSION, … as Kafka does.
   * What it returns is asked for every partition; undefined where there is nothing more to check.
   */
  validateOffsetCommit(committer: OffsetCommitter): PartitionValidator | undefined;
  /** KIP-848: throws UNKNOWN_MEMBER_ID or STALE_MEMBER_EPOCH for a member that may not fetch offsets now. */
  validateOffsetFetch(memberId: string | null, memberEpoch: number): void;
  /** Throws NON_EMPTY_GROUP or GROUP_ID_NOT_FOUND where OffsetDelete isn't allowed. */
  validateOffsetDelete(): void;
  /** Throws NON_EMPTY_GROUP or GROUP_ID_NOT_FOUND where DeleteGroups isn't allowed. */
  validateDeleteGroup(): void;
  /** Whether a member is subscribed to the topic, as far as can be told; its offsets may not be deleted then. */
  isSubscribedToTopic(topic: string): boolean;
  /** The tombstones that delete the group (its offsets aside). */
  tombstones(): GroupRecord[];
  /** No members. */
  readonly isEmpty: boolean;
  /** From when an offset's retention counts, in milliseconds since 1970; undefined while the offset may not expire. */
  offsetRetentionStart(offset: CommittedOffset, topic: string): number | undefined;
}
