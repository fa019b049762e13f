/**
 * DescribeGroups (15). What classic groups look like from inside. Versions: 3 may tell what the client is allowed to do
 * with them (KIP-430); 4 tells static members (KIP-345); 5 is flexible; 6 tells a missing group by an error (KIP-1043).
 */
import { failedDescription } from "../group/describe.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { DescribeGroupsRequest, DescribeGroupsResponse } from "../protocol/messages/describe-groups.ts";
import { api } from "./api.ts";
import { GROUP_OPERATIONS } from "./authorized-operations.ts";
import { answerElement } from "./elements.ts";

export const describeGroups = api(DescribeGroupsRequest, DescribeGroupsResponse, {
  handle({ groups, includeAuthorizedOperations }, context) {
    const { broker, apiVersion } = context;
    const described = groups.map((groupId) =>
      answerElement(
        `DescribeGroups of ${groupId}`,
        context,
        () => broker.groups.describeGroup(groupId, apiVersion),
        ({ code }) => failedDescription(groupId, code),
      ),
    );
    if (!includeAuthorizedOperations) return { groups: described };
    return {
      groups: described.map((group) =>
        group.errorCode === ErrorCode.NONE ? { ...group, authorizedOperations: GROUP_OPERATIONS } : group,
      ),
    };
  },
  fail: ({ groups }, { code }) => ({ groups: groups.map((groupId) => failedDescription(groupId, code)) }),
});
