/**
 * What members are answered when they join and sync.
 */
import { ErrorCode, type ErrorName } from "../../protocol/errors.ts";
import { NO_BYTES } from "./bytes.ts";
import type { ClassicGroup } from "./group.ts";
import type { ClassicMember, JoinGroupReply, SyncGroupReply } from "./member.ts";

export function joinError(error: ErrorName, memberId = ""): JoinGroupReply {
  return { errorCode: ErrorCode[error], memberId, protocolName: null, leader: "", members: [] };
}

/** The generation that a member has joined. The leader is told the members, for it is to assign the partitions. */
export function joined(group: ClassicGroup, memberId: string): JoinGroupReply {
  return {
    errorCode: ErrorCode.NONE,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: group.leaderId ?? "",
    skipAssignment: false,
    memberId,
    members: memberId === group.leaderId ? Array.from(group.members, (member) => listed(group, member)) : [],
  };
}

function listed(group: ClassicGroup, member: ClassicMember): JoinGroupReply["members"][number] {
  const { memberId, groupInstanceId } = member;
  return { memberId, groupInstanceId, metadata: member.metadataFor(group.protocolName) ?? NO_BYTES };
}

export function syncError(error: ErrorName): SyncGroupReply {
  return { errorCode: ErrorCode[error], assignment: NO_BYTES };
}

export function synced(group: ClassicGroup, member: ClassicMember): SyncGroupReply {
  return {
    errorCode: ErrorCode.NONE,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    assignment: member.assignment,
  };
}
