/**
 * A member leaves a consumer group: for good, or, being static, to come back.
 */
import { ErrorCode, KafkaError } from "../../protocol/errors.ts";
import { NO_PARTITIONS } from "./assignment.ts";
import type { Change } from "./change.ts";
import { fenceMembers } from "./fence.ts";
import type { ConsumerGroup } from "./group.ts";
import { type ConsumerGroupMember, STATIC_LEAVE_EPOCH } from "./member.ts";
import { checkNotFenced, knownStaticMember } from "./member-checks.ts";
import { existingMember } from "./offset-checks.ts";
import { currentAssignmentRecord } from "./records.ts";
import type { HeartbeatReply, HeartbeatRequest } from "./validate.ts";

/** @throws KafkaError GROUP_ID_NOT_FOUND, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID */
export function leave(change: Change, request: HeartbeatRequest): HeartbeatReply {
  const { groupId, memberId, instanceId, memberEpoch } = request;
  const group = findGroup(change, groupId);
  const member = instanceId === null ? existingMember(group, memberId) : knownStaticMember(group, instanceId);
  if (instanceId !== null) checkNotFenced(member, memberId, instanceId);
  change.shard.environment.logger.info(`Group ${groupId}: ${memberId} leaves.`);
  if (instanceId !== null && memberEpoch === STATIC_LEAVE_EPOCH) leaveForAWhile(change, group, member);
  else fenceMembers(change, group, [member]);
  return {
    throttleTimeMs: 0,
    errorCode: ErrorCode.NONE,
    memberId,
    memberEpoch,
    heartbeatIntervalMs: 0,
    assignment: null,
  };
}

function findGroup({ shard }: Change, groupId: string): ConsumerGroup {
  const group = shard.groups.get(groupId);
  if (group?.type === "consumer") return group;
  const problem = group === undefined ? "not found" : "is not a consumer group";
  throw new KafkaError("GROUP_ID_NOT_FOUND", `Group ${groupId} ${problem}.`);
}

/** Its partitions stay its own, until it comes back under a new id or its session runs out. */
function leaveForAWhile(change: Change, { groupId }: ConsumerGroup, member: ConsumerGroupMember): void {
  const assignedPartitions = new Map(
    [...member.assignedPartitions].map(([topicId, epochs]) => [
      topicId,
      new Map([...epochs.keys()].map((partition) => [partition, 0])),
    ]),
  );
  change.write(
    currentAssignmentRecord(groupId, {
      ...member,
      memberEpoch: STATIC_LEAVE_EPOCH,
      assignedPartitions,
      partitionsPendingRevocation: NO_PARTITIONS,
    }),
  );
}
