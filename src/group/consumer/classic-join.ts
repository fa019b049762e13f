/**
 * JoinGroup of a member of the classic protocol to a consumer group. Nobody waits for the others here: every member is
 * told its epoch as the generation, and comes for its assignment.
 */
import { answer, type Outcome } from "../../coordinator/outcome.ts";
import { ErrorCode, KafkaError } from "../../protocol/errors.ts";
import { MalformedError } from "../../protocol/malformed.ts";
import type { JoinGroupRequest, JoinGroupResponse } from "../../protocol/messages/join-group.ts";
import type { Decoded, Encodable } from "../../protocol/schema.ts";
import { memberProtocols } from "../classic/member.ts";
import { joinError } from "../classic/replies.ts";
import { CONSUMER_PROTOCOL_TYPE } from "../classic/subscribed-topics.ts";
import type { Requester } from "../environment.ts";
import type { GroupRecord } from "../record.ts";
import type { GroupShard } from "../shard.ts";
import { Change } from "./change.ts";
import { decodeSubscription, withTopicIds } from "./classic-protocol.ts";
import { downgradeReplacing, mayDowngradeReplacing } from "./downgrade.ts";
import { findMember } from "./find-member.ts";
import type { ConsumerGroup } from "./group.ts";
import { updateGroupEpoch } from "./group-epoch.ts";
import { type ConsumerGroupMember, isReconciledTo, sameNames, sameSubscription } from "./member.ts";
import { checkNotFull } from "./member-checks.ts";
import { allowsMigration } from "./migration-policy.ts";
import { progress } from "./progress.ts";
import { memberRecord } from "./records.ts";
import { changeRegex } from "./regex-subscription.ts";
import { targetAssignment } from "./target-assignment.ts";
import { awaitSync, joined, renewSession } from "./timers.ts";

type JoinGroup = Decoded<typeof JoinGroupRequest>;
type JoinGroupReply = Encodable<typeof JoinGroupResponse>;
type Subscription = ReturnType<typeof decodeSubscription>;

/** From this version on a dynamic member has to join a second time, with the member id it is given (KIP-394). */
const MEMBER_ID_REQUIRED_VERSION = 4;

/**
 * Joins a member to a group that isn't empty.
 *
 * @throws KafkaError INCONSISTENT_GROUP_PROTOCOL, GROUP_MAX_SIZE_REACHED, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID,
 *   GROUP_ID_NOT_FOUND
 */
export function joinConsumerGroup(
  shard: GroupShard,
  group: ConsumerGroup,
  request: JoinGroup,
  requester: Requester,
  nowMs: number,
): Outcome<GroupRecord, JoinGroupReply> {
  const { environment } = shard;
  const memberId = request.memberId || environment.newUuid();
  checkJoin(shard, group, memberId, request);
  const isUnknown = request.memberId === "";
  const isDynamic = request.groupInstanceId === null;
  if (isUnknown && isDynamic && requester.apiVersion >= MEMBER_ID_REQUIRED_VERSION) {
    return answer(joinError("MEMBER_ID_REQUIRED", memberId));
  }
  const change = new Change(shard, nowMs);
  const previous = findMember(change, group, {
    memberId,
    instanceId: request.groupInstanceId,
    joins: isDynamic || isUnknown,
    classic: true,
    memberEpoch: -1,
    ownedPartitions: [],
  });
  const subscription = readSubscription(request);
  const member = withRequest(previous, request, subscription, requester);
  return change.outcome(
    joinedReply(join(change, group, previous, member, request.groupInstanceId, subscription)),
  );
}

function checkJoin(
  { environment }: GroupShard,
  group: ConsumerGroup,
  memberId: string,
  { groupInstanceId, protocolType, protocols }: JoinGroup,
): void {
  if (!allowsMigration(environment.config)) {
    throw new KafkaError(
      "INCONSISTENT_GROUP_PROTOCOL",
      `Cannot join the consumer group ${group.groupId} with the classic protocol because the group migration is disabled.`,
    );
  }
  checkNotFull(group, memberId, groupInstanceId, environment.config);
  // One of its protocols is one that all members of the classic protocol support.
  const { classicProtocols, classicMemberCount } = group;
  const isSupported = protocols.some(({ name }) => (classicProtocols.get(name) ?? 0) === classicMemberCount);
  if (protocolType !== CONSUMER_PROTOCOL_TYPE || !isSupported) {
    throw new KafkaError("INCONSISTENT_GROUP_PROTOCOL", `Member ${memberId}'s protocols are not supported.`);
  }
}

