/**
 * Whether a request of the classic protocol comes from a member of a consumer group, and from one of that protocol.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { ConsumerGroup } from "./group.ts";
import type { ClassicMemberMetadata, ConsumerGroupMember } from "./member.ts";
import { checkNotFenced } from "./member-checks.ts";
import { existingMember } from "./offset-checks.ts";

export type ClassicMember = ConsumerGroupMember & { readonly classicMemberMetadata: ClassicMemberMetadata };

export interface ClassicRequest {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly generationId: number;
}

/** @throws KafkaError UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION */
export function checkClassicMember(group: ConsumerGroup, request: ClassicRequest): ClassicMember {
  const { memberId, generationId } = request;
  const member = findMember(group, request);
  const { classicMemberMetadata, memberEpoch } = member;
  if (classicMemberMetadata === null) {
    throw new KafkaError("UNKNOWN_MEMBER_ID", `Member ${memberId} does not use the classic protocol.`);
  }
  if (memberEpoch !== generationId) {
    throw new KafkaError(
      "ILLEGAL_GENERATION",
      `The request generation id ${generationId} is not equal to the member epoch ${memberEpoch} of member ${memberId}.`,
    );
  }
  return { ...member, classicMemberMetadata };
}

function findMember(
  group: ConsumerGroup,
  { memberId, groupInstanceId }: ClassicRequest,
): ConsumerGroupMember {
  if (groupInstanceId === null) return existingMember(group, memberId);
  const member = group.staticMember(groupInstanceId);
  if (member === undefined) {
    throw new KafkaError(
      "UNKNOWN_MEMBER_ID",
      `Member with instance id ${groupInstanceId} is not a member of group ${group.groupId}.`,
    );
  }
  checkNotFenced(member, memberId, groupInstanceId);
  return member;
}
