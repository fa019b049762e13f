/**
 * Which partitions of a group somebody has, and since which member epoch: nobody is given a partition that is in here.
 */
import type { Uuid } from "../../protocol/uuid.ts";
import type { AssignmentWithEpochs } from "./assignment.ts";

/** Two members have one partition: what must never be. */
export interface OwnershipConflict {
  readonly topicId: Uuid;
  readonly partition: number;
  readonly epoch: number;
  readonly heldAtEpoch: number;
}

export class PartitionEpochs {
  private readonly byTopic = new Map<Uuid, Map<number, number>>();

  /** The epoch of the member that has the partition; undefined where nobody has it. */
  get(topicId: Uuid, partition: number): number | undefined {
    return this.byTopic.get(topicId)?.get(partition);
  }

  /**
   * Notes that a member has these partitions at its epoch. Of two owners the one with the later epoch counts.
   *
   * @returns a partition that somebody had already, if there is one
   */
  add(assignment: AssignmentWithEpochs, memberEpoch: number): OwnershipConflict | undefined {
    let conflict: OwnershipConflict | undefined;
    for (const [topicId, partitions] of assignment) {
      const epochs = this.byTopic.get(topicId) ?? new Map<number, number>();
      this.byTopic.set(topicId, epochs);
      for (const partition of partitions.keys()) {
        const heldAtEpoch = epochs.get(partition);
        if (heldAtEpoch === undefined || heldAtEpoch < memberEpoch) epochs.set(partition, memberEpoch);
        else conflict ??= { topicId, partition, epoch: memberEpoch, heldAtEpoch };
      }
    }
    return conflict;
  }

  /** Notes that a member has given these up, those aside that somebody else has got at another epoch. */
  remove(assignment: AssignmentWithEpochs, memberEpoch: number): void {
    for (const [topicId, partitions] of assignment) {
      const epochs = this.byTopic.get(topicId);
      if (epochs === undefined) continue;
      for (const partition of partitions.keys()) {
        if (epochs.get(partition) === memberEpoch) epochs.delete(partition);
      }
      if (epochs.size === 0) this.byTopic.delete(topicId);
    }
  }
}
