/**
 * Who may commit and fetch a consumer group's offsets.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { OffsetCommitter, PartitionValidator } from "../group.ts";
import type { ConsumerGroup } from "./group.ts";
import type { ConsumerGroupMember } from "./member.ts";

/** The first version of OffsetCommit whose clients know of member epochs. */
const FIRST_VERSION_WITH_EPOCHS = 9;

/**
 * A commit with the member's epoch is good. So is one with an earlier epoch for a partition that the member has had
 * since then or longer (KIP-1251): its reply with the new epoch may be on its way.
 *
 * @throws KafkaError UNKNOWN_MEMBER_ID, UNSUPPORTED_VERSION, STALE_MEMBER_EPOCH; ILLEGAL_GENERATION for STALE_MEMBER_EPOCH
 *   where the member speaks the classic protocol
 */
export function checkOffsetCommit(
  group: ConsumerGroup,
  committer: OffsetCommitter,
): PartitionValidator | undefined {
  const { memberId, generationIdOrMemberEpoch: memberEpoch, transactional } = committer;
  // An administrator, or a consumer that assigns itself, while nobody else is there.
  if (memberEpoch < 0 && group.isEmpty) return undefined;
  // A transactional producer that knows nothing of the group.
  const isAnonymous = memberEpoch === -1 && memberId === "" && committer.groupInstanceId === null;
  if (transactional && isAnonymous) return undefined;
  const member = existingMember(group, memberId);
  if (!transactional && !usesClassicProtocol(member) && committer.apiVersion < FIRST_VERSION_WITH_EPOCHS) {
    throw new KafkaError(
      "UNSUPPORTED_VERSION",
      "OffsetCommit version 9 or above must be used by members using the consumer group protocol",
    );
  }
  if (memberEpoch === member.memberEpoch) return undefined;
  if (memberEpoch > member.memberEpoch) {
    const received = usesClassicProtocol(member) ? "generation id" : "member epoch";
    throw staleEpoch(
      member,
      `Received ${received} ${memberEpoch} is newer than current member epoch ${member.memberEpoch}.`,
    );
  }
  return (topic, topicId, partition) => {
    const epoch =
      member.assignedPartitions.get(topicId)?.get(partition) ??
      member.partitionsPendingRevocation.get(topicId)?.get(partition);
    if (epoch === undefined) {
      throw staleEpoch(
        member,
        `Partition ${topic}-${partition} is not assigned or pending revocation for member.`,
      );
    }
    if (memberEpoch < epoch) {
      throw staleEpoch(
        member,
        `The epoch ${memberEpoch} is older than assignment epoch ${epoch} for partition ${topic}-${partition}.`,
      );
    }
  };
}

/** @throws KafkaError UNKNOWN_MEMBER_ID, STALE_MEMBER_EPOCH, or ILLEGAL_GENERATION in the latter's place */
export function checkOffsetFetch(group: ConsumerGroup, memberId: string | null, memberEpoch: number): void {
  if (memberId === null && memberEpoch < 0) return;
  const member = existingMember(group, memberId ?? "");
  if (memberEpoch !== member.memberEpoch) {
    const received = usesClassicProtocol(member) ? "generation id" : "member epoch";
    throw staleEpoch(
      member,
      `The received ${received} ${memberEpoch} does not match the expected member epoch ${member.memberEpoch}.`,
    );
  }
}

/** @throws KafkaError NON_EMPTY_GROUP */
export function checkDeletable(group: ConsumerGroup): void {
  if (!group.isEmpty) throw new KafkaError("NON_EMPTY_GROUP", "The group is not empty.");
}

/** @throws KafkaError UNKNOWN_MEMBER_ID */
export function existingMember(group: ConsumerGroup, memberId: string): ConsumerGroupMember {
  const member = group.members.get(memberId);
  if (member !== undefined) return member;
  throw new KafkaError("UNKNOWN_MEMBER_ID", `Member ${memberId} is not a member of group ${group.groupId}.`);
}

export function usesClassicProtocol(member: ConsumerGroupMember): boolean {
  return member.classicMemberMetadata !== null;
}

function staleEpoch(member: ConsumerGroupMember, message: string): KafkaError {
  return new KafkaError(usesClassicProtocol(member) ? "ILLEGAL_GENERATION" : "STALE_MEMBER_EPOCH", message);
}
