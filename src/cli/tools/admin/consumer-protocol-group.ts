/**
 * Describes a group of the consumer protocol (KIP-848).
 */
import { checkError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
} from "../../../protocol/messages/consumer-group-describe.ts";
import type { Decoded } from "../../../protocol/schema.ts";
import type { GroupDescription, TopicPartition } from "./groups.ts";

type Member = Decoded<typeof ConsumerGroupDescribeResponse>["groups"][number]["members"][number];

/** What memberType says of a member that speaks the consumer protocol, and of one that doesn't. */
const MemberType = { unknown: -1, consumer: 1 } as const;

/** Rejects with a KafkaError, GROUP_ID_NOT_FOUND for a classic group as well. */
export async function describeConsumerProtocolGroup(
  client: KafkaClient,
  group: string,
): Promise<GroupDescription> {
  const { groups } = await client.sendOnce(
    { group },
    ConsumerGroupDescribeRequest,
    ConsumerGroupDescribeResponse,
    { groupIds: [group], includeAuthorizedOperations: false },
  );
  const found = groups[0];
  if (found === undefined) throw new KafkaError("GROUP_ID_NOT_FOUND", `Group ${group} not found.`);
  checkError(found.errorCode, found.errorMessage);
  return {
    group,
    state: found.groupState,
    assignor: found.assignorName,
    groupEpoch: found.groupEpoch,
    assignmentEpoch: found.assignmentEpoch,
    members: found.members.map((member) => ({
      id: member.memberId,
      instanceId: member.instanceId ?? "",
      clientId: member.clientId,
      host: member.clientHost,
      assignment: assignmentOf(member.assignment),
      targetAssignment: assignmentOf(member.targetAssignment),
      epoch: member.memberEpoch,
      upgraded: member.memberType === MemberType.unknown ? null : member.memberType === MemberType.consumer,
    })),
  };
}

function assignmentOf({ topicPartitions }: Member["assignment"]): TopicPartition[] {
  return topicPartitions.flatMap(({ topicName, partitions }) =>
    partitions.map((partition) => ({ topic: topicName, partition })),
  );
}
