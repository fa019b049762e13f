/**
 * The assignor that most members of a group ask for.
 */
import type { GroupConfig } from "../environment.ts";
import type { Assignor } from "./assignors/assignor.ts";
import { configuredAssignors, defaultAssignor } from "./assignors/configured.ts";
import { type Counts, decrement, increment } from "./counts.ts";
import type { ConsumerGroup } from "./group.ts";
import type { ConsumerGroupMember } from "./member.ts";

/** The group's assignor now. Of two that are asked for as often, the one configured first. */
export function preferredAssignor({ serverAssignors }: ConsumerGroup, config: GroupConfig): Assignor {
  return mostWanted(serverAssignors, config);
}

/** The group's assignor once `member` has taken the place of what it was. */
export function preferredAssignorAfter(
  { serverAssignors }: ConsumerGroup,
  previous: ConsumerGroupMember,
  member: ConsumerGroupMember,
  config: GroupConfig,
): Assignor {
  if (previous.serverAssignorName === member.serverAssignorName) return mostWanted(serverAssignors, config);
  const counts = new Map(serverAssignors);
  if (previous.serverAssignorName !== null) decrement(counts, previous.serverAssignorName);
  if (member.serverAssignorName !== null) increment(counts, member.serverAssignorName);
  return mostWanted(counts, config);
}

function mostWanted(counts: Counts<string>, config: GroupConfig): Assignor {
  let most = 0;
  let wanted = defaultAssignor(config);
  for (const assignor of configuredAssignors(config)) {
    const count = counts.get(assignor.name) ?? 0;
    if (count <= most) continue;
    most = count;
    wanted = assignor;
  }
  return wanted;
}
