/**
 * ListGroups: the groups of a shard, with what kind each is and how it stands.
 */
import type { ListGroupsResponse } from "../protocol/messages/list-groups.ts";
import type { Encodable } from "../protocol/schema.ts";
import type { GroupShard } from "./shard.ts";

export type ListedGroup = Encodable<typeof ListGroupsResponse>["groups"][number];

/** What to list: groups in one of the states and of one of the types; empty lists stand for all. In any case. */
export interface GroupFilter {
  readonly states: readonly string[];
  readonly types: readonly string[];
}

export function listGroups(shard: GroupShard, filter: GroupFilter): ListedGroup[] {
  const states = new Set(filter.states.map((state) => state.trim().toLowerCase()));
  const types = new Set(filter.types.map((type) => type.toLowerCase()));
  const listed: ListedGroup[] = [];
  for (const { groupId, type, stateName, protocolType } of shard.groups.values()) {
    if (states.size > 0 && !states.has(stateName.toLowerCase())) continue;
    if (types.size > 0 && !types.has(type)) continue;
    listed.push({ groupId, protocolType, groupState: stateName, groupType: type });
  }
  return listed;
}
