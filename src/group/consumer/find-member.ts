/**
 * Finds the member that a request comes from, or makes it.
 */
import type { TopicPartitions } from "./assignment.ts";
import type { Change } from "./change.ts";
import type { ConsumerGroup } from "./group.ts";
import { type ConsumerGroupMember, newMember } from "./member.ts";
import { checkMemberEpoch, checkNotFenced, checkReleased, knownStaticMember } from "./member-checks.ts";
import { existingMember, usesClassicProtocol } from "./offset-checks.ts";
import {
  currentAssignmentRecord,
  memberRecord,
  memberTombstones,
  targetAssignmentRecord,
} from "./records.ts";

export interface MemberClaim {
  readonly memberId: string;
  readonly instanceId: string | null;
  /** Whether it may be new. */
  readonly joins: boolean;
  /** Whether it speaks the classic protocol, which has no member epochs: its generation is checked elsewhere. */
  readonly classic: boolean;
  readonly memberEpoch: number;
  readonly ownedPartitions: readonly TopicPartitions[] | null;
}

/**
 * The member as the group knows it, or a new one. A static member that comes back takes the place of what it was under
 * its old id; that is among the records of `change` then.
 *
 * @throws KafkaError UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH, UNRELEASED_INSTANCE_ID, FENCED_INSTANCE_ID
 */
export function findMember(change: Change, group: ConsumerGroup, claim: MemberClaim): ConsumerGroupMember {
  const { memberId, instanceId, joins } = claim;
  if (instanceId !== null) {
    return joins ? joinStatic(change, group, claim, instanceId) : findStatic(group, claim, instanceId);
  }
  if (joins && !group.members.has(memberId)) return newMember(memberId);
  const member = existingMember(group, memberId);
  checkEpoch(member, claim);
  return member;
}

function checkEpoch(
  member: ConsumerGroupMember,
  { classic, memberEpoch, ownedPartitions }: MemberClaim,
): void {
  if (!classic) checkMemberEpoch(member, memberEpoch, ownedPartitions);
}

function findStatic(group: ConsumerGroup, claim: MemberClaim, instanceId: string): ConsumerGroupMember {
  const member = knownStaticMember(group, instanceId);
  checkNotFenced(member, claim.memberId, instanceId);
  checkEpoch(member, claim);
  return member;
}

function joinStatic(
  change: Change,
  group: ConsumerGroup,
  { memberId, classic }: MemberClaim,
  instanceId: string,
): ConsumerGroupMember {
  const owner = group.staticMember(instanceId);
  if (owner === undefined) return group.members.get(memberId) ?? newMember(memberId);
  // Who changes the protocol can't have left for a while with the old one.
  if (!classic && !usesClassicProtocol(owner)) checkReleased(owner, memberId, instanceId);
  const member = { ...owner, memberId, memberEpoch: 0, previousMemberEpoch: 0 };
  replaceMember(change, group, owner, member);
  return member;
}

function replaceMember(
  change: Change,
  group: ConsumerGroup,
  owner: ConsumerGroupMember,
  member: ConsumerGroupMember,
): void {
  const { groupId } = group;
  change.write(
    ...memberTombstones(groupId, owner.memberId),
    memberRecord(groupId, member),
    targetAssignmentRecord(groupId, member.memberId, group.targetOf(owner)),
    currentAssignmentRecord(groupId, member),
  );
  change.shard.environment.logger.info(
    `Group ${groupId}: static member ${member.instanceId} is ${member.memberId} now, no longer ${owner.memberId}.`,
  );
}
