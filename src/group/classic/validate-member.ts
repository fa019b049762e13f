/**
 * Whether a request comes from a member of the group.
 */
import { KafkaError } from "../../protocol/errors.ts";
import type { ClassicGroup } from "./group.ts";
import type { ClassicMember } from "./member.ts";

/**
 * The member with that id. Where the request names an instance id as well, the member must be the one that has it now:
 * of two processes with one instance id the one that came first is fenced (KIP-345).
 *
 * @throws KafkaError UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID
 */
export function checkMember(
  group: ClassicGroup,
  memberId: string,
  groupInstanceId: string | null,
): ClassicMember {
  if (groupInstanceId !== null) {
    const current = group.members.idOfInstance(groupInstanceId);
    if (current === undefined) throw unknownMember();
    if (current !== memberId) {
      throw new KafkaError("FENCED_INSTANCE_ID", `${groupInstanceId} has another member id by now.`);
    }
  }
  const member = group.members.get(memberId);
  if (member === undefined) throw unknownMember();
  return member;
}

function unknownMember(): KafkaError {
  return new KafkaError("UNKNOWN_MEMBER_ID", "The group has no such member.");
}
