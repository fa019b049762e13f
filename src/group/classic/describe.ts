/**
 * What a classic group looks like from outside (DescribeGroups).
 */
import { ErrorCode } from "../../protocol/errors.ts";
import type { DescribeGroupsResponse } from "../../protocol/messages/describe-groups.ts";
import type { Encodable } from "../../protocol/schema.ts";
import { NO_BYTES } from "./bytes.ts";
import type { ClassicGroup } from "./group.ts";

export type DescribedGroup = Encodable<typeof DescribeGroupsResponse>["groups"][number];

/** The group with its members. Protocol and subscriptions are only told of a stable group: else they are in flux. */
export function describeClassicGroup(group: ClassicGroup): DescribedGroup {
  const protocolName = group.state === "Stable" ? group.protocolName : null;
  return {
    errorCode: ErrorCode.NONE,
    groupId: group.groupId,
    groupState: group.stateName,
    protocolType: group.protocolType,
    protocolData: protocolName ?? "",
    members: Array.from(group.members, (member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: member.metadataFor(protocolName) ?? NO_BYTES,
      memberAssignment: member.assignment,
    })),
  };
}
