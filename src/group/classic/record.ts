/**
 * The record in which a classic group stands in the log (GroupMetadata).
 */
import type { GroupRecord, GroupRecordOf } from "../record.ts";
import type { ClassicGroup } from "./group.ts";
import type { ClassicMember } from "./member.ts";

type GroupMetadata = GroupRecordOf<"GroupMetadata">;

/**
 * A group's generation with its members, each with what `assignmentOf` gives it.
 *
 * @throws Error when a member doesn't offer the group's protocol
 */
export function groupMetadata(
  group: ClassicGroup,
  members: Iterable<ClassicMember> = group.members,
  assignmentOf: (member: ClassicMember) => Buffer = ({ assignment }) => assignment,
): GroupMetadata {
  return {
    type: "GroupMetadata",
    key: { group: group.groupId },
    value: {
      protocolType: group.protocolType,
      generation: group.generationId,
      protocol: group.protocolName,
      leader: group.leaderId,
      currentStateTimestamp: BigInt(group.stateSinceMs ?? -1),
      members: Array.from(members, (member) => memberMetadata(group, member, assignmentOf(member))),
    },
  };
}

function memberMetadata(group: ClassicGroup, member: ClassicMember, assignment: Buffer) {
  const subscription = member.metadataFor(group.protocolName);
  if (subscription === undefined) {
    throw new Error(`${member.memberId} of group ${group.groupId} doesn't offer ${group.protocolName}`);
  }
  return {
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    rebalanceTimeout: member.rebalanceTimeoutMs,
    sessionTimeout: member.sessionTimeoutMs,
    subscription,
    assignment,
  };
}

/** A group that nobody has joined yet. */
export function newGroupMetadata(groupId: string, nowMs: number): GroupMetadata {
  return {
    type: "GroupMetadata",
    key: { group: groupId },
    value: {
      protocolType: "",
      generation: 0,
      protocol: null,
      leader: null,
      currentStateTimestamp: BigInt(nowMs),
      members: [],
    },
  };
}

/** Deletes the group. */
export function tombstone(groupId: string): GroupRecord {
  return { type: "GroupMetadata", key: { group: groupId }, value: null };
}
