/**
 * What there is to watch of the groups: how each stands, how many members it has, and what it has committed.
 */
import type { OffsetsByTopic } from "./offsets/offset-store.ts";
import type { GroupShard } from "./shard.ts";

export interface GroupOverview {
  readonly groupId: string;
  readonly type: "classic" | "consumer";
  /** As ListGroups tells it: "Stable", "Empty", "PreparingRebalance", … */
  readonly stateName: string;
  readonly memberCount: number;
  /** Valid as long as nothing is done with the group. */
  readonly offsets: OffsetsByTopic;
}

/** The groups of a shard. */
export function groupOverviews({ groups, offsets }: GroupShard): GroupOverview[] {
  return [...groups.values()].map((group) => ({
    groupId: group.groupId,
    type: group.type,
    stateName: group.stateName,
    memberCount: group.members.size,
    offsets: offsets.ofGroup(group.groupId),
  }));
}
