/**
 * The group's epoch grows when its members' subscriptions change, or the topics they subscribe to.
 */
import type { Change } from "./change.ts";
import type { ConsumerGroup } from "./group.ts";
import { metadataHash } from "./hash/metadata-hash.ts";
import type { ConsumerGroupMember } from "./member.ts";
import { groupEpochRecord, subscriptionMetadataTombstone } from "./records.ts";

export interface GroupEpoch {
  readonly epoch: number;
  /** Whether all members subscribe to the same topics. */
  isHomogeneous(): boolean;
}

/**
 * The group's epoch, with `member` in the place of what it was; its subscriptions are held against the topics where that
 * is due.
 *
 * @param grow whether the epoch grows in any case
 */
export function updateGroupEpoch(
  change: Change,
  group: ConsumerGroup,
  previous: ConsumerGroupMember,
  member: ConsumerGroupMember,
  grow: boolean,
): GroupEpoch {
  const { topics } = change.shard.environment;
  const isKnown = group.members.has(member.memberId) || group.staticMember(member.instanceId) !== undefined;
  const memberCount = group.members.size + (isKnown ? 0 : 1);
  const isHomogeneous = () => group.subscriptions.after(previous, member).isHomogeneous(memberCount);
  if (!grow && group.checkedTopicsVersion === topics.version)
    return { epoch: group.groupEpoch, isHomogeneous };
  const { groupId } = group;
  const hash = metadataHash(group.subscriptions.after(previous, member).topicNames, topics);
  const grows = grow || hash !== group.metadataHash;
  const epoch = group.groupEpoch + (grows ? 1 : 0);
  if (grows) change.write(groupEpochRecord(groupId, epoch, hash));
  if (group.hasSubscriptionMetadataRecord) change.write(subscriptionMetadataTombstone(groupId));
  rememberTopics(change, groupId, topics.version);
  return { epoch, isHomogeneous };
}

/** Notes that the group counts on the topics as they are in that version. */
export function rememberTopics(change: Change, groupId: string, version: number): void {
  change.afterwards(() => {
    const group = change.shard.groups.get(groupId);
    if (group?.type === "consumer") group.checkedTopicsVersion = version;
  });
}
