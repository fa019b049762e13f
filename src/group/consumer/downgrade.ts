/**
 * A consumer group becomes a classic one when its last member of the consumer protocol goes and members of the classic
 * protocol stay (KIP-848): the way back from an upgrade.
 */
import { KafkaError } from "../../protocol/errors.ts";
import { MalformedError } from "../../protocol/malformed.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import { type Downgrade, downgrade } from "../classic/from-members.ts";
import type { MemberIdentity, MemberTerms } from "../classic/member.ts";
import type { GroupShard } from "../shard.ts";
import type { Assignment } from "./assignment.ts";
import type { Change } from "./change.ts";
import { encodeAssignment } from "./classic-protocol.ts";
import type { ConsumerGroup } from "./group.ts";
import type { ConsumerGroupMember } from "./member.ts";
import { allowsDowngrade } from "./migration-policy.ts";
import { groupTombstones } from "./records.ts";
import { cancelTimers } from "./timer-keys.ts";

/** Whether the group is to be a classic one once these members have gone. */
export function mayDowngradeWithout(
  shard: GroupShard,
  group: ConsumerGroup,
  leaving: readonly ConsumerGroupMember[],
): boolean {
  const classicLeaving = leaving.filter(({ classicMemberMetadata }) => classicMemberMetadata !== null).length;
  const staying = group.members.size - leaving.length;
  return (
    group.classicMemberCount - classicLeaving === staying && staying > 0 && isAllowed(shard, group, staying)
  );
}

/** Whether the group is to be a classic one once a member of the classic protocol has taken this one's place. */
export function mayDowngradeReplacing(
  shard: GroupShard,
  group: ConsumerGroup,
  replaced: ConsumerGroupMember,
): boolean {
  return (
    replaced.classicMemberMetadata === null &&
    group.classicMemberCount === group.members.size - 1 &&
    isAllowed(shard, group, group.members.size)
  );
}

function isAllowed({ environment }: GroupShard, { groupId }: ConsumerGroup, members: number): boolean {
  const { config, logger } = environment;
  const obstacle = !allowsDowngrade(config)
    ? "the migration policy doesn't allow it"
    : members > config.groupMaxSize
      ? `it has ${members} members, and a classic group may have ${config.groupMaxSize}`
      : undefined;
  if (obstacle !== undefined) logger.info(`Group ${groupId} does not become a classic group: ${obstacle}.`);
  return obstacle === undefined;
}

/** Makes a classic group of those members that stay; they are to join again. */
export function downgradeWithout(
  change: Change,
  group: ConsumerGroup,
  leaving: readonly ConsumerGroupMember[],
): void {
  const staying = [...group.members.values()].filter((member) => !leaving.includes(member));
  change.write(...group.tombstones());
  replaceByClassicGroup(change, group, staying, true);
}

/**
 * Makes a classic group in which `joining`, a static member, has the place of `replaced`; its records, with which it
 * takes that place in the consumer group, have been written already.
 *
 * @param rebalance whether the members are to join again, because they don't have what they are to have
 */
export function downgradeReplacing(
  change: Change,
  group: ConsumerGroup,
  replaced: ConsumerGroupMember,
  joining: ConsumerGroupMember,
  rebalance: boolean,
): void {
  const memberIds = [...group.members.keys()].map((memberId) =>
    memberId === replaced.memberId ? joining.memberId : memberId,
  );
  change.write(...groupTombstones(group.groupId, memberIds, group.subscriptions.resolved.keys()));
  const staying = [...group.members.values()].filter((member) => member !== replaced);
  replaceByClassicGroup(change, group, [...staying, joining], rebalance);
}

function replaceByClassicGroup(
  change: Change,
  group: ConsumerGroup,
  members: readonly ConsumerGroupMember[],
  rebalance: boolean,
): void {
  const { shard, nowMs } = change;
  const { groupId } = group;
  const made = makeClassicGroup(shard, group, members, nowMs);
  // The group has no members any more once its tombstones are replayed.
  const memberIds = [...group.members.keys()];
  change.write(made.record);
  change.afterwards(() => {
    for (const memberId of memberIds) cancelTimers(shard, groupId, memberId);
    made.complete(shard, rebalance);
    shard.environment.logger.info(`Group ${groupId} has become a classic group.`);
  });
}

/** @throws KafkaError GROUP_ID_NOT_FOUND when a member's subscription can't be read */
function makeClassicGroup(
  { environment }: GroupShard,
  { groupId, groupEpoch }: ConsumerGroup,
  members: readonly ConsumerGroupMember[],
  nowMs: number,
): Downgrade {
  const assignments = new Map(members.map((member) => [member.memberId, partitionsHeldBy(member)]));
  try {
    return downgrade({
      groupId,
      generationId: groupEpoch,
      members: members.flatMap(classicTerms),
      assignmentOf: (memberId, subscription) =>
        encodeAssignment(assignments.get(memberId) ?? new Map(), environment.topics, subscription),
      nowMs,
    });
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    environment.logger.warn(`Group ${groupId} can't become a classic group: ${error.message}.`);
    throw new KafkaError(
      "GROUP_ID_NOT_FOUND",
      `Cannot downgrade the classic group ${groupId}: ${error.message}.`,
    );
  }
}

/**
 * What a member may be consuming. Kafka writes what it is to have, which another may still be consuming; should the group
 * become a consumer group again before all have joined, that would count as given up.
 */
function partitionsHeldBy({
  assignedPartitions,
  partitionsPendingRevocation,
}: ConsumerGroupMember): Assignment {
  const held = new Map<Uuid, Set<number>>();
  for (const assignment of [assignedPartitions, partitionsPendingRevocation]) {
    for (const [topicId, epochs] of assignment) {
      held.set(topicId, new Set([...(held.get(topicId) ?? []), ...epochs.keys()]));
    }
  }
  return held;
}

function classicTerms(member: ConsumerGroupMember): (MemberIdentity & MemberTerms)[] {
  const { memberId, instanceId, clientId, clientHost, rebalanceTimeoutMs, classicMemberMetadata } = member;
  if (classicMemberMetadata === null) return [];
  const { sessionTimeoutMs, supportedProtocols } = classicMemberMetadata;
  return [
    {
      memberId,
      groupInstanceId: instanceId,
      clientId,
      clientHost,
      rebalanceTimeoutMs,
      sessionTimeoutMs,
      protocols: supportedProtocols,
    },
  ];
}
