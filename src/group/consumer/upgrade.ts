/**
 * A classic group of consumers becomes a consumer group when a member of the consumer protocol joins it (KIP-848). The
 * members that are there stay as they are, members of the classic protocol inside a consumer group, and keep what they
 * were assigned.
 */
import { KafkaError } from "../../protocol/errors.ts";
import { MalformedError } from "../../protocol/malformed.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import type { ClassicGroup } from "../classic/group.ts";
import { retireGroup } from "../classic/lifecycle.ts";
import type { ClassicMember } from "../classic/member.ts";
import type { GroupShard } from "../shard.ts";
import { type Assignment, type TopicPartitions, withEpoch } from "./assignment.ts";
import type { Change } from "./change.ts";
import { decodeAssignment, decodeSubscription, withTopicIds } from "./classic-protocol.ts";
import { ConsumerGroup } from "./group.ts";
import { metadataHash } from "./hash/metadata-hash.ts";
import { type ConsumerGroupMember, newMember } from "./member.ts";
import { allowsUpgrade } from "./migration-policy.ts";
import {
  currentAssignmentRecord,
  groupEpochRecord,
  memberRecord,
  targetAssignmentEpochRecord,
  targetAssignmentRecord,
} from "./records.ts";
import { renewSession } from "./timers.ts";

type Subscription = ReturnType<typeof decodeSubscription>;

/**
 * The consumer group that `classic`, which has members, becomes. It isn't in the shard before its records are.
 *
 * @throws KafkaError GROUP_ID_NOT_FOUND when the group can't or may not become one
 */
export function upgrade(change: Change, classic: ClassicGroup): ConsumerGroup {
  const { shard } = change;
  checkUpgrade(shard, classic);
  const group = consumerGroupOf(shard, classic);
  change.write(...classic.tombstones(), ...recordsOf(group));
  change.afterwards(() => {
    retireGroup(shard, classic);
    for (const { memberId, classicMemberMetadata } of group.members.values()) {
      renewSession(shard, group.groupId, memberId, classicMemberMetadata?.sessionTimeoutMs ?? 0);
    }
    shard.environment.logger.info(`Group ${group.groupId} has become a consumer group.`);
  });
  return group;
}

function checkUpgrade({ environment }: GroupShard, classic: ClassicGroup): void {
  const { config } = environment;
  if (!allowsUpgrade(config)) throw cannotUpgrade(environment, classic, "online upgrade is disabled");
  if (!classic.usesConsumerProtocol) {
    throw cannotUpgrade(environment, classic, "the group does not use the consumer embedded protocol");
  }
  if (classic.members.size > config.groupConsumerMaxSize) {
    throw cannotUpgrade(environment, classic, "the group size exceeds the consumer group maximum size");
  }
}

function cannotUpgrade(
  { logger }: GroupShard["environment"],
  { groupId }: ClassicGroup,
  reason: string,
): KafkaError {
  logger.info(`Group ${groupId} does not become a consumer group: ${reason}.`);
  return new KafkaError(
    "GROUP_ID_NOT_FOUND",
    `Cannot upgrade classic group ${groupId} to consumer group because ${reason}.`,
  );
}

function consumerGroupOf(shard: GroupShard, classic: ClassicGroup): ConsumerGroup {
  const { topics } = shard.environment;
  const group = new ConsumerGroup(classic.groupId);
  group.groupEpoch = classic.generationId;
  group.assignmentEpoch = classic.generationId;
  try {
    for (const { member, subscription, assignment } of holdings(shard, classic)) {
      group.targetAssignment.set(member.memberId, assignment);
      group.setMember(consumerMemberOf(classic, member, subscription, assignment));
    }
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw cannotUpgrade(shard.environment, classic, "the embedded consumer protocol is malformed");
  }
  group.metadataHash = metadataHash(group.subscriptions.topicNames, topics);
  return group;
}

interface Holding {
  readonly member: ClassicMember;
  readonly subscription: Subscription;
  readonly assignment: Map<Uuid, Set<number>>;
}

/**
 * What each member may be consuming: what its leader assigned it; and what it said it had when it joined, if it was
 * assigned to nobody. A cooperative consumer keeps that while a rebalance is on its way, in which the coordinator has
 * forgotten the assignment. (Kafka counts the assignment only, and may give a partition to two.)
 */
function holdings(shard: GroupShard, classic: ClassicGroup): Holding[] {
  const { topics } = shard.environment;
  const held = new Set<string>();
  const hold = (assignment: Holding["assignment"], list: readonly TopicPartitions[]): void => {
    for (const { topicId, partitions } of list) {
      for (const partition of partitions) {
        const key = `${topicId}:${partition}`;
        if (held.has(key)) continue;
        held.add(key);
        assignment.set(topicId, (assignment.get(topicId) ?? new Set()).add(partition));
      }
    }
  };
  const result = [...classic.members].map((member): Holding => {
    const assignment: Holding["assignment"] = new Map();
    hold(assignment, assignedTo(shard, classic, member));
    return { member, subscription: subscriptionOf(classic, member), assignment };
  });
  // Of two who say they have the same, the one who got it later does.
  const byGeneration = result.toSorted((a, b) => b.subscription.generationId - a.subscription.generationId);
  for (const { subscription, assignment } of byGeneration) {
    hold(assignment, withTopicIds(subscription.ownedPartitions, topics));
  }
  return result;
}

/** What the member's leader assigned it. */
function assignedTo(
  { environment }: GroupShard,
  classic: ClassicGroup,
  member: ClassicMember,
): TopicPartitions[] {
  if (member.assignment.length === 0) return [];
  const { assignedPartitions, userData } = decodeAssignment(member.assignment);
  if (userData !== null && userData.length > 0) {
    // An assignor of the users' own has told its members more than Kafka's assignors know.
    throw cannotUpgrade(
      environment,
      classic,
      "an unsupported custom assignor is in use. Please refer to the documentation or switch to a default assignor before re-attempting the upgrade",
    );
  }
  return withTopicIds(assignedPartitions, environment.topics);
}

function subscriptionOf({ protocolName }: ClassicGroup, member: ClassicMember): Subscription {
  const metadata = member.metadataFor(protocolName);
  if (metadata === undefined) throw new MalformedError(`${member.memberId} doesn't offer ${protocolName}`);
  return decodeSubscription(metadata);
}

function consumerMemberOf(
  { generationId }: ClassicGroup,
  member: ClassicMember,
  subscription: Subscription,
  assignment: Assignment,
): ConsumerGroupMember {
  return {
    ...newMember(member.memberId),
    memberEpoch: generationId,
    previousMemberEpoch: generationId,
    instanceId: member.groupInstanceId,
    rackId: subscription.rackId || null,
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    clientId: member.clientId,
    clientHost: member.clientHost,
    subscribedTopicNames: new Set(subscription.topics),
    assignedPartitions: withEpoch(assignment, generationId),
    classicMemberMetadata: {
      sessionTimeoutMs: member.sessionTimeoutMs,
      supportedProtocols: member.protocols,
    },
  };
}

function recordsOf(group: ConsumerGroup) {
  const { groupId, groupEpoch, assignmentEpoch, assignmentTimestampMs } = group;
  const members = [...group.members.values()];
  return [
    ...members.map((member) => memberRecord(groupId, member)),
    groupEpochRecord(groupId, groupEpoch, group.metadataHash),
    ...members.map((member) => targetAssignmentRecord(groupId, member.memberId, group.targetOf(member))),
    targetAssignmentEpochRecord(groupId, assignmentEpoch, assignmentTimestampMs),
    ...members.map((member) => currentAssignmentRecord(groupId, member)),
  ];
}
