/**
 * Takes members out of a consumer group: because they leave, or because nothing is heard of them.
 */
import type { Change } from "./change.ts";
import { type Counts, increment } from "./counts.ts";
import { downgradeWithout, mayDowngradeWithout } from "./downgrade.ts";
import type { ConsumerGroup } from "./group.ts";
import { metadataHash } from "./hash/metadata-hash.ts";
import { type ConsumerGroupMember, regexOf } from "./member.ts";
import {
  groupEpochRecord,
  memberTombstones,
  regularExpressionTombstone,
  targetAssignmentEpochRecord,
} from "./records.ts";
import { cancelTimers } from "./timer-keys.ts";

/** Removes `members`, each once; where only members of the classic protocol are left, the group becomes a classic one. */
export function fenceMembers(
  change: Change,
  group: ConsumerGroup,
  members: readonly ConsumerGroupMember[],
): void {
  if (members.length === 0) return;
  if (mayDowngradeWithout(change.shard, group, members)) {
    downgradeWithout(change, group, members);
    return;
  }
  const { groupId } = group;
  for (const { memberId } of members) change.write(...memberTombstones(groupId, memberId));
  const regexes = regexesOnlyOf(group, members);
  for (const regex of regexes) change.write(regularExpressionTombstone(groupId, regex));
  const left = group.subscriptions.without(members, regexes);
  const epoch = group.groupEpoch + 1;
  const hash = metadataHash(left.topicNames, change.shard.environment.topics);
  change.write(groupEpochRecord(groupId, epoch, hash));
  // Nobody is left to be assigned anything: that assignment is made.
  if (members.length === group.members.size) change.write(targetAssignmentEpochRecord(groupId, epoch, 0));
  change.afterwards(() => {
    for (const { memberId } of members) cancelTimers(change.shard, groupId, memberId);
  });
}

/** The regular expressions that nobody but these members subscribes with. */
function regexesOnlyOf(group: ConsumerGroup, members: readonly ConsumerGroupMember[]): string[] {
  const counts: Counts<string> = new Map();
  for (const member of members) {
    const regex = regexOf(member);
    if (regex !== undefined) increment(counts, regex);
  }
  return [...counts]
    .filter(([regex, count]) => group.subscriptions.subscribersOf(regex) === count)
    .map(first);
}

function first([regex]: [string, number]): string {
  return regex;
}
