/**
 * What ConsumerGroupDescribe tells of a group.
 */
import { ErrorCode } from "../../protocol/errors.ts";
import type { ConsumerGroupDescribeResponse } from "../../protocol/messages/consumer-group-describe.ts";
import type { Encodable } from "../../protocol/schema.ts";
import type { Uuid } from "../../protocol/uuid.ts";
import type { TopicsView } from "../environment.ts";
import type { GroupShard } from "../shard.ts";
import { epochsOf } from "./assignment.ts";
import type { ConsumerGroup } from "./group.ts";
import type { ConsumerGroupMember } from "./member.ts";
import { usesClassicProtocol } from "./offset-checks.ts";
import { preferredAssignor } from "./preferred-assignor.ts";

export type DescribedGroup = Encodable<typeof ConsumerGroupDescribeResponse>["groups"][number];
type DescribedMember = DescribedGroup["members"][number];
type DescribedAssignment = DescribedMember["assignment"];

/** Which protocol a member speaks, as version 1 tells it. */
const CLASSIC_MEMBER = 0;
const CONSUMER_MEMBER = 1;

export function describeConsumerGroup({ environment }: GroupShard, group: ConsumerGroup): DescribedGroup {
  return {
    errorCode: ErrorCode.NONE,
    groupId: group.groupId,
    groupState: group.state,
    groupEpoch: group.groupEpoch,
    assignmentEpoch: group.assignmentEpoch,
    assignorName: preferredAssignor(group, environment.config).name,
    members: [...group.members.values()].map((member) => describe(group, member, environment.topics)),
  };
}

function describe(group: ConsumerGroup, member: ConsumerGroupMember, topics: TopicsView): DescribedMember {
  const { assignedPartitions, partitionsPendingRevocation } = member;
  const topicIds = new Set([...assignedPartitions.keys(), ...partitionsPendingRevocation.keys()]);
  const has = [...topicIds].map((topicId): [Uuid, number[]] => [
    topicId,
    [
      ...epochsOf(assignedPartitions, topicId).keys(),
      ...epochsOf(partitionsPendingRevocation, topicId).keys(),
    ],
  ]);
  return {
    memberId: member.memberId,
    instanceId: member.instanceId,
    rackId: member.rackId,
    memberEpoch: member.memberEpoch,
    clientId: member.clientId,
    clientHost: member.clientHost,
    subscribedTopicNames: [...member.subscribedTopicNames],
    subscribedTopicRegex: member.subscribedTopicRegex,
    assignment: list(has, topics),
    targetAssignment: list(group.targetAssignment.get(member.memberId) ?? [], topics),
    memberType: usesClassicProtocol(member) ? CLASSIC_MEMBER : CONSUMER_MEMBER,
  };
}

/** Those whose topics exist. */
function list(assignment: Iterable<[Uuid, Iterable<number>]>, topics: TopicsView): DescribedAssignment {
  return {
    topicPartitions: [...assignment].flatMap(([topicId, partitions]) => {
      const topicName = topics.byId(topicId)?.name;
      return topicName === undefined ? [] : [{ topicId, topicName, partitions: [...partitions] }];
    }),
  };
}
