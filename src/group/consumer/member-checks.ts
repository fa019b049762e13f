/**
 * Whether a member is who it says it is, and where it says it is.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { GroupConfig } from "../environment.ts";
import { includesAll, type TopicPartitions } from "./assignment.ts";
import type { ConsumerGroup } from "./group.ts";
import { type ConsumerGroupMember, JOIN_EPOCH, STATIC_LEAVE_EPOCH } from "./member.ts";

/**
 * A group takes so many members; one that is there, or comes back to its place, is none more.
 *
 * @throws KafkaError GROUP_MAX_SIZE_REACHED
 */
export function checkNotFull(
  group: ConsumerGroup,
  memberId: string,
  instanceId: string | null,
  { groupConsumerMaxSize: most }: GroupConfig,
): void {
  if (instanceId !== null && group.staticMembers.has(instanceId)) return;
  if (group.members.size < most || group.members.has(memberId)) return;
  throw new KafkaError(
    "GROUP_MAX_SIZE_REACHED",
    `The consumer group has reached its maximum capacity of ${most} members.`,
  );
}

/**
 * The epoch is the member's, or the one before where the reply with the newer one may have been lost: the member then
 * has nothing that it isn't to have.
 *
 * @throws KafkaError FENCED_MEMBER_EPOCH
 */
export function checkMemberEpoch(
  member: ConsumerGroupMember,
  received: number,
  ownedPartitions: readonly TopicPartitions[] | null,
): void {
  if (received === JOIN_EPOCH || received === member.memberEpoch) return;
  const order = received > member.memberEpoch ? "greater" : "smaller";
  const isPrevious = order === "smaller" && received === member.previousMemberEpoch;
  if (isPrevious && ownedPartitions !== null && includesAll(member.assignedPartitions, ownedPartitions)) {
    return;
  }
  throw new KafkaError(
    "FENCED_MEMBER_EPOCH",
    `The consumer group member has a ${order} member epoch (${received}) than the one known by the group coordinator ` +
      `(${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
  );
}

/**
 * A static member's place is free once its member has left for a while.
 *
 * @throws KafkaError UNRELEASED_INSTANCE_ID
 */
export function checkReleased(owner: ConsumerGroupMember, memberId: string, instanceId: string): void {
  if (owner.memberEpoch === STATIC_LEAVE_EPOCH) return;
  throw new KafkaError(
    "UNRELEASED_INSTANCE_ID",
    `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned ` +
      `by ${owner.memberId} member.`,
  );
}

/** @throws KafkaError UNKNOWN_MEMBER_ID */
export function knownStaticMember(group: ConsumerGroup, instanceId: string): ConsumerGroupMember {
  const member = group.staticMember(instanceId);
  if (member !== undefined) return member;
  throw new KafkaError("UNKNOWN_MEMBER_ID", `Instance id ${instanceId} is unknown.`);
}

/** @throws KafkaError FENCED_INSTANCE_ID when another member has taken the static member's place */
export function checkNotFenced(owner: ConsumerGroupMember, memberId: string, instanceId: string): void {
  if (owner.memberId === memberId) return;
  throw new KafkaError(
    "FENCED_INSTANCE_ID",
    `Static member ${memberId} with instance id ${instanceId} was fenced by member ${owner.memberId}.`,
  );
}
