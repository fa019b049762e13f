/**
 * Finds the classic group with an id.
 */
import type { GroupShard } from "../shard.ts";
import type { ClassicGroup } from "./group.ts";

/** The group, if there is one and it is a classic one. */
export function classicGroup(shard: GroupShard, groupId: string): ClassicGroup | undefined {
  const group = shard.groups.get(groupId);
  return group?.type === "classic" ? group : undefined;
}
