/**
 * ConsumerGroupDescribe (69). What consumer groups look like from inside (KIP-848). Versions: 1 tells members that use
 * the classic protocol from others.
 */
import { failedConsumerDescription } from "../group/describe.ts";
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
} from "../protocol/messages/consumer-group-describe.ts";
import { api } from "./api.ts";
import { GROUP_OPERATIONS } from "./authorized-operations.ts";
import { requireConsumerProtocol } from "./consumer-protocol.ts";
import { answerElement } from "./elements.ts";

export const consumerGroupDescribe = api(ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse, {
  handle({ groupIds, includeAuthorizedOperations }, context) {
    const { groups } = requireConsumerProtocol(context);
    const described = groupIds.map((groupId) =>
      answerElement(
        `ConsumerGroupDescribe of ${groupId}`,
        context,
        () => {
          if (groupId === "") throw new KafkaError("INVALID_GROUP_ID", "A group id is empty.");
          return groups.describeConsumerGroup(groupId);
        },
        (error) => failedConsumerDescription(groupId, error),
      ),
    );
    if (!includeAuthorizedOperations) return { throttleTimeMs: 0, groups: described };
    return {
      throttleTimeMs: 0,
      groups: described.map((group) =>
        group.errorCode === ErrorCode.NONE ? { ...group, authorizedOperations: GROUP_OPERATIONS } : group,
      ),
    };
  },
  fail: ({ groupIds }, error) => ({
    throttleTimeMs: 0,
    groups: groupIds.map((groupId) => failedConsumerDescription(groupId, error)),
  }),
});
