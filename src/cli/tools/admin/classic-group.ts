/**
 * Describes a group of the classic protocol.
 */
import { checkError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import { read } from "../../../protocol/codec.ts";
import { ConsumerProtocolAssignment } from "../../../protocol/data/consumer-protocol-assignment.ts";
import { KafkaError } from "../../../protocol/errors.ts";
import { DescribeGroupsRequest, DescribeGroupsResponse } from "../../../protocol/messages/describe-groups.ts";
import { Reader } from "../../../protocol/reader.ts";
import { ToolFailure } from "../../tool/failure.ts";
import type { GroupDescription, TopicPartition } from "./groups.ts";

/** Rejects with a KafkaError, or a ToolFailure for a group that is none of consumers. */
export async function describeClassicGroup(client: KafkaClient, group: string): Promise<GroupDescription> {
  const { groups } = await client.sendOnce({ group }, DescribeGroupsRequest, DescribeGroupsResponse, {
    groups: [group],
  });
  const found = groups[0];
  if (found === undefined) throw new KafkaError("GROUP_ID_NOT_FOUND", `Group ${group} not found.`);
  checkError(found.errorCode, found.errorMessage);
  if (found.protocolType !== "" && found.protocolType !== "consumer") {
    throw new ToolFailure(`GroupId ${group} is not a consumer group (${found.protocolType}).`);
  }
  return {
    group,
    state: found.groupState,
    assignor: found.protocolData,
    groupEpoch: null,
    assignmentEpoch: null,
    members: found.members.map((member) => ({
      id: member.memberId,
      instanceId: member.groupInstanceId ?? "",
      clientId: member.clientId,
      host: member.clientHost,
      assignment: assignmentOf(member.memberAssignment),
      targetAssignment: [],
      epoch: null,
      upgraded: null,
    })),
  };
}

/** The assignment comes with its version before it; newer versions only have more behind it. */
function assignmentOf(bytes: Buffer): TopicPartition[] {
  if (bytes.length === 0) return [];
  const reader = new Reader(bytes);
  const { min, max } = ConsumerProtocolAssignment.versions;
  const version = Math.max(min, Math.min(reader.int16(), max));
  const { assignedPartitions } = read(ConsumerProtocolAssignment, version, reader);
  return assignedPartitions.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}
