/**
 * ConsumerGroupHeartbeat (KIP-848): joins a consumer group, keeps a member in it, tells it what partitions to give up
 * and to take, and leaves.
 */
import type { Outcome } from "../../coordinator/outcome.ts";
import { ErrorCode, KafkaError } from "../../protocol/errors.ts";
import type { Requester } from "../environment.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { sameAssignmentWithEpochs, type TopicPartitions, topicPartitionsOf } from "./assignment.ts";
import { Change } from "./change.ts";
import { findMember } from "./find-member.ts";
import { ConsumerGroup } from "./group.ts";
import { updateGroupEpoch } from "./group-epoch.ts";
import { leave } from "./leave.ts";
import {
  type ConsumerGroupMember,
  JOIN_EPOCH,
  LEAVE_EPOCH,
  STATIC_LEAVE_EPOCH,
  sameNames,
  sameSubscription,
} from "./member.ts";
import { checkNotFull } from "./member-checks.ts";
import { preferredAssignor, preferredAssignorAfter } from "./preferred-assignor.ts";
import { progress } from "./progress.ts";
import { memberRecord } from "./records.ts";
import { changeRegex } from "./regex-subscription.ts";
import { targetAssignment } from "./target-assignment.ts";
import { renewSession } from "./timers.ts";
import { upgrade } from "./upgrade.ts";
import { checkRequest, type HeartbeatReply, type HeartbeatRequest } from "./validate.ts";

/**
 * Answers a member of the consumer protocol.
 *
 * @throws KafkaError INVALID_REQUEST, UNSUPPORTED_ASSIGNOR, INVALID_REGULAR_EXPRESSION, GROUP_ID_NOT_FOUND,
 *   UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH, UNRELEASED_INSTANCE_ID, FENCED_INSTANCE_ID, GROUP_MAX_SIZE_REACHED
 */
export function consumerGroupHeartbeat(
  shard: GroupShard,
  request: HeartbeatRequest,
  requester: Requester,
  nowMs: number,
): Outcome<GroupRecord, HeartbeatReply> {
  checkRequest(request, requester.apiVersion, shard.environment.config);
  const change = new Change(shard, nowMs);
  const leaves = request.memberEpoch === LEAVE_EPOCH || request.memberEpoch === STATIC_LEAVE_EPOCH;
  return change.outcome(leaves ? leave(change, request) : stay(change, request, requester));
}

function stay(change: Change, request: HeartbeatRequest, requester: Requester): HeartbeatReply {
  const { shard } = change;
  const { environment } = shard;
  const { group, isUpgraded } = findGroup(change, request);
  checkNotFull(group, request.memberId, request.instanceId, environment.config);
  const memberId = request.memberId || environment.newUuid();
  const previous = findMember(change, group, {
    memberId,
    instanceId: request.instanceId,
    joins: request.memberEpoch === JOIN_EPOCH,
    classic: false,
    memberEpoch: request.memberEpoch,
    ownedPartitions: request.topicPartitions,
  });
  const changed = withRequest(previous, request, requester);
  const member = advance(change, group, previous, changed, isUpgraded, request.topicPartitions);
  const { heartbeatIntervalMs, sessionTimeoutMs } = environment.consumerGroupConfig(request.groupId);
  change.afterwards(() => renewSession(shard, request.groupId, memberId, sessionTimeoutMs));
  const tellsAssignment =
    isFull(request) || !sameAssignmentWithEpochs(previous.assignedPartitions, member.assignedPartitions);
  return {
    throttleTimeMs: 0,
    errorCode: ErrorCode.NONE,
    memberId,
    memberEpoch: member.memberEpoch,
    heartbeatIntervalMs,
    assignment: tellsAssignment ? { topicPartitions: topicPartitionsOf(member.assignedPartitions) } : null,
  };
}

/** Whether the member says all of itself, and so wants to be told all. */
function isFull(request: HeartbeatRequest): boolean {
  if (request.memberEpoch === JOIN_EPOCH) return true;
  const subscribes = request.subscribedTopicNames !== null || request.subscribedTopicRegex !== null;
  return request.rebalanceTimeoutMs !== -1 && subscribes && request.topicPartitions !== null;
}

interface FoundGroup {
  readonly group: ConsumerGroup;
  /** Whether it is a classic group until what is changed is written. */
  readonly isUpgraded: boolean;
}

/** The group; for one who joins a new one if need be, or a classic group turned into one. */
function findGroup(change: Change, { groupId, memberEpoch }: HeartbeatRequest): FoundGroup {
  const joins = memberEpoch === JOIN_EPOCH;
  const group = change.shard.groups.get(groupId);
  if (group?.type === "consumer") return { group, isUpgraded: false };
  if (group === undefined && joins) return { group: new ConsumerGroup(groupId), isUpgraded: false };
  if (group === undefined) {
    throw new KafkaError("GROUP_ID_NOT_FOUND", `Consumer group ${groupId} not found.`);
  }
  if (!joins) throw new KafkaError("GROUP_ID_NOT_FOUND", `Group ${groupId} is not a consumer group.`);
  if (!group.isEmpty) return { group: upgrade(change, group), isUpgraded: true };
  change.write(...group.tombstones());
  return { group: new ConsumerGroup(groupId), isUpgraded: false };
}

/** The member as it will be: what a request leaves out stays as it was. */
function withRequest(
  member: ConsumerGroupMember,
  request: HeartbeatRequest,
  { clientId, clientHost }: Requester,
): ConsumerGroupMember {
  const { subscribedTopicNames } = request;
  return {
    ...member,
    instanceId: request.instanceId ?? member.instanceId,
    rackId: request.rackId ?? member.rackId,
    rebalanceTimeoutMs:
      request.rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : request.rebalanceTimeoutMs,
    serverAssignorName: request.serverAssignor ?? member.serverAssignorName,
    subscribedTopicNames:
      subscribedTopicNames === null ? member.subscribedTopicNames : new Set(subscribedTopicNames),
    subscribedTopicRegex: request.subscribedTopicRegex ?? member.subscribedTopicRegex,
    clientId,
    clientHost,
    classicMemberMetadata: null,
  };
}

/**
 * Writes what is new of the member, and of the group through it; returns the member a step further on.
 *
 * @param isUpgraded what the members of a classic group have needn't be all there is: that calls for an assignment of its own
 */
function advance(
  change: Change,
  group: ConsumerGroup,
  previous: ConsumerGroupMember,
  member: ConsumerGroupMember,
  isUpgraded: boolean,
  ownedPartitions: readonly TopicPartitions[] | null,
): ConsumerGroupMember {
  const { config } = change.shard.environment;
  if (!sameSubscription(previous, member)) change.write(memberRecord(group.groupId, member));
  const namesChanged = !sameNames(previous.subscribedTopicNames, member.subscribedTopicNames);
  const regexChange = changeRegex(change, group, previous, member);
  const assignorChanged =
    preferredAssignor(group, config) !== preferredAssignorAfter(group, previous, member, config);
  const grow = namesChanged || regexChange === "resolved" || assignorChanged || isUpgraded;
  const groupEpoch = updateGroupEpoch(change, group, previous, member, grow);
  const target = targetAssignment(change, group, previous, member, groupEpoch);
  const subscriptionChanged = namesChanged || regexChange !== "unchanged";
  return progress(change, group, member, target, subscriptionChanged, ownedPartitions);
}
