/**
 * A partition as the metadata log has it, and how records make and change it.
 */
import type { UnknownTaggedField } from "../../protocol/schema.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import { MIGRATING_DIRECTORY } from "../directory-id.ts";
import type { RecordMessage } from "../records.ts";

/** The leader of a partition that has none. */
export const NO_LEADER = -1;
/** What a change of a partition says that doesn't touch the leader. */
const SAME_LEADER = -2;
/** What it says when it doesn't touch the state of the leader's recovery. */
const SAME_RECOVERY_STATE = -1;

/** Never changed; a change makes a new one. */
export interface PartitionImage {
  readonly index: number;
  /** Node ids, the preferred leader first. */
  readonly replicas: readonly number[];
  /** The replicas that have all that is committed. */
  readonly isr: readonly number[];
  readonly removingReplicas: readonly number[];
  readonly addingReplicas: readonly number[];
  /** A node id, or NO_LEADER. */
  readonly leader: number;
  /** Grows with every election, and is what records in the log are stamped with. */
  readonly leaderEpoch: number;
  /** Grows with every change. */
  readonly partitionEpoch: number;
  /** The log directory of each replica, in the order of `replicas`. */
  readonly directories: readonly Uuid[];
  /** 0 recovered; 1 while a leader that was not in sync recovers. */
  readonly leaderRecoveryState: number;
  /** Replicas outside of the ISR that may lead all the same (KIP-966). */
  readonly eligibleLeaderReplicas: readonly number[];
  readonly lastKnownElr: readonly number[];
  readonly unknownTaggedFields: readonly UnknownTaggedField[] | undefined;
}

/**
 * The partition that a record describes as a whole. It shares the lists that say the same with `other`: on one node all
 * partitions' do, and without that they are a third of what a partition weighs that nobody uses.
 */
export function partitionOf(
  record: RecordMessage<"PartitionRecord">,
  other: PartitionImage | undefined,
): PartitionImage {
  const directories = record.directories.length === 0 ? migrating(record.replicas) : record.directories;
  return {
    index: record.partitionId,
    replicas: shared(record.replicas, other?.replicas),
    isr: shared(record.isr, other?.isr),
    removingReplicas: shared(record.removingReplicas, other?.removingReplicas),
    addingReplicas: shared(record.addingReplicas, other?.addingReplicas),
    leader: record.leader,
    leaderEpoch: record.leaderEpoch,
    partitionEpoch: record.partitionEpoch,
    directories: shared(directories, other?.directories),
    leaderRecoveryState: record.leaderRecoveryState,
    eligibleLeaderReplicas: shared(record.eligibleLeaderReplicas ?? [], other?.eligibleLeaderReplicas),
    lastKnownElr: shared(record.lastKnownElr ?? [], other?.lastKnownElr),
    unknownTaggedFields: record.unknownTaggedFields,
  };
}

function shared<Item>(list: readonly Item[], other: readonly Item[] | undefined): readonly Item[] {
  const isSame = other?.length === list.length && list.every((item, index) => item === other[index]);
  return isSame ? other : list;
}

/** The partition after a change: what the record doesn't name stays; naming a leader, even the same, is an election. */
export function changedPartition(
  partition: PartitionImage,
  record: RecordMessage<"PartitionChangeRecord">,
): PartitionImage {
  const replicas = record.replicas ?? partition.replicas;
  const elected = record.leader !== SAME_LEADER;
  const directories = record.directories ?? partition.directories;
  return {
    index: partition.index,
    replicas,
    isr: record.isr ?? partition.isr,
    removingReplicas: record.removingReplicas ?? partition.removingReplicas,
    addingReplicas: record.addingReplicas ?? partition.addingReplicas,
    leader: elected ? record.leader : partition.leader,
    leaderEpoch: partition.leaderEpoch + (elected ? 1 : 0),
    partitionEpoch: partition.partitionEpoch + 1,
    directories: directories.length === replicas.length ? directories : migrating(replicas),
    leaderRecoveryState:
      record.leaderRecoveryState === SAME_RECOVERY_STATE
        ? partition.leaderRecoveryState
        : record.leaderRecoveryState,
    eligibleLeaderReplicas: record.eligibleLeaderReplicas ?? partition.eligibleLeaderReplicas,
    lastKnownElr: record.lastKnownElr ?? partition.lastKnownElr,
    unknownTaggedFields: partition.unknownTaggedFields,
  };
}

function migrating(replicas: readonly number[]): Uuid[] {
  return replicas.map(() => MIGRATING_DIRECTORY);
}