/** What the member says of itself for the protocol that it likes best. */
function readSubscription({ protocols: [protocol] }: JoinGroup): Subscription {
  try {
    return decodeSubscription(protocol?.metadata ?? new Uint8Array());
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new KafkaError(
      "INCONSISTENT_GROUP_PROTOCOL",
      "Malformed embedded consumer protocol in subscription deserialization.",
    );
  }
}

function withRequest(
  member: ConsumerGroupMember,
  request: JoinGroup,
  subscription: Subscription,
  { apiVersion, clientId, clientHost }: Requester,
): ConsumerGroupMember {
  const { sessionTimeoutMs } = request;
  // Version 0 knows one time limit only.
  const rebalanceTimeoutMs = apiVersion === 0 ? sessionTimeoutMs : request.rebalanceTimeoutMs;
  return {
    ...member,
    instanceId: request.groupInstanceId ?? member.instanceId,
    rackId: subscription.rackId || member.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : rebalanceTimeoutMs,
    subscribedTopicNames: new Set(subscription.topics),
    subscribedTopicRegex: "",
    clientId,
    clientHost,
    classicMemberMetadata: {
      sessionTimeoutMs,
      supportedProtocols: memberProtocols(request.protocols),
    },
  };
}

/** Writes what is new of the member and of the group; returns the member a step further on. */
function join(
  change: Change,
  group: ConsumerGroup,
  previous: ConsumerGroupMember,
  member: ConsumerGroupMember,
  groupInstanceId: string | null,
  subscription: Subscription,
): ConsumerGroupMember {
  const { topics } = change.shard.environment;
  if (!sameSubscription(previous, member)) change.write(memberRecord(group.groupId, member));
  const namesChanged = !sameNames(previous.subscribedTopicNames, member.subscribedTopicNames);
  const regexChange = changeRegex(change, group, previous, member);
  const grow = namesChanged || regexChange !== "unchanged";
  const groupEpoch = updateGroupEpoch(change, group, previous, member, grow);
  const owned = withTopicIds(subscription.ownedPartitions, topics);
  const replaced = group.staticMember(groupInstanceId);
  if (replaced !== undefined && mayDowngradeReplacing(change.shard, group, replaced)) {
    // The assignment stands, if it is up to date and the others have come to it, and the member takes its part of it.
    const last = { epoch: group.assignmentEpoch, assignment: group.targetOf(member) };
    const others = [...group.members.values()].filter((other) => other !== replaced);
    const rebalance =
      group.assignmentEpoch < groupEpoch.epoch ||
      others.some((other) => !isReconciledTo(other, group.assignmentEpoch));
    const joining = rebalance ? member : progress(change, group, member, last, grow, owned);
    downgradeReplacing(change, group, replaced, joining, rebalance);
    return joining;
  }
  const target = targetAssignment(change, group, previous, member, groupEpoch);
  const updated = progress(change, group, member, target, grow, owned);
  change.afterwards(() => awaitNext(change.shard, group.groupId, updated));
  return updated;
}

/** It has joined; what is waited for next is its SyncGroup. */
function awaitNext(shard: GroupShard, groupId: string, member: ConsumerGroupMember): void {
  const { memberId, rebalanceTimeoutMs, classicMemberMetadata } = member;
  joined(shard, groupId, memberId);
  renewSession(shard, groupId, memberId, classicMemberMetadata?.sessionTimeoutMs ?? 0);
  awaitSync(shard, groupId, memberId, rebalanceTimeoutMs);
}

function joinedReply({ memberId, memberEpoch, classicMemberMetadata }: ConsumerGroupMember): JoinGroupReply {
  return {
    errorCode: ErrorCode.NONE,
    generationId: memberEpoch,
    protocolType: CONSUMER_PROTOCOL_TYPE,
    protocolName: classicMemberMetadata?.supportedProtocols[0]?.name ?? null,
    leader: "",
    skipAssignment: false,
    memberId,
    members: [],
  };
}
